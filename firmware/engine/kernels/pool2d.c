/* AVERAGE_POOL_2D and MAX_POOL_2D, int8. Padding takes no part in either. */
#include "../smg_arith.h"
#include "kernels.h"
#include "window.h"

static smg_axis rows(const smg_call *c) {
    const smg_average_pool_2d_params *p = c->params;
    return (smg_axis){(int32_t)smg_in(c, 0)->dims[1], (int32_t)smg_out(c, 0)->dims[1], p->kernel_h, p->stride_h, 1, p->pad_top};
}

static smg_axis columns(const smg_call *c) {
    const smg_average_pool_2d_params *p = c->params;
    return (smg_axis){(int32_t)smg_in(c, 0)->dims[2], (int32_t)smg_out(c, 0)->dims[2], p->kernel_w, p->stride_w, 1, p->pad_left};
}

int64_t smg_pool_2d_check(const smg_call *c) {
    if (!smg_has_form(c, 1, 1, sizeof(smg_average_pool_2d_params))) {
        return SMG_E_OPERATOR;
    }
    const smg_average_pool_2d_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    if (in->type != SMG_TYPE_INT8 || out->type != SMG_TYPE_INT8 || in->rank != 4 || out->rank != 4 ||
        in->dims[0] != out->dims[0] || in->dims[3] != out->dims[3] || !smg_clamp_fits(out->type, p->act_min, p->act_max)) {
        return SMG_E_OPERATOR;
    }
    smg_axis y = rows(c), x = columns(c);
    return smg_axis_check(&y) && smg_axis_check(&x) ? 0 : SMG_E_OPERATOR;
}

/* What one window holds of one channel. */
typedef struct {
    int32_t sum, max, count;
} content;

static content look(const smg_axis *ay, const smg_axis *ax, const int8_t *in, uint32_t channels, int32_t oy, int32_t ox) {
    content w = {0, INT8_MIN, 0};
    for (int32_t ky = 0; ky < ay->kernel; ky++) {
        int32_t y = smg_axis_at(ay, oy, ky);
        for (int32_t kx = 0; smg_axis_inside(ay, y) && kx < ax->kernel; kx++) {
            int32_t x = smg_axis_at(ax, ox, kx);
            if (smg_axis_inside(ax, x)) {
                int32_t value = in[(uint32_t)(y * ax->in + x) * channels];
                w.sum = smg_add_wrap(w.sum, value);
                w.max = value > w.max ? value : w.max;
                w.count++;
            }
        }
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
    smg_axis y = rows(c), x = columns(c);
    uint32_t channels = in->dims[3];
    const int8_t *picture = smg_in_data(c, 0);
    int8_t *o = smg_out_data(c, 0);
    for (uint32_t n = 0; n < in->dims[0]; n++, picture += (uint32_t)(y.in * x.in) * channels) {
        for (int32_t oy = 0; oy < y.out; oy++) {
            for (int32_t ox = 0; ox < x.out; ox++) {
                for (uint32_t i = 0; i < channels; i++) {
                    content w = look(&y, &x, picture + i, channels, oy, ox);
                    int32_t value = c->op->code == SMG_OP_MAX_POOL_2D ? w.max : mean(w);
                    *o++ = (int8_t)smg_clamp(value, p->act_min, p->act_max);
                }
            }
        }
    }
    return 0;
}
