/* CONV_2D with weights in PAIRS: six output positions by two output channels at a time. One word holds the inputs of two
 * positions, so that one product is two; the packer ends a chunk of taps before a sum in either half could leave 16
 * bits, whatever the inputs are. */
#include "pairs.h"

#include "../../smg_arith.h"
#include "../kernels.h"
#include "armv6m.h"
#include "patch.h"
#include "requantise.h"

enum { HEAD = 8 }; /* bytes of a pair before its batches: two corrections */

/* Walks the pair at `at`; returns where the next one begins, 0 when this one is malformed or passes `end`. */
static uint32_t walk_pair(const uint8_t *data, uint32_t at, uint32_t end, uint32_t taps) {
    uint32_t rows = 0;
    for (at += HEAD; taps > 0 || rows > 0;) {
        if (at + 4 > end || at + 4 < at) { /* a control and at least one more half-word */
            return 0;
        }
        uint32_t control = *(const uint16_t *)(const void *)(data + at);
        if (control == SMG_PAIRS_END) {
            if (rows == 0 || *(const uint16_t *)(const void *)(data + at + 2) != SMG_PAIRS_BATCH - rows) {
                return 0;
            }
            rows = 0;
            at += 4;
            continue;
        }
        uint32_t chunk = SMG_PAIRS_CHUNK - control / 2;
        if (control >= 2 * SMG_PAIRS_CHUNK || control % 2 != 0 || chunk > taps || rows == SMG_PAIRS_BATCH ||
            chunk * 2 + 2 > end - at) {
            return 0;
        }
        taps -= chunk;
        rows++;
        at += 2 + chunk * 2;
    }
    return (at + 3) & ~3u;
}

static int weights_fit(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    uint32_t at = w->offset, taps = smg_elements(w) / w->dims[0];
    int fits = (at & 3) == 0;
    for (uint32_t o = 0; fits && o < w->dims[0]; o += 2) {
        at = walk_pair(c->model->data, at, c->model->data_size, taps);
        fits = at != 0;
    }
    return fits;
}

int64_t smg_pairs_check(const smg_call *c) {
    if (!smg_has_form(c, 2, 2, sizeof(smg_conv_2d_params))) {
        return SMG_E_OPERATOR;
    }
    int64_t macs = smg_conv_2d_work(c);
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1), *scratch = smg_out(c, 1);
    if (macs < 0) {
        return macs;
    }
    uint64_t words = (uint64_t)(smg_elements(w) / w->dims[0]) * SMG_PATCH_WORDS;
    int fits = in->type == SMG_TYPE_INT8 && w->type == SMG_TYPE_INT8 && w->dims[3] == in->dims[3] &&
               scratch->type == SMG_TYPE_INT32 && smg_elements(scratch) >= words &&
               smg_scales_down(c, smg_conv_requantisation(c), w->dims[0]) && weights_fit(c);
    return fits ? macs : SMG_E_OPERATOR;
}

/* What a tile of outputs needs to be written. */
typedef struct {
    smg_channels k;
    int8_t *out; /* of the tile's first position */
    uint32_t out_c, count;
} tile;

/* The outputs of one channel, from their sums without bias. */
static void store(const tile *t, uint32_t channel, int32_t correction, const int32_t *sums) {
    const smg_channels *k = &t->k;
    uint32_t scale = channel * k->per_channel;
    smg_factor f = smg_factor_of(k->multiplier[scale], k->shift[scale]);
    int32_t bias = smg_add_wrap(((const int32_t *)k->bias)[channel], correction);
    int8_t *out = t->out + channel;
    for (uint32_t i = 0; i < t->count; i++, out += t->out_c) {
        int32_t y = smg_add_wrap(smg_scale_down(smg_add_wrap(sums[i], bias), &f), k->zero_point);
        *out = (int8_t)smg_clamp(y, k->act_min, k->act_max);
    }
}

static void run_tile(const tile *t, const int32_t *patch, const int32_t *end, const void *weights) {
    for (uint32_t o = 0; o < t->out_c; o += 2) {
        int32_t sums[2 * SMG_PATCH_POSITIONS];
        const int32_t *correction = weights;
        uintptr_t next = (uintptr_t)smg_pairs_sum(patch, end, (const uint16_t *)(const void *)(correction + 2), sums);
        store(t, o, correction[0], sums);
        if (o + 1 < t->out_c) {
            store(t, o + 1, correction[1], sums + SMG_PATCH_POSITIONS);
        }
        weights = (const void *)((next + 3) & ~(uintptr_t)3);
    }
}

int32_t smg_pairs_run(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1), *out = smg_out(c, 0);
    smg_picture p = smg_picture_of(c);
    int32_t *patch = smg_out_data(c, 1), *end = patch + smg_elements(w) / w->dims[0] * SMG_PATCH_WORDS;
    tile t = {smg_channels_at(c, smg_conv_requantisation(c), w->dims[0]), smg_out_data(c, 0), w->dims[0],
              SMG_PATCH_POSITIONS};
    uint32_t positions = smg_elements(out) / t.out_c;
    for (uint32_t first = 0; first < positions; first += t.count, t.out += t.count * t.out_c) {
        t.count = positions - first < t.count ? positions - first : t.count;
        smg_patch_fill(&p, first, t.count, patch);
        run_tile(&t, patch, end, smg_in_data(c, 1));
    }
    return 0;
}
