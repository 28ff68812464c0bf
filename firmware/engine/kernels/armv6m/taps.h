/* Weights in the layout TAPS (docs/blob-format.md), and one position of a depthwise layer: one output of each channel. */
#ifndef SMG_ARMV6M_TAPS_H
#define SMG_ARMV6M_TAPS_H

#include "factor.h"

enum {
    SMG_TAPS_UNROLLED = 8, /* taps that lie in a row in the code */
    SMG_TAPS_BYTES = 10,   /* of the code of one */
};

/* Known to taps_row.S, field by field. */
typedef struct {
    const int8_t *x, *weights;       /* [taps, channels], both */
    const smg_packed_factor *factors; /* [channels] */
    int8_t *out, *out_end;           /* [channels] */
    uint32_t channels;
    uint32_t size;  /* taps * channels */
    uint32_t entry; /* how far to jump into the unrolled taps, so that the last turn ends with the last tap */
    int32_t zero_point, act_min, act_max;
} smg_taps_row;

void smg_taps_run_row(const smg_taps_row *r);

#endif
