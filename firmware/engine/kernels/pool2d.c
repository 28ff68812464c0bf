/* AVERAGE_POOL_2D and MAX_POOL_2D. Padding takes no part in either. */
#include "../smg_arith.h"
#include "element.h"
#include "kernels.h"
#include "window.h"

static smg_axis axis_of(const smg_call *c, uint32_t axis) {
    const smg_average_pool_2d_params *p = c->params;
    int rows = axis == 1;
    return (smg_axis){(int32_t)smg_in(c, 0)->dims[axis],
                      (int32_t)smg_out(c, 0)->dims[axis],
                      rows ? p->kernel_h : p->kernel_w,
                      rows ? p->stride_h : p->stride_w,
                      1,
                      rows ? p->pad_top : p->pad_left};
}

int64_t smg_pool_2d_check(const smg_call *c) {
    if (!smg_has_form(c, 1, 1, sizeof(smg_average_pool_2d_params))) {
        return SMG_E_OPERATOR;
    }
    const smg_average_pool_2d_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    if ((in->type != SMG_TYPE_INT8 && in->type != SMG_TYPE_INT16) || out->type != in->type || in->rank != 4 || out->rank != 4 ||
        in->dims[0] != out->dims[0] || in->dims[3] != out->dims[3] || !smg_clamp_fits(out->type, p->act_min, p->act_max)) {
        return SMG_E_OPERATOR;
    }
    smg_axis y = axis_of(c, 1), x = axis_of(c, 2);
    return smg_axis_check(&y) && smg_axis_check(&x) ? 0 : SMG_E_OPERATOR;
}

/* What one window holds of one channel. */
typedef struct {
    int32_t sum, max, count;
} content;

/* The part of a window along one axis that lies in the picture, first to before end: a window may be far larger. */
static int32_t clipped(const smg_axis *a, int32_t o, int32_t *end) {
    int32_t first = smg_axis_at(a, o, 0);
    *end = first + a->kernel < a->in ? first + a->kernel : a->in;
    return first > 0 ? first : 0;
}

/* A run of a window: `n` values from element `i` on, `step` elements apart. INT8 alone keeps to one byte a load. */
static void look_at_int8(content *w, const int8_t *in, uint32_t i, uint32_t step, int32_t n) {
    int32_t sum = w->sum, max = w->max;
    for (; n > 0; n--, i += step) {
        int32_t value = in[i];
        sum = smg_add_wrap(sum, value);
        max = value > max ? value : max;
    }
    w->sum = sum;
    w->max = max;
}

static void look_at_int16(content *w, const int16_t *in, uint32_t i, uint32_t step, int32_t n) {
    for (; n > 0; n--, i += step) {
        w->sum = smg_add_wrap(w->sum, in[i]);
        w->max = in[i] > w->max ? in[i] : w->max;
    }
}

static content look(const smg_axis axes[2], const smg_tensor *t, const void *in, uint32_t first, int32_t oy, int32_t ox) {
    int32_t y_end, x_end, y = clipped(&axes[0], oy, &y_end), x = clipped(&axes[1], ox, &x_end);
    int32_t rows = y_end - y, columns = x_end - x;
    content w = {0, INT16_MIN, rows > 0 && columns > 0 ? rows * columns : 0};
    if (columns == axes[1].in) { /* whole rows are one */
        columns = w.count;
        rows = 1;
    }
    for (uint32_t i = first + (uint32_t)(y * axes[1].in + x) * t->dims[3]; rows > 0; rows--) {
        if (t->type == SMG_TYPE_INT8) {
            look_at_int8(&w, in, i, t->dims[3], columns);
        } else {
            look_at_int16(&w, in, i, t->dims[3], columns);
        }
        i += (uint32_t)axes[1].in * t->dims[3];
    }
    return w;
}

/* The mean, rounded half away from zero; a window that lies wholly in the padding has none and gives 0. */
static int32_t mean(content w) {
    if (w.count == 0) {
        return 0;
    }
    int32_t half = w.count / 2;
    return (w.sum > 0 ? w.sum + half : w.sum - half) / w.count;
}

int32_t smg_pool_2d_run(const smg_call *c) {
    const smg_average_pool_2d_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0);
    const smg_axis axes[2] = {axis_of(c, 1), axis_of(c, 2)};
    uint32_t o = 0;
    for (uint32_t n = 0, picture = 0; n < in->dims[0]; n++, picture += smg_elements(in) / in->dims[0]) {
        for (int32_t oy = 0; oy < axes[0].out; oy++) {
            for (int32_t ox = 0; ox < axes[1].out; ox++) {
                for (uint32_t i = 0; i < in->dims[3]; i++) {
                    content w = look(axes, in, smg_in_data(c, 0), picture + i, oy, ox);
                    int32_t value = c->op->code == SMG_OP_MAX_POOL_2D ? w.max : mean(w);
                    smg_store(in->type, smg_out_data(c, 0), o++, smg_clamp(value, p->act_min, p->act_max));
                }
            }
        }
    }
    return 0;
}
