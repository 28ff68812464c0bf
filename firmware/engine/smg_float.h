/* IEEE 754 single precision in integers: the little that the edges of a model need. Numbers are their bits. */
#ifndef SMG_FLOAT_H
#define SMG_FLOAT_H

#include <stdint.h>

#define SMG_FLOAT_ONE 0x3f800000u

/* A positive, normal number? */
int smg_float_is_scale(uint32_t x);

/* value * scale, rounded once to the nearest, ties to even. */
uint32_t smg_float_product(int32_t value, uint32_t scale);

/* x / scale, likewise; results below the normal numbers are 0. */
uint32_t smg_float_quotient(uint32_t x, uint32_t scale);

/* x as an integer, saturating; 0 for what is no number. `half` 1 rounds half away from zero, 0 drops the fraction. */
int32_t smg_float_to_int(uint32_t x, uint32_t half);

#endif
