/* CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV, plain C: the definition that every faster twin equals.
 *
 * All three gather: an output is the sum over the taps of a filter that meet the picture. Depthwise is a convolution of
 * one channel a tap whose filters lie interleaved; transposed differs in the taps that meet the picture. */
#include "channels.h"
#include "dot.h"
#include "element.h"
#include "kernels.h"
#include "window.h"

/* The filter, and where it is to be applied. */
typedef struct {
    smg_axis y, x;
    smg_run in, weights;
    uint32_t in_c;     /* channels of the picture */
    uint32_t depth;    /* channels that a filter reads */
    uint32_t tap_size; /* elements of the weights from one tap to the next */
} filter;

/* The taps of one axis that may meet the picture: `tap`, tap + tap_step, ... at positions `at`, at + step, ... */
typedef struct {
    int32_t tap, tap_step, at, step;
} taps;

static taps taps_of(const smg_axis *a, int32_t o, int transposed) {
    if (transposed) {
        int32_t reach = o + a->pad; /* = position * stride + tap */
        return (taps){reach % a->stride, a->stride, reach / a->stride, -1};
    }
    return (taps){0, 1, smg_axis_at(a, o, 0), a->dilation};
}

/* The products of one row of the filter with one row of the picture, which start at `pixels` and `weights`. */
static int64_t row_sum(filter *f, taps t, uint32_t pixels, uint32_t weights) {
    int64_t sum = 0;
    /* Taps that lie at equal distances in picture and filter are one run of products. */
    int joined = t.step == 1 && (f->depth == 1 || f->depth == f->in_c);
    f->in.step = f->depth == 1 ? f->in_c : 1;
    f->weights.step = f->depth == 1 ? f->tap_size : 1;
    while (t.tap < f->x.kernel) {
        int32_t count = 1;
        if (smg_axis_inside(&f->x, t.at)) {
            if (joined) {
                int32_t room = f->x.in - t.at;
                count = f->x.kernel - t.tap < room ? f->x.kernel - t.tap : room;
            }
            f->in.first = pixels + (uint32_t)t.at * f->in_c;
            f->weights.first = weights + (uint32_t)t.tap * f->tap_size;
            sum += smg_dot(&f->in, &f->weights, (uint32_t)count * f->depth);
        }
        t.tap += count * t.tap_step;
        t.at += count * t.step;
    }
    return sum;
}

/* The sum for one output channel: its filter starts at `weights`, the channels that it reads at `pixels`. */
static int64_t window_sum(filter *f, taps ty, taps tx, uint32_t pixels, uint32_t weights) {
    int64_t sum = 0;
    for (; ty.tap < f->y.kernel; ty.tap += ty.tap_step, ty.at += ty.step) {
        if (smg_axis_inside(&f->y, ty.at)) { /* padding is the zero point, which adds nothing */
            sum += row_sum(f, tx, pixels + (uint32_t)(ty.at * f->x.in) * f->in_c,
                           weights + (uint32_t)(ty.tap * f->x.kernel) * f->tap_size);
        }
    }
    return sum;
}

int32_t smg_conv_2d_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    uint32_t out_c = smg_out(c, 0)->dims[3], in_c = in->dims[3], o = 0;
    int depthwise = c->op->code == SMG_OP_DEPTHWISE_CONV_2D, transposed = c->op->code == SMG_OP_TRANSPOSE_CONV;
    uint32_t depth = depthwise ? 1 : weights->dims[3];
    filter f = {smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_run_of(in, smg_in_data(c, 0)),
                smg_run_of(weights, smg_in_data(c, 1)), in_c, depth, weights->dims[3]};
    f.weights.zero_point = 0;
    uint32_t from_filter = depthwise ? 1 : weights->dims[1] * weights->dims[2] * depth;
    uint32_t group_out_c = out_c / (in_c / depth);
    smg_channels k = smg_channels_at(c, smg_conv_requantisation(c), out_c);
    for (uint32_t n = 0, picture = 0; n < in->dims[0]; n++, picture += smg_elements(in) / in->dims[0]) {
        for (int32_t oy = 0; oy < f.y.out; oy++) {
            taps ty = taps_of(&f.y, oy, transposed);
            for (int32_t ox = 0; ox < f.x.out; ox++) {
                taps tx = taps_of(&f.x, ox, transposed);
                for (uint32_t oc = 0; oc < out_c; oc++) {
                    int64_t sum = window_sum(&f, ty, tx, picture + oc / group_out_c * depth, oc * from_filter);
                    smg_store(in->type, smg_out_data(c, 0), o++, smg_channels_output(&k, oc, sum));
                }
            }
        }
    }
    return 0;
}
