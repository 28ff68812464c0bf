/* ARG_MAX and ARG_MIN of INT8 values along an axis: the first of equals. */
#include "kernels.h"

int64_t smg_arg_max_check(const smg_call *c) {
    const smg_arg_max_params *p = c->params;
    if (!smg_has_form(c, 1, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = in->type == SMG_TYPE_INT8 && out->type == SMG_TYPE_INT32 && p->inner != 0 &&
               smg_elements(out) % p->inner == 0 && (uint64_t)p->count * smg_elements(out) == smg_elements(in);
    return fits ? 0 : SMG_E_OPERATOR;
}

static uint32_t position(const int8_t *in, uint32_t count, uint32_t inner, int largest) {
    int32_t best = in[0];
    uint32_t at = 0;
    for (uint32_t i = 1; i < count; i++) {
        int32_t value = in[i * inner];
        if (largest ? value > best : value < best) {
            best = value;
            at = i;
        }
    }
    return at;
}

int32_t smg_arg_max_run(const smg_call *c) {
    const smg_arg_max_params *p = c->params;
    const int8_t *in = smg_in_data(c, 0);
    int32_t *o = smg_out_data(c, 0);
    for (uint32_t outer = smg_elements(smg_out(c, 0)) / p->inner; outer > 0; outer--, in += p->count * p->inner) {
        for (uint32_t i = 0; i < p->inner; i++) {
            *o++ = (int32_t)position(in + i, p->count, p->inner, c->op->code == SMG_OP_ARG_MAX);
        }
    }
    return 0;
}
