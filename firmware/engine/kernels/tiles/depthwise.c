/* DEPTHWISE_CONV_2D: four channels at a time. */
#include "../kernels.h"
#include "place.h"
#include "tiles.h"

typedef struct {
    smg_axis y, x;
    const int8_t *weights;
    uint32_t channels;
    int32_t zero;
    smg_channels requantise;
    uint32_t parts;
    /* The window under way. */
    const int8_t *picture;
    smg_taps ty, tx;
    int8_t *out;
} layer;

/* Channels first..first + count - 1 of the window. */
static void tile(const layer *l, uint32_t first, uint32_t count) {
    smg_taps ty = l->ty, tx = l->tx;
    int32_t sums[TILE] = {0, 0, 0, 0};
    for (int32_t k = ty.first, y = ty.at; k < ty.end; k++, y += l->y.dilation) {
        const int8_t *at = l->picture + (uint32_t)(y * l->x.in + tx.at) * l->channels + first;
        const int8_t *w = l->weights + (uint32_t)(k * l->x.kernel + tx.first) * l->channels + first;
        for (int32_t i = tx.first; i < tx.end; i++) {
            if (count == TILE) {
                smg_tile_tap(sums, at, w, l->zero);
            } else {
                sums[0] = smg_add_wrap(sums[0], (*at - l->zero) * *w);
            }
            at += (uint32_t)l->x.dilation * l->channels;
            w += l->channels;
        }
    }
    smg_tile_store(l->out + first, &l->requantise, first, count, sums);
}

/* A part of the channels of the window. */
static void window(void *argument, uint32_t part) {
    const layer *l = argument;
    smg_span span = smg_span_of(l->channels, l->parts, part);
    for (uint32_t channel = span.first, count; channel < span.end; channel += count) {
        count = smg_tile_count(channel, span.end);
        tile(l, channel, count);
    }
}

int32_t smg_tiles_depthwise_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    if (!smg_tiles_fit(c) || weights->dims[3] != in->dims[3]) {
        return smg_conv_2d_run(c);
    }
    layer l = {smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_in_data(c, 1),
               in->dims[3], in->zero_point, smg_channels_at(c, smg_conv_requantisation(c), in->dims[3]),
               smg_tile_parts(c, in->dims[3]), smg_in_data(c, 0), {0, 0, 0}, {0, 0, 0}, smg_out_data(c, 0)};
    for (uint32_t n = 0; n < in->dims[0]; n++, l.picture += in->dims[1] * in->dims[2] * l.channels) {
        for (int32_t y = 0; y < l.y.out; y++) {
            l.ty = smg_taps_inside(&l.y, y);
            for (int32_t x = 0; x < l.x.out; x++, l.out += l.channels) {
                l.tx = smg_taps_inside(&l.x, x);
                smg_run_parts(c, l.parts, window, &l);
            }
        }
    }
    return 0;
}
