/* SOFTMAX, int16 to int16, by interpolation in two tables. */
#include "../smg_arith.h"
#include "kernels.h"

#define TABLE_SIZE 513
/* Beyond this many classes the Q15 sum could overflow. */
#define MAX_CLASSES 65535

int64_t smg_softmax_int16_check(const smg_call *c) {
    const smg_softmax_int16_params *p = c->params;
    if (!smg_has_form(c, 3, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = in->type == SMG_TYPE_INT16 && out->type == SMG_TYPE_INT16 && in->rank > 0 && smg_same_shape(in, out) &&
               in->dims[in->rank - 1] <= MAX_CLASSES && smg_factor_fits(p->multiplier, p->shift);
    for (uint32_t i = 1; i < 3; i++) {
        fits = fits && smg_in(c, i)->type == SMG_TYPE_INT16 && smg_elements(smg_in(c, i)) == TABLE_SIZE;
    }
    return fits ? 0 : SMG_E_OPERATOR;
}

/* Between two entries; x is any int32, saturated to int16. */
static int32_t interpolate(const int16_t *table, int32_t x) {
    x = smg_clamp(x, INT16_MIN, INT16_MAX);
    const int16_t *entry = table + 256 + (x >> 7);
    int32_t slope = (int16_t)(entry[1] - entry[0]);
    return (int16_t)(entry[0] + ((slope * (x & 127) + 64) >> 7));
}

/* Exponentials first, into the output, then each by the reciprocal of their sum. */
static void softmax_row(const smg_call *c, const int16_t *in, int16_t *out, uint32_t n) {
    const smg_softmax_int16_params *p = c->params;
    int32_t largest = in[0];
    uint32_t sum = 0, zeros = 0;
    for (uint32_t i = 1; i < n; i++) {
        largest = in[i] > largest ? in[i] : largest;
    }
    for (uint32_t i = 0; i < n; i++) {
        int32_t step = smg_add_wrap(smg_scale(in[i] - largest, p->multiplier, p->shift), INT16_MAX);
        out[i] = (int16_t)interpolate(smg_in_data(c, 1), step);
        sum += (uint32_t)out[i];
    }
    while (zeros < 30 && (sum << zeros & 0x80000000u) == 0) {
        zeros++;
    }
    /* sum / 2^(31 - zeros) is 1.0 to 2.0: less 1.0, as the table's input */
    int32_t normal = (int32_t)(((sum << zeros >> 1) + (1u << 13)) >> 14) - (1 << 16) - (1 << 15);
    int32_t inverse = interpolate(smg_in_data(c, 2), normal);
    uint32_t right = 31 - zeros;
    for (uint32_t i = 0; i < n; i++) {
        out[i] = (int16_t)smg_clamp((int32_t)(((uint32_t)(out[i] * inverse) + (1u << (right - 1))) >> right), 0, INT16_MAX);
    }
}

int32_t smg_softmax_int16_run(const smg_call *c) {
    const smg_tensor *t = smg_in(c, 0);
    const int16_t *in = smg_in_data(c, 0);
    int16_t *out = smg_out_data(c, 0);
    uint32_t n = t->dims[t->rank - 1];
    for (uint32_t rows = smg_elements(t) / n; rows > 0; rows--, in += n, out += n) {
        softmax_row(c, in, out, n);
    }
    return 0;
}
