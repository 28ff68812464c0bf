/* Rows of one channel under a 3x3 filter, the inner loops of depthwise.c. */
#ifndef SMG_ARMV6M_DEPTHWISE_ROWS_H
#define SMG_ARMV6M_DEPTHWISE_ROWS_H

#include <stddef.h>
#include <stdint.h>

/* The order of fields is known to depthwise_rows.S. */
typedef struct {
    int32_t low, high, offset; /* output = clamp((((sum * low) >> 13) + sum * high + offset) >> shift, 0, 255) - 128 */
    int32_t shift;
    int32_t w[9];              /* by row and column */
    int32_t left, right;       /* what a column of padding before or behind the picture adds to a sum */
    const int8_t *in;          /* the middle row of the first window, first column */
    int8_t *out;               /* first output */
    ptrdiff_t step;            /* bytes from one position to the next, in both pictures */
    ptrdiff_t in_row;          /* from the middle row of one window to that of the window below it */
    ptrdiff_t above, below;    /* from the middle row of a window to its other rows */
    int32_t columns, rows;     /* of the output, at least 1 */
    int32_t from_left;         /* stride 2: 1 when the first window begins in the picture, 0 when a column before it */
} smg_depthwise_rows;

/* Stride 1: as many input columns as output columns, one column of padding at either side. */
void smg_depthwise_stride_1(const smg_depthwise_rows *r);

/* Stride 2: the last window sticks out by one column. */
void smg_depthwise_stride_2(const smg_depthwise_rows *r);

#endif
