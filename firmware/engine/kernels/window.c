#include "window.h"

smg_axis smg_conv_axis(const smg_call *c, uint32_t axis) {
    const smg_conv_2d_params *p = c->params;
    int rows = axis == 1;
    return (smg_axis){(int32_t)smg_in(c, 0)->dims[axis],     (int32_t)smg_out(c, 0)->dims[axis],
                      (int32_t)smg_in(c, 1)->dims[axis],     rows ? p->stride_h : p->stride_w,
                      rows ? p->dilation_h : p->dilation_w, rows ? p->pad_top : p->pad_left};
}

int smg_axis_check(const smg_axis *a) {
    int64_t reach = (int64_t)a->out * a->stride + (int64_t)a->kernel * a->dilation + a->pad;
    return a->stride > 0 && a->dilation > 0 && a->kernel > 0 && reach <= INT32_MAX;
}
