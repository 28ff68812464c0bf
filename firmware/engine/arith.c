#include "smg_arith.h"

#if SMG_LONG_PRODUCT

int32_t smg_high_mul(int32_t a, int32_t b) {
    int64_t doubled = ((int64_t)a * b + (1 << 30)) >> 31;
    return doubled > INT32_MAX ? INT32_MAX : (int32_t)doubled; /* only where both are INT32_MIN */
}

#else

int32_t smg_high_mul(int32_t a, int32_t b) {
    if (a == INT32_MIN && b == INT32_MIN) {
        return INT32_MAX;
    }
    int32_t a_high = a >> 16, a_low = a & 0xffff, b_high = b >> 16, b_low = b & 0xffff;
    uint32_t low = (uint32_t)a_low * (uint32_t)b_low;
    int32_t middle = a_high * b_low + (int32_t)(low >> 16), other = a_low * b_high + (middle & 0xffff);
    uint32_t high = (uint32_t)(a_high * b_high + (middle >> 16) + (other >> 16));
    return (int32_t)(2 * high + ((uint32_t)other >> 15 & 1) + ((uint32_t)other >> 14 & 1));
}

#endif

int32_t smg_rounding_shift(int32_t x, uint32_t exponent) {
    int32_t mask = (int32_t)((1u << exponent) - 1);
    int32_t remainder = x & mask;
    int32_t threshold = (mask >> 1) + (x < 0);
    return (x >> exponent) + (remainder > threshold);
}

int32_t smg_scale(int32_t x, int32_t multiplier, int32_t shift) {
    uint32_t left = shift > 0 ? (uint32_t)shift : 0;
    uint32_t right = shift > 0 ? 0 : (uint32_t)-shift;
    return smg_rounding_shift(smg_high_mul(smg_shift_left(x, left), multiplier), right);
}

int32_t smg_scale_wide(int64_t x, int32_t multiplier, int32_t shift) {
    int32_t reduced = multiplier < 0x7fff0000 ? (multiplier + (1 << 15)) >> 16 : 0x7fff;
    uint32_t right = (uint32_t)(15 - shift);
    uint64_t product = (uint64_t)x * (uint64_t)reduced + ((uint64_t)1 << (right - 1));
    return (int32_t)((int64_t)product >> right);
}
