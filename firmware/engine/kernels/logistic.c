/* LOGISTIC and TANH of INT16 values. */
#include "kernels.h"
#include "sigmoid.h"

#define ENTRIES 256

int64_t smg_logistic_check(const smg_call *c) {
    const smg_logistic_params *p = c->params;
    if (!smg_has_form(c, 2, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *table = smg_in(c, 1), *out = smg_out(c, 0);
    int fits = in->type == SMG_TYPE_INT16 && table->type == SMG_TYPE_INT16 && out->type == SMG_TYPE_INT16 &&
               smg_elements(table) == ENTRIES && smg_elements(in) == smg_elements(out) && p->multiplier >= 0 &&
               p->multiplier <= INT16_MAX && p->shift <= 31;
    return fits ? 0 : SMG_E_OPERATOR;
}

int32_t smg_logistic_run(const smg_call *c) {
    const smg_logistic_params *p = c->params;
    const int16_t *in = smg_in_data(c, 0);
    const uint16_t *table = smg_in_data(c, 1);
    int16_t *out = smg_out_data(c, 0);
    uint32_t n = smg_elements(smg_in(c, 0));
    int32_t half = (int32_t)((1u << p->shift) >> 1);
    for (uint32_t i = 0; i < n; i++) {
        int32_t x = (in[i] * p->multiplier + half) >> p->shift; /* at most 2^30 each: no overflow */
        out[i] = (int16_t)(c->op->code == SMG_OP_TANH ? smg_tanh16(table, x) : smg_logistic16(table, x));
    }
    return 0;
}
