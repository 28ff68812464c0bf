/* DEPTHWISE_CONV_2D with weights in TAPS: filters of any size, position by position. Where a picture has few positions, as a
 * stream's newest row has, or a filter is long, there is nothing to gain from keeping a filter in registers. */
#include "taps.h"

#include "../../smg_mem.h"
#include "../kernels.h"
#include "../window.h"
#include "armv6m.h"

/* Factors of all channels, then weights in the plain order; NULL when they do not lie whole in DATA. */
static const smg_packed_factor *factors_of(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    uint64_t bytes = smg_elements(w) + (uint64_t)w->dims[3] * sizeof(smg_packed_factor);
    return (w->offset & 3) == 0 ? smg_constants(c, w->offset, bytes, 1) : NULL;
}

static int factors_fit(const smg_call *c) {
    uint32_t channels = smg_in(c, 1)->dims[3];
    const smg_packed_factor *f = factors_of(c);
    smg_channels k = smg_channels_at(c, smg_conv_requantisation(c), channels);
    int fits = f != NULL && !k.wide;
    for (uint32_t i = 0; fits && i < channels; i++) {
        fits = smg_packed_factor_fits(&f[i], &k, i);
    }
    return fits;
}

int64_t smg_taps_check(const smg_call *c) {
    int64_t macs = smg_packed_conv_work(c);
    if (macs < 0) {
        return macs;
    }
    int fits = (uint64_t)smg_elements(smg_out(c, 1)) * 4 >= smg_elements(smg_in(c, 1)) && factors_fit(c);
    return fits ? macs : SMG_E_OPERATOR;
}

/* A picture, and where the inputs under a window are gathered. */
typedef struct {
    smg_axis y, x;
    const int8_t *in;
    int8_t *window;
    size_t channels;
    int32_t zero_point;
} picture;

/* The part of a row that lies under a window whose first tap is at column `x`. */
static void copy_row(const picture *p, int8_t *to, const int8_t *row, int32_t x) {
    size_t whole = p->channels * (size_t)p->x.kernel;
    if (p->x.dilation == 1 && x >= 0 && x + p->x.kernel <= p->x.in) {
        memcpy(to, row + (size_t)x * p->channels, whole);
        return;
    }
    for (const int8_t *end = to + whole; to < end; to += p->channels, x += p->x.dilation) {
        if (smg_axis_inside(&p->x, x)) {
            memcpy(to, row + (size_t)x * p->channels, p->channels);
        } else {
            memset(to, p->zero_point, p->channels);
        }
    }
}

/* The inputs under the window at output `oy`, `ox`, tap by tap: where they lie when they are rows of all columns. */
static const int8_t *inputs_under(const picture *p, int32_t oy, int32_t ox) {
    size_t row = p->channels * (size_t)p->x.in, part = p->channels * (size_t)p->x.kernel;
    int32_t y = smg_axis_at(&p->y, oy, 0), x = smg_axis_at(&p->x, ox, 0);
    if (row == part && x == 0 && p->x.dilation == 1 && p->y.dilation == 1 && y >= 0 && y + p->y.kernel <= p->y.in) {
        return p->in + (size_t)y * row;
    }
    int8_t *to = p->window;
    for (int32_t k = 0; k < p->y.kernel; k++, y += p->y.dilation, to += part) {
        if (smg_axis_inside(&p->y, y)) {
            copy_row(p, to, p->in + (size_t)y * row, x);
        } else {
            memset(to, p->zero_point, part);
        }
    }
    return p->window;
}

int32_t smg_taps_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1);
    const smg_requantisation *q = smg_conv_requantisation(c);
    const smg_packed_factor *factors = factors_of(c);
    uint32_t channels = in->dims[3], size = smg_elements(w), last = size / channels % SMG_TAPS_UNROLLED;
    picture p = {smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_in_data(c, 0), smg_out_data(c, 1), channels, in->zero_point};
    int8_t *out = smg_out_data(c, 0);
    smg_taps_row r = {NULL, (const int8_t *)(factors + channels), factors, out, out, channels, size,
                      last == 0 ? 0 : (SMG_TAPS_UNROLLED - last) * SMG_TAPS_BYTES,
                      smg_out(c, 0)->zero_point, q->act_min, q->act_max};
    for (uint32_t n = in->dims[0]; n > 0; n--, p.in += (size_t)(p.y.in * p.x.in) * channels) {
        for (int32_t y = 0; y < p.y.out; y++) {
            for (int32_t x = 0; x < p.x.out; x++) {
                r.x = inputs_under(&p, y, x);
                r.out = r.out_end;
                r.out_end += channels;
                smg_taps_run_row(&r);
            }
        }
    }
    return 0;
}
