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

/* The channels before the second half of the groups; it is the larger one where their number is odd. */
static uint32_t first_half(uint32_t channels) {
    return (channels + SMG_QUADS_CHANNELS - 1) / (2 * SMG_QUADS_CHANNELS) * SMG_QUADS_CHANNELS;
}

static int weights_fit(const smg_call *c) {
    enum { FACTORS = SMG_QUADS_CHANNELS * sizeof(smg_packed_factor) };
    const smg_tensor *w = smg_in(c, 1);
    smg_channels k = smg_channels_at(c, c->params, w->dims[0]);
    uint32_t at = w->offset + 4, end = c->model->data_size, half = first_half(w->dims[0]);
    const uint32_t *second_half = smg_constants(c, w->offset, 1, sizeof *second_half);
    int fits = second_half != NULL && !k.wide;
    for (uint32_t o = 0; fits && o < w->dims[0]; o += SMG_QUADS_CHANNELS) {
        if (!SMG_ONE_CORE && o == half && at != w->offset + *second_half) {
            return 0;
        }
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

static void multiply(void *argument, uint32_t part) {
    smg_quads_run_row((const smg_quads_row *)argument + part);
}

int32_t smg_quads_run(const smg_call *c) {
    const smg_requantisation *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1);
    uint32_t channels = w->dims[0], n = w->dims[1], parts = channels > SMG_QUADS_CHANNELS ? smg_parts(c) : 1;
    const int8_t *x = smg_in_data(c, 0);
    int32_t *words = smg_out_data(c, 1);
    int8_t *out = smg_out_data(c, 0);
    const uint32_t *weights = smg_in_data(c, 1);
    smg_quads_row rows[SMG_PARTS] = {{words, words + n, weights + 1, out, out + channels, smg_out(c, 0)->zero_point,
                                      p->act_min, p->act_max}};
    if (parts > 1) {
        rows[1] = rows[0];
        rows[1].weights = weights + *weights / sizeof *weights;
        rows[1].out += first_half(channels);
        rows[0].out_end = rows[1].out;
    }
    for (uint32_t left = smg_elements(in) / n; left > 0; left--) {
        for (uint32_t i = 0; i < n; i++) {
            words[i] = *x++;
        }
        smg_run_parts(c, parts, multiply, rows);
        for (uint32_t i = 0; i < parts; i++) {
            rows[i].out += channels;
            rows[i].out_end += channels;
        }
    }
    return 0;
}
