/* FULLY_CONNECTED with weights in QUADS: eight output channels at a time, four weights in a word. */
#include "quads.h"

#include "../kernels.h"
#include "armv6m.h"
#include "factor.h"

/* Walks the batches at `at`; returns where they end, 0 when they are malformed or reach beyond `end`. */
static uint32_t walk_batches(const uint8_t *data, uint32_t at, uint32_t end, uint32_t taps) {
    uint32_t rows = 0;
    while (taps > 0 || rows > 0) {
        if (end - at < 8) {
            return 0;
        }
        const uint32_t *chunk = (const uint32_t *)(const void *)(data + at);
        at += 8;
        if (chunk[0] == SMG_QUADS_END) {
            if (rows == 0 || chunk[1] != SMG_QUADS_BATCH - rows) {
                return 0;
            }
            rows = 0;
            continue;
        }
        uint32_t size = SMG_QUADS_CHUNK - chunk[0] / SMG_QUADS_TAP;
        if (chunk[0] >= SMG_QUADS_TAP * SMG_QUADS_CHUNK || chunk[0] % SMG_QUADS_TAP != 0 || size > taps ||
            rows == SMG_QUADS_BATCH || end - at < 8 * size - 4) {
            return 0;
        }
        taps -= size;
        rows++;
        at += 8 * size - 4;
    }
    return at;
}

/* Are the factors of the group those of the channel block? */
static int factors_fit(const smg_packed_factor *f, const smg_channels *k, uint32_t first, uint32_t channels) {
    int fits = 1;
    for (uint32_t i = 0; i < SMG_QUADS_CHANNELS; i++) {
        uint32_t channel = first + i < channels ? first + i : channels - 1;
        fits = fits && f[i].rest < SMG_TWO_PRODUCTS && smg_packed_factor_fits(&f[i], k, channel);
    }
    return fits;
}

static int weights_fit(const smg_call *c) {
    enum { FACTORS = SMG_QUADS_CHANNELS * sizeof(smg_packed_factor) };
    const smg_tensor *w = smg_in(c, 1);
    smg_channels k = smg_channels_at(c, c->params, w->dims[0]);
    uint32_t at = w->offset, end = c->model->data_size;
    int fits = (at & 3) == 0 && !k.wide;
    for (uint32_t o = 0; fits && o < w->dims[0]; o += SMG_QUADS_CHANNELS) {
        at = walk_batches(c->model->data, at, end, w->dims[1]);
        fits = at != 0 && end - at >= FACTORS &&
               factors_fit((const smg_packed_factor *)(const void *)(c->model->data + at), &k, o, w->dims[0]);
        at += FACTORS;
    }
    return fits;
}

int64_t smg_quads_check(const smg_call *c) {
    if (!smg_has_form(c, 2, 2, sizeof(smg_fully_connected_params))) {
        return SMG_E_OPERATOR;
    }
    int64_t macs = smg_fully_connected_work(c);
    if (macs < 0) {
        return macs;
    }
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1), *scratch = smg_out(c, 1);
    int fits = in->type == SMG_TYPE_INT8 && w->type == SMG_TYPE_INT8 && scratch->type == SMG_TYPE_INT32 &&
               smg_elements(scratch) >= w->dims[1] && weights_fit(c);
    return fits ? macs : SMG_E_OPERATOR;
}

int32_t smg_quads_run(const smg_call *c) {
    const smg_requantisation *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1);
    uint32_t channels = w->dims[0], n = w->dims[1], rows = smg_elements(in) / n;
    const int8_t *x = smg_in_data(c, 0);
    int32_t *words = smg_out_data(c, 1);
    int8_t *out = smg_out_data(c, 0);
    for (; rows > 0; rows--, out += channels) {
        for (uint32_t i = 0; i < n; i++) {
            words[i] = *x++;
        }
        smg_quads_row r = {words, words + n, smg_in_data(c, 1), out, out + channels, smg_out(c, 0)->zero_point,
                           p->act_min, p->act_max};
        smg_quads_run_row(&r);
    }
    return 0;
}
