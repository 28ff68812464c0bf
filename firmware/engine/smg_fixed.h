/* Fixed-point functions of gemmlowp (fixedpoint.h), on raw int32 values; Qn has n integer bits and 31 - n fractional. */
#ifndef SMG_FIXED_H
#define SMG_FIXED_H

#include "smg_arith.h"

/* x * 2^bits, saturated. */
static inline int32_t smg_saturating_left(int32_t x, uint32_t bits) {
    int32_t limit = (int32_t)((1u << (31 - bits)) - 1);
    return x > limit ? INT32_MAX : x < -limit ? INT32_MIN : smg_shift_left(x, bits);
}

/* exp(x) for x <= 0: from Q5 to Q0. */
int32_t smg_exp_on_negative(int32_t x);

/* 1 / (1 + x) for 0 <= x < 1: from Q0 to Q0. */
int32_t smg_one_over_one_plus(int32_t x);

/* log(x) for x >= 1: from Q12 to Q5. */
int32_t smg_log(int32_t x);

/* 1 / x as scale * 2^-shift: x > 0 has `integer_bits`; the scale is Q0, in 0.5 to 1. */
int32_t smg_reciprocal(int32_t x, int32_t integer_bits, int32_t *shift);

#endif
