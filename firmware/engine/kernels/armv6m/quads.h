/* Weights in the layout QUADS (docs/blob-format.md), and a row of outputs: one position by all channels. */
#ifndef SMG_ARMV6M_QUADS_H
#define SMG_ARMV6M_QUADS_H

#include <stdint.h>

enum {
    SMG_QUADS_CHANNELS = 8, /* of a group */
    SMG_QUADS_CHUNK = 20,   /* most taps of a chunk */
    SMG_QUADS_BATCH = 12,   /* most chunks of a batch */
    SMG_QUADS_TAP = 30,     /* bytes of code: controls are jump distances */
    SMG_QUADS_END = SMG_QUADS_TAP * SMG_QUADS_CHUNK + 34,
};

/* Known to quads_row.S, field by field. */
typedef struct {
    const int32_t *x, *x_end; /* the inputs, each in a word */
    const void *weights;      /* the first group */
    int8_t *out, *out_end;
    int32_t zero_point, act_min, act_max;
} smg_quads_row;

void smg_quads_run_row(const smg_quads_row *r);

#endif
