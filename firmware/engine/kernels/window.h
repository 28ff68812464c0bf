/* Where the sliding window of a convolution or a pooling lies over its input. */
#ifndef SMG_WINDOW_H
#define SMG_WINDOW_H

#include "../smg_kernel.h"

/* One axis of a window: sizes and steps in elements. */
typedef struct {
    int32_t in, out, kernel, stride, dilation, pad;
} smg_axis;

/* Both axes of operators with smg_conv_2d_params. All operands have rank 4. */
static inline smg_axis smg_conv_rows(const smg_call *c) {
    const smg_conv_2d_params *p = c->params;
    return (smg_axis){(int32_t)smg_in(c, 0)->dims[1], (int32_t)smg_out(c, 0)->dims[1], (int32_t)smg_in(c, 1)->dims[1],
                      p->stride_h, p->dilation_h, p->pad_top};
}

static inline smg_axis smg_conv_columns(const smg_call *c) {
    const smg_conv_2d_params *p = c->params;
    return (smg_axis){(int32_t)smg_in(c, 0)->dims[2], (int32_t)smg_out(c, 0)->dims[2], (int32_t)smg_in(c, 1)->dims[2],
                      p->stride_w, p->dilation_w, p->pad_left};
}

/* The input position under tap `k` of the window of output `o`; outside 0..in-1 it is padding. */
static inline int32_t smg_axis_at(const smg_axis *a, int32_t o, int32_t k) {
    return o * a->stride - a->pad + k * a->dilation;
}

static inline int smg_axis_inside(const smg_axis *a, int32_t position) {
    return position >= 0 && position < a->in;
}

/* Does smg_axis_at never overflow? */
static inline int smg_axis_check(const smg_axis *a) {
    int64_t reach = ((int64_t)a->out - 1) * a->stride + ((int64_t)a->kernel - 1) * a->dilation;
    return a->stride > 0 && a->dilation > 0 && a->kernel > 0 && reach <= INT32_MAX;
}

#endif
