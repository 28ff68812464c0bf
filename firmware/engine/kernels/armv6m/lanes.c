/* CONV_2D with weights in LANES: twelve output positions of one output channel at a time. One word holds the inputs of two
 * positions, so that one product is two; the packer ends a chunk of taps before a sum in either half could leave 16
 * bits, whatever the inputs are. */
#include "lanes.h"

#include "../kernels.h"
#include "armv6m.h"
#include "factor.h"
#include "patch.h"

/* Taps of the chunk that `control` begins, 0 when it begins none of at most `most`. */
static uint32_t chunk_of(int32_t control, uint32_t most) {
    uint32_t taps = (uint32_t)(-control) / 8;
    int fits = control < 0 && smg_lanes_control(taps) == control && taps <= SMG_LANES_CHUNK && taps <= most;
    return fits ? taps : 0;
}

/* Walks the batches at `at`; returns where they end, 0 when they are malformed or reach beyond `end`. */
static uint32_t walk_batches(const uint8_t *data, uint32_t at, uint32_t end, uint32_t taps) {
    uint32_t chunks = 0, flags = 0;
    while (end - at >= sizeof(smg_lanes_end)) {
        const smg_lanes_end *e = (const smg_lanes_end *)(const void *)(data + at);
        uint32_t size = chunk_of((int8_t)data[at], taps);
        if (size > 0 && chunks < SMG_LANES_BATCH && size < end - at) {
            at += 1 + size;
            taps -= size;
            chunks++;
            continue;
        }
        flags |= taps > 0 ? SMG_LANES_MORE : 0;
        if (chunks == 0 || e->rows != 6 * (chunks - 1) || e->jump != 21 * (SMG_LANES_BATCH - chunks) || e->flags != flags) {
            return 0;
        }
        at += sizeof(smg_lanes_end);
        if (taps == 0) {
            return at;
        }
        flags = SMG_LANES_NOT_FIRST;
        chunks = 0;
    }
    return 0;
}

static int weights_fit(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    smg_channels k = smg_channels_at(c, smg_conv_requantisation(c), w->dims[0]);
    uint32_t at = w->offset + 4, end = c->model->data_size, taps = smg_elements(w) / w->dims[0];
    const uint32_t *second_half = smg_constants(c, w->offset, 1, sizeof *second_half);
    int fits = second_half != NULL && !k.wide;
    for (uint32_t o = 0; fits && o < w->dims[0]; o++) {
        if (!SMG_ONE_CORE && o == w->dims[0] / 2 && at != w->offset + *second_half) {
            return 0;
        }
        at = (walk_batches(c->model->data, at, end, taps) + 3) & ~3u;
        fits = at != 0 && at <= end && end - at >= sizeof(smg_packed_factor) &&
               smg_packed_factor_fits((const smg_packed_factor *)(const void *)(c->model->data + at), &k, o);
        at += sizeof(smg_packed_factor);
    }
    return fits;
}

int64_t smg_lanes_check(const smg_call *c) {
    int64_t macs = smg_packed_conv_work(c);
    if (macs < 0) {
        return macs;
    }
    return smg_elements(smg_out(c, 1)) >= smg_patch_words(c) && weights_fit(c) ? macs : SMG_E_OPERATOR;
}

static void multiply(void *argument, uint32_t part) {
    smg_lanes_run_tile((const smg_lanes_tile *)argument + part);
}

int32_t smg_lanes_run(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1), *out = smg_out(c, 0);
    const smg_requantisation *r = smg_conv_requantisation(c);
    uint32_t channels = w->dims[0], left = smg_elements(out) / channels, count = SMG_LANES_POSITIONS;
    smg_picture p;
    smg_patch_begin(&p, c);
    uint32_t parts = channels > 1 ? smg_parts(c) : 1;
    const uint32_t *weights = smg_in_data(c, 1);
    smg_lanes_tile tiles[SMG_PARTS] = {{p.patch, weights + 1, smg_out_data(c, 0), channels, channels, 0,
                                        0, out->zero_point, r->act_min, r->act_max}};
    if (parts > 1) { /* each makes its own channels of the inputs that one gathers */
        tiles[1] = tiles[0];
        tiles[0].channels /= 2;
        tiles[1].channels -= tiles[0].channels;
        tiles[1].out += tiles[0].channels;
        tiles[1].weights = weights + *weights / sizeof *weights;
    }
    for (; left > 0; left -= count) {
        count = left < count ? left : count;
        smg_patch_fill(&p, count);
        for (uint32_t i = 0; i < parts; i++) {
            tiles[i].span = count * channels;
            tiles[i].entry = (SMG_LANES_POSITIONS - count) % SMG_LANES_UNROLLED * SMG_LANES_OUTPUT;
        }
        smg_run_parts(c, parts, multiply, tiles);
        for (uint32_t i = 0; i < parts; i++) {
            tiles[i].out += count * channels;
        }
    }
    return 0;
}
