/* ADD_INT8: the sum of two INT8 values of one size as one linear function, exact where the converter proved it. */
#include "../smg_arith.h"
#include "kernels.h"

int64_t smg_add_int8_check(const smg_call *c) {
    const smg_add_int8_params *p = c->params;
    if (!smg_has_form(c, 2, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *a = smg_in(c, 0), *b = smg_in(c, 1), *out = smg_out(c, 0);
    int int8 = a->type == SMG_TYPE_INT8 && b->type == SMG_TYPE_INT8 && out->type == SMG_TYPE_INT8;
    int alike = smg_elements(a) == smg_elements(out) && smg_elements(b) == smg_elements(out);
    return int8 && alike && p->shift <= 31 && smg_clamp_fits(out->type, p->act_min, p->act_max) ? 0 : SMG_E_OPERATOR;
}

int32_t smg_add_int8_run(const smg_call *c) {
    const smg_add_int8_params p = *(const smg_add_int8_params *)c->params; /* a copy: `out` may not change it */
    const int8_t *a = smg_in_data(c, 0), *b = smg_in_data(c, 1);
    int8_t *out = smg_out_data(c, 0);
    uint32_t factor_a = (uint32_t)p.factor_a, factor_b = (uint32_t)p.factor_b, range = (uint32_t)(p.act_max - p.act_min);
    for (uint32_t n = smg_elements(smg_out(c, 0)); n > 0; n--) {
        int32_t t = (int32_t)((uint32_t)*a++ * factor_a + (uint32_t)*b++ * factor_b + (uint32_t)p.constant);
        int32_t x = smg_add_wrap(t, smg_add_wrap(t >> 31, p.offset)) >> p.shift;
        if ((uint32_t)x > range) {
            x = x < 0 ? 0 : (int32_t)range;
        }
        *out++ = (int8_t)(x + p.act_min);
    }
    return 0;
}
