/* The channel block: bias, multiplier and shift of every output channel (docs/blob-format.md). */
#ifndef SMG_CHANNELS_H
#define SMG_CHANNELS_H

#include "../smg_kernel.h"

typedef struct {
    const void *bias;          /* [out_c] int32_t, or int64_t when `wide` */
    const int32_t *multiplier; /* [scales] */
    const int8_t *shift;       /* [scales] */
    uint32_t per_channel;      /* 0: one scale for all, 1: one a channel */
    int wide;                  /* sums have 64 bits */
    int32_t zero_point, act_min, act_max;
} smg_channels;

/* How sums become outputs: what FULLY_CONNECTED has, and convolutions have behind their window. */
typedef smg_fully_connected_params smg_requantisation;

/* Is the block for `out_c` channels whole, are its multipliers and shifts in range, and the clamp too? */
int smg_channels_check(const smg_call *c, const smg_requantisation *r, uint32_t out_c);

smg_channels smg_channels_at(const smg_call *c, const smg_requantisation *r, uint32_t out_c);

/* From sum to output value. `sum` excludes the bias. */
int32_t smg_channels_output(const smg_channels *k, uint32_t channel, int64_t sum);

/* The requantisation of CONV_2D and its kin. */
static inline const smg_requantisation *smg_conv_requantisation(const smg_call *c) {
    return (const smg_requantisation *)(const void *)&((const smg_conv_2d_params *)c->params)->act_min;
}

#endif
