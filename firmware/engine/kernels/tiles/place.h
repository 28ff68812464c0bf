/* Where a window meets the picture, and where its sums go. */
#ifndef SMG_TILES_PLACE_H
#define SMG_TILES_PLACE_H

#include "../channels.h"
#include "../window.h"
#include "tile.h"

/* Taps first..end - 1 of one axis lie inside the picture, the first at position `at`. */
typedef struct {
    int32_t first, end, at;
} smg_taps;

/* Without division, which not every core has. */
static inline smg_taps smg_taps_inside(const smg_axis *a, int32_t o) {
    smg_taps t = {0, a->kernel, smg_axis_at(a, o, 0)};
    for (; t.first < t.end && t.at < 0; t.at += a->dilation) {
        t.first++;
    }
    while (t.end > t.first && !smg_axis_inside(a, smg_axis_at(a, o, t.end - 1))) {
        t.end--;
    }
    return t;
}

/* Are these the tensors that the tiles are made for? */
static inline int smg_tiles_fit(const smg_call *c) {
    return smg_in(c, 0)->type == SMG_TYPE_INT8 && smg_in(c, 1)->type == SMG_TYPE_INT8 &&
           smg_in(c, 1)->zero_point == 0;
}

/* smg_channels_output for sums of 32 bits, in the loop itself where the core has the product for it. */
static inline int32_t smg_tile_output(const smg_channels *k, uint32_t channel, int32_t sum) {
#if SMG_LONG_PRODUCT
    uint32_t scale = channel * k->per_channel;
    int32_t multiplier = k->multiplier[scale], shift = k->shift[scale];
    int32_t x = smg_shift_left(smg_add_wrap(sum, ((const int32_t *)k->bias)[channel]), shift > 0 ? (uint32_t)shift : 0);
    int32_t high = (int32_t)(((int64_t)x * multiplier + (1 << 30)) >> 31); /* multipliers are not negative */
    int32_t mask = (int32_t)((1u << (shift > 0 ? 0 : -shift)) - 1);
    int32_t rounded = (high >> (shift > 0 ? 0 : -shift)) + ((high & mask) > (mask >> 1) + (high < 0));
    return smg_clamp(smg_add_wrap(rounded, k->zero_point), k->act_min, k->act_max);
#else
    return smg_channels_output(k, channel, sum);
#endif
}

/* Write the outputs of channels first..first + count - 1. */
static inline void smg_tile_store(int8_t *out, const smg_channels *k, uint32_t first, uint32_t count,
                                  const int32_t *sums) {
    for (uint32_t i = 0; i < count; i++) {
        out[i] = (int8_t)smg_tile_output(k, first + i, sums[i]);
    }
}

/* Channels first..end - 1, which one part of the work makes. */
typedef struct {
    uint32_t first, end;
} smg_span;

static inline smg_span smg_span_of(uint32_t channels, uint32_t parts, uint32_t part) {
    uint32_t half = channels / (2 * TILE) * TILE;
    return (smg_span){part == 0 ? 0 : half, part + 1 < parts ? half : channels};
}

/* The parts in which an operator makes so many channels. */
static inline uint32_t smg_tile_parts(const smg_call *c, uint32_t channels) {
    return channels < 2 * TILE ? 1 : smg_parts(c);
}

/* Filters from `channel` on that a tile takes: all of its four, or one where so many are not left. */
static inline uint32_t smg_tile_count(uint32_t channel, uint32_t channels) {
    return channels - channel < TILE ? 1 : TILE;
}

#endif
