/* Fixed-point arithmetic shared by kernels; as defined by gemmlowp and used by TensorFlow Lite Micro. Additions and
 * shifts that may wrap are done unsigned: wrong numbers are allowed for malformed files, undefined behaviour is not.
 * Shifts of negative values to the right are arithmetic with every compiler that we know. */
#ifndef SMG_ARITH_H
#define SMG_ARITH_H

#include <stdint.h>

/* Has this core a product of 64 bits that can be relied on? Where not, high words are made of halves. */
#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__) || defined(__XTENSA__)
#define SMG_LONG_PRODUCT 0
#else
#define SMG_LONG_PRODUCT 1
#endif

static inline int32_t smg_shift_left(int32_t x, uint32_t bits) {
    return (int32_t)((uint32_t)x << bits);
}

static inline int32_t smg_add_wrap(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static inline int32_t smg_clamp(int32_t x, int32_t low, int32_t high) {
    return x < low ? low : x > high ? high : x;
}

/* The high word of 2ab, rounded half up (gemmlowp: SaturatingRoundingDoublingHighMul). */
int32_t smg_high_mul(int32_t a, int32_t b);

/* x / 2^exponent, rounded half away from zero; exponent 0 to 31 (gemmlowp: RoundingDivideByPOT). */
int32_t smg_rounding_shift(int32_t x, uint32_t exponent);

/* x * multiplier / 2^31 * 2^shift, rounded twice; shift -31 to 30 (TFLite: MultiplyByQuantizedMultiplier). */
int32_t smg_scale(int32_t x, int32_t multiplier, int32_t shift);

/* The same for sums of 64 bits, with 16 bits of the multiplier and one rounding; shift -31 to 7. */
int32_t smg_scale_wide(int64_t x, int32_t multiplier, int32_t shift);

#endif
