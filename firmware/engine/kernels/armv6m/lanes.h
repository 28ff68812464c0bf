/* Weights in the layout LANES (docs/blob-format.md), and a tile of outputs: up to twelve positions by all channels. */
#ifndef SMG_ARMV6M_LANES_H
#define SMG_ARMV6M_LANES_H

#include <stdint.h>

enum {
    SMG_LANES_CHUNK = 14,     /* most taps of a chunk */
    SMG_LANES_BATCH = 11,     /* most chunks of a batch */
    SMG_LANES_POSITIONS = 12, /* of a tile */
    SMG_LANES_WORDS = SMG_LANES_POSITIONS / 2,
};

/* A chunk begins with a control, a jump back in words from behind the first tap over 29 instructions to the unrolled
 * ones, 16 for each tap. What ends a batch is not negative. */
static inline int32_t smg_lanes_control(uint32_t taps) {
    return -7 - 8 * (int32_t)taps;
}

/* What ends a batch. rows: 6 for each chunk but the last; jump: 21 for each chunk that the batch could have more;
 * flags say where it stands among the batches of its filter. */
typedef struct {
    uint8_t rows, jump, flags;
} smg_lanes_end;

enum { SMG_LANES_MORE = 1, SMG_LANES_NOT_FIRST = 2 };

/* Known to lanes_tile.S, field by field. */
typedef struct {
    const int32_t *patch; /* [taps, 6], as smg_patch_fill makes it */
    const void *weights;  /* the first channel's */
    int8_t *out;          /* of the first position */
    uint32_t channels;
    uint32_t stride; /* of a position of the output, in bytes */
    uint32_t span;   /* of all positions of the tile */
    uint32_t entry;  /* bytes of code to skip in the three unrolled outputs, so that the last one ends them */
    int32_t zero_point, act_min, act_max;
} smg_lanes_tile;

enum { SMG_LANES_UNROLLED = 3, SMG_LANES_OUTPUT = 30 /* bytes of code */ };

void smg_lanes_run_tile(const smg_lanes_tile *t);

#endif
