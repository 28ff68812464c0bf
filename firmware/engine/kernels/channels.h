/* The channel block: bias, multiplier and shift of every output channel (docs/blob-format.md). */
#ifndef SMG_CHANNELS_H
#define SMG_CHANNELS_H

#include "../smg_arith.h"
#include "../smg_kernel.h"

typedef struct {
    const int32_t *bias;       /* [out_c] */
    const int32_t *multiplier; /* [scales] */
    const int8_t *shift;       /* [scales] */
    uint32_t per_channel;      /* 0: one scale for all, 1: one a channel */
    int32_t zero_point, act_min, act_max;
} smg_channels;

/* Is the block for `out_c` channels whole, and are its multipliers and shifts in range? */
int smg_channels_check(const smg_call *c, uint32_t offset, uint32_t out_c, uint32_t scales);

smg_channels smg_channels_at(const smg_call *c, uint32_t offset, uint32_t out_c, uint32_t scales);

/* The two above for CONV_2D and its kin, whose parameters are one struct; the clamp is set too. */
int smg_conv_channels_check(const smg_call *c);
smg_channels smg_conv_channels(const smg_call *c);

/* From accumulator to output value. `sum` excludes the bias. */
static inline int8_t smg_channels_output(const smg_channels *k, uint32_t channel, int32_t sum) {
    uint32_t scale = channel * k->per_channel;
    int32_t x = smg_scale(smg_add_wrap(sum, k->bias[channel]), k->multiplier[scale], k->shift[scale]);
    return (int8_t)smg_clamp(smg_add_wrap(x, k->zero_point), k->act_min, k->act_max);
}

#endif
