#include "smg_fixed.h"

/* Leading zeros of x > 0. */
static int32_t leading_zeros(uint32_t x) {
    int32_t zeros = 0;
    for (; zeros < 31 && (x & 0x80000000u) == 0; zeros++) {
        x <<= 1;
    }
    return zeros;
}

/* A whole number, within 64 of 0, and 1/4 of `quarters`: Q6, saturated. */
static int32_t q6(int32_t number, int32_t quarters) {
    int64_t x = (int64_t)smg_saturating_left(number, 25) + quarters * ((int32_t)1 << 23);
    return x > INT32_MAX ? INT32_MAX : x < INT32_MIN ? INT32_MIN : (int32_t)x;
}

/* x is scaled by a power of two to r, near the fourth root of 1/2, in whichever of two ways gives the smaller r; the rest is a
 * quotient of polynomials in q = 2 (r - root). */
int32_t smg_log(int32_t x) {
    const int32_t log_2 = 1488522236, sqrt_half = 1518500250, root = 1805811301;
    const int32_t alpha_n = 117049297, alpha_d = 127690142, alpha_i = 1057819769, alpha_f = 638450708;
    if (x <= 0) { /* only in malformed files */
        return 0;
    }
    int32_t zeros = leading_zeros((uint32_t)x), room = leading_zeros((uint32_t)smg_high_mul(x, sqrt_half)) - 1;
    int32_t power_a = q6(12 - zeros, 1), power_b = q6(12 - room, -1);
    int32_t r_a = smg_saturating_left(smg_high_mul(smg_saturating_left(x, (uint32_t)(zeros - 1)), sqrt_half), 1);
    int32_t r_b = smg_saturating_left(x, (uint32_t)room);
    int32_t r = r_a < r_b ? r_a : r_b, power = power_a > power_b ? power_a : power_b;
    int32_t q = 2 * (r - root), square = smg_high_mul(q, q);
    int32_t numerator = smg_add_wrap(smg_high_mul(q, r), smg_high_mul(smg_high_mul(q, square), alpha_n));
    int32_t middle = (int32_t)(((int64_t)r + root + 1) / 2);
    int32_t inner = smg_add_wrap(alpha_i, smg_add_wrap(q, smg_high_mul(alpha_d, square)));
    int32_t denominator = smg_add_wrap(smg_high_mul(middle, inner), smg_high_mul(alpha_f, q));
    int32_t quotient = smg_high_mul(smg_rounding_shift(numerator, 6), smg_one_over_one_plus(denominator));
    return smg_saturating_left(smg_add_wrap(smg_high_mul(power, log_2), quotient), 1);
}
