/* LOG_SOFTMAX, int8, in fixed point: one logarithm a row, one difference an output. */
#include "../smg_fixed.h"
#include "kernels.h"

/* Beyond this many classes the Q12 sum could overflow. */
#define MAX_CLASSES 4095

int64_t smg_log_softmax_check(const smg_call *c) {
    const smg_log_softmax_params *p = c->params;
    if (!smg_has_form(c, 1, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = in->type == SMG_TYPE_INT8 && out->type == SMG_TYPE_INT8 && in->rank > 0 && smg_same_shape(in, out) &&
               in->dims[in->rank - 1] <= MAX_CLASSES && smg_factor_fits(p->multiplier, p->shift) && p->shift >= 0 &&
               p->diff_min <= 0 && p->diff_min > INT32_MIN && smg_factor_fits(p->reverse_multiplier, p->reverse_shift);
    return fits ? 0 : SMG_E_OPERATOR;
}

static void log_softmax_row(const smg_log_softmax_params *p, const int8_t *in, int8_t *out, uint32_t n) {
    int32_t largest = in[0], sum = 0;
    for (uint32_t i = 1; i < n; i++) {
        largest = in[i] > largest ? in[i] : largest;
    }
    for (uint32_t i = 0; i < n; i++) {
        if (in[i] - largest >= p->diff_min) {
            int32_t power = smg_exp_on_negative(smg_scale(in[i] - largest, p->multiplier, p->shift));
            sum = smg_add_wrap(sum, smg_rounding_shift(power, 12));
        }
    }
    int32_t log_sum = smg_log(sum);
    int32_t least = smg_scale(smg_add_wrap(log_sum, INT32_MIN), p->reverse_multiplier, p->reverse_shift);
    least = least > p->diff_min - 1 ? least : p->diff_min - 1;
    for (uint32_t i = 0; i < n; i++) {
        int32_t value = INT8_MIN;
        if (in[i] - largest > least) {
            int32_t q5 = smg_scale(in[i] - largest, p->multiplier, p->shift);
            value = smg_rounding_shift((int32_t)((uint32_t)q5 - (uint32_t)log_sum), 22) + 127;
        }
        out[i] = (int8_t)smg_clamp(value, INT8_MIN, INT8_MAX);
    }
}

int32_t smg_log_softmax_run(const smg_call *c) {
    const smg_tensor *t = smg_in(c, 0);
    const int8_t *in = smg_in_data(c, 0);
    int8_t *out = smg_out_data(c, 0);
    uint32_t n = t->dims[t->rank - 1];
    for (uint32_t rows = smg_elements(t) / n; rows > 0; rows--, in += n, out += n) {
        log_softmax_row(c->params, in, out, n);
    }
    return 0;
}
