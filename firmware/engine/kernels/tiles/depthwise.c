/* DEPTHWISE_CONV_2D: four channels at a time. */
#include "../kernels.h"
#include "place.h"
#include "tiles.h"

typedef struct {
    smg_axis y, x;
    const int8_t *in, *weights;
    uint32_t channels;
    int32_t zero;
    smg_channels requantise;
} layer;

/* Channels first..first + count - 1 of one window. */
static void window(const layer *l, uint32_t picture, smg_taps ty, smg_taps tx, uint32_t first, uint32_t count,
                   int8_t *out) {
    int32_t sums[TILE] = {0, 0, 0, 0};
    for (int32_t k = ty.first, y = ty.at; k < ty.end; k++, y += l->y.dilation) {
        const int8_t *at = l->in + picture + (uint32_t)(y * l->x.in + tx.at) * l->channels + first;
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
    smg_tile_store(out + first, &l->requantise, first, count, sums);
}

int32_t smg_tiles_depthwise_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    if (!smg_tiles_fit(c) || weights->dims[3] != in->dims[3]) {
        return smg_conv_2d_run(c);
    }
    layer l = {smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_in_data(c, 0), smg_in_data(c, 1),
               in->dims[3], in->zero_point, smg_channels_at(c, smg_conv_requantisation(c), in->dims[3])};
    int8_t *to = smg_out_data(c, 0);
    for (uint32_t n = 0, picture = 0; n < in->dims[0]; n++, picture += in->dims[1] * in->dims[2] * l.channels) {
        for (int32_t y = 0; y < l.y.out; y++) {
            smg_taps ty = smg_taps_inside(&l.y, y);
            for (int32_t x = 0; x < l.x.out; x++, to += l.channels) {
                smg_taps tx = smg_taps_inside(&l.x, x);
                for (uint32_t channel = 0, count; channel < l.channels; channel += count) {
                    count = smg_tile_count(channel, l.channels);
                    window(&l, picture, ty, tx, channel, count, to);
                }
            }
        }
    }
    return 0;
}
