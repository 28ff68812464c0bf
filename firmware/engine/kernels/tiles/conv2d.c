/* CONV_2D: each input that is loaded meets four filters. */
#include "../kernels.h"
#include "place.h"
#include "tiles.h"

typedef struct {
    smg_axis y, x;
    const int8_t *weights;
    uint32_t in_c, out_c, filter; /* elements of one filter */
    int32_t zero;
    smg_channels channels;
    uint32_t parts;
    /* The window under way. */
    const int8_t *picture;
    smg_taps ty, tx;
    int8_t *out;
} layer;

/* Add one row of the window. `in`, `w`: its first tap inside, in the picture and in the first filter; `step`: from one
 * filter to the next. */
static void row_sums(int32_t *sums, const layer *l, smg_taps tx, const int8_t *in, const int8_t *w, uint32_t step) {
    int joined = l->x.dilation == 1; /* taps side by side are one run */
    int32_t taps = joined ? tx.end - tx.first : 1;
    for (int32_t k = tx.first; k < tx.end; k += taps) {
        smg_tile(sums, in, w, step, (uint32_t)taps * l->in_c, l->zero);
        in += (uint32_t)l->x.dilation * l->in_c;
        w += l->in_c;
    }
}

/* A part of the output channels of one window. */
static void window(void *argument, uint32_t part) {
    const layer *l = argument;
    smg_taps ty = l->ty, tx = l->tx;
    smg_span span = smg_span_of(l->out_c, l->parts, part);
    for (uint32_t channel = span.first, count; channel < span.end; channel += count) {
        count = smg_tile_count(channel, span.end);
        int32_t sums[TILE] = {0, 0, 0, 0};
        const int8_t *filter = l->weights + channel * l->filter;
        for (int32_t k = ty.first, y = ty.at; k < ty.end; k++, y += l->y.dilation) {
            const int8_t *in = l->picture + (uint32_t)(y * l->x.in + tx.at) * l->in_c;
            const int8_t *w = filter + (uint32_t)(k * l->x.kernel + tx.first) * l->in_c;
            row_sums(sums, l, tx, in, w, count == TILE ? l->filter : 0);
        }
        smg_tile_store(l->out + channel, &l->channels, channel, count, sums);
    }
}

int32_t smg_tiles_conv_2d_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1), *out = smg_out(c, 0);
    if (!smg_tiles_fit(c) || weights->dims[3] != in->dims[3]) {
        return smg_conv_2d_run(c);
    }
    layer l = {smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_in_data(c, 1),
               in->dims[3], out->dims[3], smg_elements(weights) / out->dims[3], in->zero_point,
               smg_channels_at(c, smg_conv_requantisation(c), out->dims[3]), smg_tile_parts(c, out->dims[3]),
               smg_in_data(c, 0), {0, 0, 0}, {0, 0, 0}, smg_out_data(c, 0)};
    for (uint32_t n = 0; n < in->dims[0]; n++, l.picture += in->dims[1] * in->dims[2] * l.in_c) {
        for (int32_t y = 0; y < l.y.out; y++) {
            l.ty = smg_taps_inside(&l.y, y);
            for (int32_t x = 0; x < l.x.out; x++, l.out += l.out_c) {
                l.tx = smg_taps_inside(&l.x, x);
                smg_run_parts(c, l.parts, window, &l);
            }
        }
    }
    return 0;
}
