/* SOFTMAX, int8 to int8 or int16, in fixed point: the sum of exponentials in Q12, one reciprocal, one product an output. */
#include "../smg_fixed.h"
#include "integer.h"
#include "kernels.h"

/* Beyond this many classes the Q12 sum could overflow. */
#define MAX_CLASSES 4095

int64_t smg_softmax_check(const smg_call *c) {
    if (!smg_has_form(c, 1, 1, sizeof(smg_softmax_params))) {
        return SMG_E_OPERATOR;
    }
    const smg_softmax_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = in->type == SMG_TYPE_INT8 && (out->type == SMG_TYPE_INT8 || out->type == SMG_TYPE_INT16) && in->rank > 0 && smg_same_shape(in, out) &&
               in->dims[in->rank - 1] <= MAX_CLASSES && p->multiplier >= 0 && p->shift >= 0 && p->shift <= 31 &&
               p->diff_min <= 0;
    return fits ? 0 : SMG_E_OPERATOR;
}

static int32_t exponential(const smg_softmax_params *p, int32_t difference) {
    return smg_exp_on_negative(smg_high_mul(smg_shift_left(difference, (uint32_t)p->shift), p->multiplier));
}

static void softmax_row(const smg_softmax_params *p, const int8_t *in, uint8_t type, void *out, uint32_t n) {
    int32_t largest = in[0], sum = 0, shift;
    for (uint32_t i = 1; i < n; i++) {
        largest = in[i] > largest ? in[i] : largest;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (in[i] - largest >= p->diff_min) {
            sum = smg_add_wrap(sum, smg_rounding_shift(exponential(p, in[i] - largest), 12));
        }
    }
    int32_t scale = smg_reciprocal(sum, 12, &shift), zero = type == SMG_TYPE_INT8 ? INT8_MIN : INT16_MIN;
    shift += 31 - (type == SMG_TYPE_INT8 ? 8 : 16);
    for (uint32_t i = 0; i < n; i++) {
        int32_t probability = 0;
        if (in[i] - largest >= p->diff_min && shift >= 0 && shift <= 31) {
            probability = smg_rounding_shift(smg_high_mul(scale, exponential(p, in[i] - largest)), (uint32_t)shift);
        }
        smg_integer_set(type, out, i, smg_clamp(smg_add_wrap(probability, zero), zero, -zero - 1));
    }
}

int32_t smg_softmax_run(const smg_call *c) {
    const smg_tensor *t = smg_in(c, 0), *out = smg_out(c, 0);
    const int8_t *in = smg_in_data(c, 0);
    uint8_t *o = smg_out_data(c, 0);
    uint32_t n = t->dims[t->rank - 1], row_bytes = out->type == SMG_TYPE_INT8 ? n : n * 2;
    for (uint32_t rows = smg_elements(t) / n; rows > 0; rows--, in += n, o += row_bytes) {
        softmax_row(c->params, in, out->type, o, n);
    }
    return 0;
}
