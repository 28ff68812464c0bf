/* Weights in the layout PAIRS (docs/blob-format.md), and a tile of outputs: up to six positions by all channels. */
#ifndef SMG_ARMV6M_PAIRS_H
#define SMG_ARMV6M_PAIRS_H

#include "../channels.h"

enum {
    SMG_PAIRS_CHUNK = 16, /* most taps of a chunk */
    SMG_PAIRS_BATCH = 16, /* most chunks of a batch */
    SMG_PAIRS_END = 2 * SMG_PAIRS_CHUNK + 2,
};

/* How the sums of a channel become outputs; it follows the batches of its pair. With SMG_PAIRS_TWO_PRODUCTS in `rest` an
 * output is clamp((((sum * low) >> 13) + sum * multiplier + bias) >> shift, 0, 255) - 128, with low and shift in `rest`. */
typedef struct {
    int32_t bias; /* and what the sum lacks for the input's zero point */
    int32_t multiplier;
    uint32_t rest; /* the shift to the right, 1 to 31, in the lowest byte; low in the 16 bits above */
} smg_pairs_factor;

enum { SMG_PAIRS_TWO_PRODUCTS = 1 << 24 };

/* Is the factor that of the channel block, or one that has taken its place? */
int smg_pairs_factor_fits(const smg_pairs_factor *f, const smg_channels *k, uint32_t channel);

/* The output of a sum, in C: what the assembly beside the twins computes. */
int8_t smg_pairs_output(const smg_pairs_factor *f, int32_t sum, int32_t zero_point, int32_t act_min, int32_t act_max);

/* Known to pairs_tile.S, field by field. */
typedef struct {
    const int32_t *patch, *patch_end; /* [taps, 3], as smg_patch_fill makes it */
    const void *weights;              /* the first pair */
    int8_t *out;                      /* of the first position */
    uint32_t channels;
    uint32_t stride; /* of a position of the output, in bytes */
    uint32_t span;   /* of all positions of the tile */
    int32_t zero_point, act_min, act_max;
} smg_pairs_tile;

void smg_pairs_run_tile(const smg_pairs_tile *t);

#endif
