/* DEPTHWISE_CONV_2D, int8, plain C: the definition that every faster twin equals. */
#include "channels.h"
#include "kernels.h"
#include "window.h"

int64_t smg_depthwise_conv_2d_check(const smg_call *c) {
    if (!smg_has_form(c, 2, 1, sizeof(smg_depthwise_conv_2d_params))) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1), *out = smg_out(c, 0);
    if (in->type != SMG_TYPE_INT8 || weights->type != SMG_TYPE_INT8 || out->type != SMG_TYPE_INT8 || in->rank != 4 ||
        weights->rank != 4 || out->rank != 4) {
        return SMG_E_OPERATOR;
    }
    smg_axis y = smg_conv_rows(c), x = smg_conv_columns(c);
    if (in->dims[0] != out->dims[0] || weights->dims[0] != 1 || out->dims[3] != weights->dims[3] ||
        out->dims[3] % in->dims[3] != 0 || !smg_axis_check(&y) || !smg_axis_check(&x) || !smg_conv_channels_check(c)) {
        return SMG_E_OPERATOR;
    }
    return (int64_t)smg_elements(out) * weights->dims[1] * weights->dims[2];
}

typedef struct {
    smg_axis y, x;
    uint32_t in_c, out_c;
    int32_t zero_point;
} geometry;

/* The sum for output (oy, ox): `in` and `filter` start at the channel wanted. */
static int32_t window_sum(const geometry *g, const int8_t *in, const int8_t *filter, int32_t oy, int32_t ox) {
    int32_t sum = 0;
    for (int32_t ky = 0; ky < g->y.kernel; ky++) {
        int32_t y = smg_axis_at(&g->y, oy, ky);
        for (int32_t kx = 0; kx < g->x.kernel; kx++, filter += g->out_c) {
            int32_t x = smg_axis_at(&g->x, ox, kx);
            if (smg_axis_inside(&g->y, y) && smg_axis_inside(&g->x, x)) {
                sum = smg_add_wrap(sum, (in[(uint32_t)(y * g->x.in + x) * g->in_c] - g->zero_point) * filter[0]);
            }
        }
    }
    return sum;
}

int32_t smg_depthwise_conv_2d_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0);
    geometry g = {smg_conv_rows(c), smg_conv_columns(c), in->dims[3], smg_out(c, 0)->dims[3], in->zero_point};
    smg_channels k = smg_conv_channels(c);
    uint32_t multiplier = g.out_c / g.in_c;
    const int8_t *picture = smg_in_data(c, 0), *filters = smg_in_data(c, 1);
    int8_t *o = smg_out_data(c, 0);
    for (uint32_t n = 0; n < in->dims[0]; n++, picture += (uint32_t)(g.y.in * g.x.in) * g.in_c) {
        for (int32_t oy = 0; oy < g.y.out; oy++) {
            for (int32_t ox = 0; ox < g.x.out; ox++) {
                for (uint32_t oc = 0; oc < g.out_c; oc++) {
                    *o++ = smg_channels_output(&k, oc, window_sum(&g, picture + oc / multiplier, filters + oc, oy, ox));
                }
            }
        }
    }
    return 0;
}
