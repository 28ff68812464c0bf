/* Weights in the layout PAIRS (docs/blob-format.md), and the sums of one pair of output channels. */
#ifndef SMG_ARMV6M_PAIRS_H
#define SMG_ARMV6M_PAIRS_H

#include <stdint.h>

enum {
    SMG_PAIRS_CHUNK = 16, /* most taps of a chunk */
    SMG_PAIRS_BATCH = 8,  /* most chunks of a batch */
    SMG_PAIRS_END = 2 * SMG_PAIRS_CHUNK + 2,
};

/* Sums of products of six positions with two channels. patch: int32 [taps, 3] as smg_patch_fill makes it, up to `end`;
 * batches: where the pair's first batch begins. sums: [2, 6], by channel. Returns what follows the last batch. */
const uint16_t *smg_pairs_sum(const int32_t *patch, const int32_t *end, const uint16_t *batches, int32_t sums[12]);

#endif
