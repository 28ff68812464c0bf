/* FULLY_CONNECTED: each input that is loaded meets four rows of weights. */
#include "../kernels.h"
#include "place.h"
#include "tiles.h"

int32_t smg_tiles_fully_connected_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    if (!smg_tiles_fit(c)) {
        return smg_fully_connected_run(c);
    }
    uint32_t out_c = weights->dims[0], n = weights->dims[1], rows = smg_elements(in) / n;
    smg_channels k = smg_channels_at(c, c->params, out_c);
    const int8_t *x = smg_in_data(c, 0), *filters = smg_in_data(c, 1);
    int8_t *to = smg_out_data(c, 0);
    for (uint32_t row = 0; row < rows; row++, x += n, to += out_c) {
        for (uint32_t channel = 0, count; channel < out_c; channel += count) {
            count = smg_tile_count(channel, out_c);
            int32_t sums[TILE] = {0, 0, 0, 0};
            smg_tile(sums, x, filters + channel * n, count == TILE ? n : 0, n, in->zero_point);
            smg_tile_store(to + channel, &k, channel, count, sums);
        }
    }
    return 0;
}
