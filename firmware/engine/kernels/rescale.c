/* RESCALE: a change of scale and type, with a factor of its own for negative values. */
#include "../smg_arith.h"
#include "integer.h"
#include "kernels.h"

enum { AS_IT_IS, NEGATED_FIRST, NEGATED_AFTERWARDS };

static int is_scalable(uint8_t type) {
    return smg_is_integer(type) && type != SMG_TYPE_BOOL;
}

int64_t smg_rescale_check(const smg_call *c) {
    const smg_rescale_params *p = c->params;
    if (!smg_has_form(c, 1, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = is_scalable(in->type) && is_scalable(out->type) && smg_elements(in) == smg_elements(out) &&
               smg_factor_fits(p->multiplier, p->shift) && smg_factor_fits(p->negative_multiplier, p->negative_shift) &&
               p->negative <= NEGATED_AFTERWARDS && smg_clamp_fits(out->type, p->act_min, p->act_max);
    return fits ? 0 : SMG_E_OPERATOR;
}

static int32_t negated(int32_t x) {
    return (int32_t)(0 - (uint32_t)x);
}

static int32_t rescaled(const smg_rescale_params *p, int32_t x) {
    if (x >= 0) {
        return smg_scale(x, p->multiplier, p->shift);
    }
    x = smg_scale(p->negative == NEGATED_FIRST ? negated(x) : x, p->negative_multiplier, p->negative_shift);
    return p->negative == NEGATED_AFTERWARDS ? negated(x) : x;
}

int32_t smg_rescale_run(const smg_call *c) {
    const smg_rescale_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    const void *source = smg_in_data(c, 0);
    void *target = smg_out_data(c, 0);
    uint32_t n = smg_elements(in);
    for (uint32_t i = 0; i < n; i++) {
        int32_t value = rescaled(p, smg_integer_at(in->type, source, i) - in->zero_point);
        value = smg_clamp(smg_add_wrap(value, out->zero_point), p->act_min, p->act_max);
        smg_integer_set(out->type, target, i, value);
    }
    return 0;
}
