/* Where the sliding window of a convolution or a pooling lies over its input. */
#ifndef SMG_WINDOW_H
#define SMG_WINDOW_H

#include "../smg_kernel.h"

/* One axis of a window: sizes and steps in elements. */
typedef struct {
    int32_t in, out, kernel, stride, dilation, pad;
} smg_axis;

/* Axis 1 (rows) or 2 (columns) of operators with smg_conv_2d_params, whose operands have rank 4. */
smg_axis smg_conv_axis(const smg_call *c, uint32_t axis);

/* The input position under tap `k` of the window of output `o`; outside 0..in-1 it is padding. */
static inline int32_t smg_axis_at(const smg_axis *a, int32_t o, int32_t k) {
    return o * a->stride - a->pad + k * a->dilation;
}

static inline int smg_axis_inside(const smg_axis *a, int32_t position) {
    return position >= 0 && position < a->in;
}

/* Does smg_axis_at never overflow, not even for one tap and one output too many? */
int smg_axis_check(const smg_axis *a);

#endif
