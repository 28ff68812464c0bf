/* What packed weights have for each channel, how its sums become outputs, and what packed convolutions all need. */
#ifndef SMG_ARMV6M_FACTOR_H
#define SMG_ARMV6M_FACTOR_H

#include "../channels.h"

/* With low_bits, the highest byte of `rest`, an output is clamp((((sum * low) >> low_bits) + sum * multiplier + bias) >> shift, 0,
 * 255) - 128, with low and shift in `rest`. */
typedef struct {
    int32_t bias; /* and what the sum lacks for the input's zero point */
    int32_t multiplier;
    uint32_t rest; /* the shift to the right, 1 to 31, in the lowest byte; low in the 16 bits above; low_bits, 1 to 31, or 0 */
} smg_packed_factor;

/* `rest` where it has low_bits is not smaller. */
enum { SMG_TWO_PRODUCTS = 1 << 24 };

/* Is the factor that of the channel block, or one that has taken its place? */
int smg_packed_factor_fits(const smg_packed_factor *f, const smg_channels *k, uint32_t channel);

/* smg_conv_2d_work for a convolution with packed weights: int8, filters as deep as the picture, and int32 scratch memory as its
 * second output, whose size the kernel knows; else an error. */
int64_t smg_packed_conv_work(const smg_call *c);

/* The output of a sum, in C: what the assembly beside the twins computes. */
int8_t smg_packed_output(const smg_packed_factor *f, int32_t sum, int32_t zero_point, int32_t act_min, int32_t act_max);

#endif
