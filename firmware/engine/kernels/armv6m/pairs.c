/* CONV_2D with weights in PAIRS: six output positions by two output channels at a time. One word holds the inputs of two
 * positions, so that one product is two; the packer ends a chunk of taps before a sum in either half could leave 16
 * bits, whatever the inputs are. */
#include "pairs.h"

#include "../kernels.h"
#include "armv6m.h"
#include "patch.h"

/* Walks the batches at `at`; returns where they end, 0 when they are malformed or reach beyond `end`. */
static uint32_t walk_batches(const uint8_t *data, uint32_t at, uint32_t end, uint32_t taps) {
    uint32_t rows = 0;
    while (taps > 0 || rows > 0) {
        if (end - at < 4) { /* a control and one half-word at least */
            return 0;
        }
        const uint16_t *chunk = (const uint16_t *)(const void *)(data + at);
        uint32_t size = 1;
        if (chunk[0] == SMG_PAIRS_END) {
            if (rows == 0 || chunk[1] != SMG_PAIRS_BATCH - rows) {
                return 0;
            }
            rows = 0;
        } else {
            size = SMG_PAIRS_CHUNK - chunk[0] / 2u;
            if (chunk[0] >= 2 * SMG_PAIRS_CHUNK || chunk[0] % 2 != 0 || size > taps || rows == SMG_PAIRS_BATCH ||
                end - at < 2 + 2 * size) {
                return 0;
            }
            taps -= size;
            rows++;
        }
        at += 2 + 2 * size;
    }
    return at;
}

int smg_pairs_factor_fits(const smg_pairs_factor *f, const smg_channels *k, uint32_t channel) {
    uint32_t scale = channel * k->per_channel, shift = f->rest & 0xff;
    if (f->rest >= SMG_PAIRS_TWO_PRODUCTS) {
        return shift < 32 && f->rest < 2 * SMG_PAIRS_TWO_PRODUCTS;
    }
    return f->multiplier == k->multiplier[scale] && f->rest == (uint32_t)-k->shift[scale] && shift > 0;
}

static int weights_fit(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    smg_channels k = smg_channels_at(c, smg_conv_requantisation(c), w->dims[0]);
    uint32_t at = w->offset, end = c->model->data_size, taps = smg_elements(w) / w->dims[0];
    int fits = (at & 3) == 0 && !k.wide;
    for (uint32_t o = 0; fits && o < w->dims[0]; o += 2) {
        at = (walk_batches(c->model->data, at, end, taps) + 3) & ~3u;
        fits = at != 0 && at <= end && end - at >= 2 * sizeof(smg_pairs_factor);
        if (fits) {
            const smg_pairs_factor *f = (const smg_pairs_factor *)(const void *)(c->model->data + at);
            fits = smg_pairs_factor_fits(&f[0], &k, o) && smg_pairs_factor_fits(&f[1], &k, o + 1 < w->dims[0] ? o + 1 : o);
        }
        at += 2 * sizeof(smg_pairs_factor);
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
               scratch->type == SMG_TYPE_INT32 && smg_elements(scratch) >= words && weights_fit(c);
    return fits ? macs : SMG_E_OPERATOR;
}

int32_t smg_pairs_run(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1), *out = smg_out(c, 0);
    const smg_requantisation *r = smg_conv_requantisation(c);
    uint32_t channels = w->dims[0], positions = smg_elements(out) / channels;
    smg_picture p = smg_picture_of(c);
    int32_t *patch = smg_out_data(c, 1), *end = patch + smg_elements(w) / channels * SMG_PATCH_WORDS;
    smg_pairs_tile t = {patch,    end, smg_in_data(c, 1), smg_out_data(c, 0), channels,
                        channels, 0,   out->zero_point,   r->act_min,         r->act_max};
    for (uint32_t first = 0; first < positions; first += SMG_PATCH_POSITIONS) {
        uint32_t count = positions - first < SMG_PATCH_POSITIONS ? positions - first : SMG_PATCH_POSITIONS;
        t.span = count * channels;
        smg_patch_fill(&p, count, patch);
        smg_pairs_run_tile(&t);
        t.out += t.span;
    }
    return 0;
}
