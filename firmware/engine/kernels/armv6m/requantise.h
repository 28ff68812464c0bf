/* Requantisation where the only product has 32 bits: smg_scale for negative shifts and sums below 2^29, which the packer
 * makes sure of. About 20 cycles instead of the 60 of smg_scale. */
#ifndef SMG_ARMV6M_REQUANTISE_H
#define SMG_ARMV6M_REQUANTISE_H

#include <stdint.h>

/* A factor below 1, taken apart. */
typedef struct {
    int32_t low, high; /* 16 and 15 bits of the multiplier */
    int32_t shift;     /* to the right, 1 to 31 */
    int32_t rounding;  /* half of 2^shift */
} smg_factor;

static inline smg_factor smg_factor_of(int32_t multiplier, int32_t shift) {
    return (smg_factor){multiplier & 0xffff, multiplier >> 16, -shift, (int32_t)(1u << (-shift - 1))};
}

/* smg_scale(x, multiplier, shift): the high word of 2 * x * multiplier, rounded half up, then shifted, rounded half away
 * from zero. The low half of x is signed, so that no sum of products leaves 32 bits. */
static inline int32_t smg_scale_down(int32_t x, const smg_factor *f) {
    int32_t low = (int16_t)x, high = (int32_t)((uint32_t)x - (uint32_t)low) >> 16;
    uint32_t middle = (uint32_t)((low * f->low) >> 16) + (uint32_t)(low * f->high) + (uint32_t)high * (uint32_t)f->low;
    int32_t rounded = (int32_t)(middle + (1u << 14)) >> 15;
    int32_t y = (int32_t)((uint32_t)rounded + 2 * ((uint32_t)high * (uint32_t)f->high));
    return (int32_t)((uint32_t)y + (uint32_t)(y >> 31) + (uint32_t)f->rounding) >> f->shift;
}

#endif
