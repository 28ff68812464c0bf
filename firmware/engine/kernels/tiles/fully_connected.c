/* FULLY_CONNECTED: each input that is loaded meets four rows of weights. */
#include "../kernels.h"
#include "place.h"
#include "tiles.h"

/* One row of the input. */
typedef struct {
    smg_channels requantise;
    const int8_t *x, *weights;
    int8_t *out;
    uint32_t out_c, n, parts;
    int32_t zero;
} layer;

/* A part of its outputs. */
static void run(void *argument, uint32_t part) {
    const layer *l = argument;
    smg_span span = smg_span_of(l->out_c, l->parts, part);
    for (uint32_t channel = span.first, count; channel < span.end; channel += count) {
        count = smg_tile_count(channel, span.end);
        int32_t sums[TILE] = {0, 0, 0, 0};
        smg_tile(sums, l->x, l->weights + channel * l->n, count == TILE ? l->n : 0, l->n, l->zero);
        smg_tile_store(l->out + channel, &l->requantise, channel, count, sums);
    }
}

int32_t smg_tiles_fully_connected_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    if (!smg_tiles_fit(c)) {
        return smg_fully_connected_run(c);
    }
    uint32_t out_c = weights->dims[0], n = weights->dims[1];
    layer l = {smg_channels_at(c, c->params, out_c), smg_in_data(c, 0), smg_in_data(c, 1), smg_out_data(c, 0), out_c, n,
               smg_tile_parts(c, out_c), in->zero_point};
    for (uint32_t left = smg_elements(in) / n; left > 0; left--, l.x += n, l.out += out_c) {
        smg_run_parts(c, l.parts, run, &l);
    }
    return 0;
}
