/* Fixed-point arithmetic shared by kernels; as defined by gemmlowp and used by TensorFlow Lite Micro. Additions and
 * shifts that may wrap are done unsigned: wrong numbers are allowed for malformed files, undefined behaviour is not. */
#ifndef SMG_ARITH_H
#define SMG_ARITH_H

#include <stdint.h>

static inline int32_t smg_shift_left(int32_t x, uint32_t bits) {
    return (int32_t)((uint32_t)x << bits);
}

static inline int32_t smg_add_wrap(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* The high word of 2ab, rounded half away from zero (gemmlowp: SaturatingRoundingDoublingHighMul). */
static inline int32_t smg_high_mul(int32_t a, int32_t b) {
    if (a == INT32_MIN && b == INT32_MIN) {
        return INT32_MAX;
    }
    int64_t product = (int64_t)a * b;
    int64_t nudge = product >= 0 ? 1 << 30 : 1 - (1 << 30);
    return (int32_t)((product + nudge) / ((int64_t)1 << 31));
}

/* x / 2^exponent, rounded half away from zero; exponent 0 to 31 (gemmlowp: RoundingDivideByPOT). */
static inline int32_t smg_rounding_shift(int32_t x, uint32_t exponent) {
    int32_t mask = (int32_t)(((int64_t)1 << exponent) - 1);
    int32_t remainder = x & mask;
    int32_t threshold = (mask >> 1) + (x < 0);
    return (x >> exponent) + (remainder > threshold);
}

/* x * multiplier / 2^31 * 2^shift, rounded twice; shift -31 to 30 (TFLite: MultiplyByQuantizedMultiplier). */
static inline int32_t smg_scale(int32_t x, int32_t multiplier, int32_t shift) {
    uint32_t left = shift > 0 ? (uint32_t)shift : 0;
    uint32_t right = shift > 0 ? 0 : (uint32_t)-shift;
    return smg_rounding_shift(smg_high_mul(smg_shift_left(x, left), multiplier), right);
}

static inline int32_t smg_clamp(int32_t x, int32_t low, int32_t high) {
    return x < low ? low : x > high ? high : x;
}

#endif
