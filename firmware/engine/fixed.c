#include "smg_fixed.h"

/* exp(x) for -1/4 <= x < 0, Q0: a Taylor polynomial of degree 4 around -1/8. */
static int32_t exp_on_quarter(int32_t x) {
    const int32_t exp_minus_eighth = 1895147668, third = 715827883;
    int32_t d = smg_add_wrap(x, 1 << 28);
    int32_t d2 = smg_high_mul(d, d);
    int32_t d3 = smg_high_mul(d2, d);
    int32_t d4 = smg_high_mul(d2, d2);
    int32_t tail = smg_add_wrap(smg_high_mul(smg_add_wrap(smg_rounding_shift(d4, 2), d3), third), d2);
    int32_t sum = smg_add_wrap(d, smg_rounding_shift(tail, 1));
    return smg_add_wrap(exp_minus_eighth, smg_high_mul(exp_minus_eighth, sum));
}

int32_t smg_exp_on_negative(int32_t x) {
    /* exp(-2^k) for k = -2 to 4, Q0 */
    static const int32_t powers[7] = {1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int32_t quarter = 1 << 24;
    if (x == 0) {
        return INT32_MAX;
    }
    int32_t fraction = (x & (quarter - 1)) - quarter;
    int32_t remainder = (int32_t)((uint32_t)fraction - (uint32_t)x);
    int32_t result = exp_on_quarter(smg_saturating_left(fraction, 5));
    for (uint32_t k = 0; k < 7; k++) {
        if (remainder & (1 << (24 + k))) {
            result = smg_high_mul(result, powers[k]);
        }
    }
    return result;
}

int32_t smg_one_over_one_plus(int32_t x) {
    const int32_t q2_48_over_17 = 1515870810, q2_minus_32_over_17 = -1010580540, q2_one = 1 << 29;
    int32_t half_denominator = (int32_t)(((int64_t)x + INT32_MAX + 1) / 2); /* x is not negative, so rounding is up */
    int32_t r = smg_add_wrap(q2_48_over_17, smg_high_mul(half_denominator, q2_minus_32_over_17));
    for (int i = 0; i < 3; i++) { /* Newton-Raphson */
        int32_t error = (int32_t)((uint32_t)q2_one - (uint32_t)smg_high_mul(half_denominator, r));
        r = smg_add_wrap(r, smg_saturating_left(smg_high_mul(r, error), 2));
    }
    return smg_saturating_left(r, 1);
}

int32_t smg_reciprocal(int32_t x, int32_t integer_bits, int32_t *shift) {
    uint32_t normal = (uint32_t)x;
    int32_t zeros = 0;
    for (; (normal & 0x80000000u) == 0 && zeros < 32; zeros++) {
        normal <<= 1;
    }
    *shift = integer_bits - zeros;
    return smg_one_over_one_plus((int32_t)(normal & INT32_MAX));
}
