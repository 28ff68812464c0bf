/* Checking a section, and driving a stream through the stages. */
#include "../smg_mem.h"
#include "stages.h"

static smg_audio_tables tables_of(const smg_audio *a) {
    smg_audio_tables t;
    t.twiddles = (const uint32_t *)(const void *)(a + 1);
    t.window = (const int16_t *)(const void *)(t.twiddles + a->fft_size / 4 + 1);
    t.widths = (const uint16_t *)(const void *)(t.window + a->window);
    t.weights = t.widths + a->channels + 1;
    t.gains = (const int16_t *)(const void *)(t.weights + a->bins);
    t.logs = (const uint16_t *)(const void *)(t.gains + ((a->stages & SMG_AUDIO_PCAN) != 0 ? SMG_GAIN_COUNT : 0));
    const uint16_t *end = t.logs + ((a->stages & SMG_AUDIO_LOG) != 0 ? SMG_LOG_COUNT : 0);
    t.size = ((size_t)((const uint8_t *)end - (const uint8_t *)a) + 3) & ~(size_t)3;
    return t;
}

static size_t noise_count(const smg_audio *a) {
    return (a->stages & (SMG_AUDIO_NOISE_REDUCTION | SMG_AUDIO_PCAN)) != 0 ? a->channels : 0;
}

static smg_audio_view view_of(const smg_audio *a, void *state) {
    uint32_t *words = (uint32_t *)state;
    smg_audio_view v = {words, words + 1, words + 1 + noise_count(a), NULL};
    v.input = (int16_t *)(void *)(v.work + a->fft_size / 2);
    return v;
}

static size_t state_size(const smg_audio *a) {
    size_t bytes = sizeof(uint32_t) * (1 + noise_count(a) + a->fft_size / 2u) + sizeof(int16_t) * a->window;
    return (bytes + 3) & ~(size_t)3;
}

static int shape_is_valid(const smg_audio *a) {
    return a->rate_hz != 0 && a->frames != 0 && a->fft_size >= 32 && a->fft_size <= 4096 &&
           (a->fft_size & (a->fft_size - 1)) == 0 && a->window >= 1 && a->window <= a->fft_size && a->hop >= 1 &&
           a->hop <= a->window && a->channels >= 1 && a->channels <= 256 && a->first_bin >= 1 &&
           (uint32_t)a->first_bin + a->bins <= a->fft_size / 2u;
}

static int stages_are_valid(const smg_audio *a) {
    int32_t snr_shift = a->gain_bits - smg_correction_bits(a) - SMG_SNR_BITS;
    return a->stages <= 15 && ((a->stages & SMG_AUDIO_PCAN) == 0 || (snr_shift >= 0 && snr_shift <= 31)) &&
           a->smoothing_bits <= 16 && a->even_smoothing_q14 <= 1 << 14 && a->odd_smoothing_q14 <= 1 << 14 &&
           a->min_signal_q14 <= 1 << 14 && a->log_shift <= 15 && a->out_div >= 1 && a->out_offset >= -128 &&
           a->out_offset <= 127;
}

/* What the stages rely on: exact ends of the quarter turn (1 and -j), slopes that use each bin once, factors of at most
 * 1. The rest of the tables may hold anything. */
static int tables_are_valid(const smg_audio *a, const smg_audio_tables *t) {
    uint32_t bins = 0;
    uint32_t wrong = t->twiddles[0] != 0x7FFF || t->twiddles[a->fft_size / 4] != 0x80010000;
    for (uint32_t i = 0; i <= a->channels; i++) {
        bins += t->widths[i];
    }
    for (uint32_t i = 0; i < a->bins; i++) {
        wrong |= (t->weights[i] & SMG_WEIGHT_MASK) > SMG_WEIGHT_ONE;
    }
    for (uint32_t i = 0; i < a->window; i++) {
        wrong |= t->window[i] < 0 || t->window[i] > SMG_WEIGHT_ONE;
    }
    return bins == a->bins && wrong == 0;
}

int32_t smg_audio_open(const void *section, size_t size) {
    const smg_audio *a = (const smg_audio *)section;
    if (((uintptr_t)section & 3) != 0) {
        return SMG_E_ALIGNMENT;
    }
    if (size < sizeof *a) {
        return SMG_E_TRUNCATED;
    }
    if (!shape_is_valid(a) || !stages_are_valid(a)) {
        return SMG_E_FRONTEND;
    }
    smg_audio_tables t = tables_of(a);
    if (size != t.size) {
        return size < t.size ? SMG_E_TRUNCATED : SMG_E_FRONTEND;
    }
    return tables_are_valid(a, &t) ? (int32_t)state_size(a) : SMG_E_FRONTEND;
}

int32_t smg_audio_reset(const void *section, void *state) {
    if (((uintptr_t)state & 3) != 0) {
        return SMG_E_ALIGNMENT;
    }
    memset(state, 0, state_size((const smg_audio *)section));
    return 0;
}

int32_t smg_audio_feed(const void *section, void *state, const int16_t *samples, size_t count) {
    const smg_audio *a = (const smg_audio *)section;
    smg_audio_view v = view_of(a, state);
    if (*v.used > a->window) {
        return SMG_E_ORDER;
    }
    uint32_t room = a->window - *v.used;
    uint32_t taken = count < room ? (uint32_t)count : room;
    memcpy(v.input + *v.used, samples, taken * sizeof *samples);
    *v.used += taken;
    return (int32_t)taken;
}

/* clamp((f * mul + add) / div + offset) to int8. Only 8 bits of the quotient matter, so 8 steps of long division do. */
static int8_t to_int8(const smg_audio *a, uint32_t feature) {
    uint32_t rest = feature * a->out_mul + a->out_add;
    uint32_t most = (uint32_t)(127 - a->out_offset);
    uint32_t quotient = 0;
    for (uint32_t bit = 128; bit != 0; bit >>= 1) {
        uint32_t part = a->out_div * bit;
        if (rest >= part) {
            rest -= part;
            quotient += bit;
        }
    }
    return (int8_t)((int32_t)(quotient < most ? quotient : most) + a->out_offset);
}

static uint32_t feature_of(const smg_audio *a, const smg_audio_tables *t, uint32_t channel, uint32_t *noise,
                           uint32_t signal) {
    if (noise_count(a) != 0) {
        signal = smg_noise_reduction(a, channel, &noise[channel], signal);
    }
    if ((a->stages & SMG_AUDIO_PCAN) != 0) {
        signal = smg_pcan(a, t->gains, noise[channel], signal);
    }
    if ((a->stages & SMG_AUDIO_LOG) != 0) {
        signal = smg_log_scale(a, t->logs, signal);
    }
    return signal < 0xFFFF ? signal : 0xFFFF;
}

int32_t smg_audio_frame(const void *section, void *state, int8_t *features, uint16_t *raw) {
    const smg_audio *a = (const smg_audio *)section;
    smg_audio_view v = view_of(a, state);
    if (*v.used != a->window) {
        return *v.used > a->window ? SMG_E_ORDER : 0;
    }
    smg_audio_tables t = tables_of(a);
    uint32_t shift = smg_window(a, t.window, v.input, v.work);
    smg_fft(v.work, a->fft_size / 2u, t.twiddles);
    smg_spectrum(v.work, a->fft_size / 2u, t.twiddles);
    smg_filterbank bank = {v.work + a->first_bin, t.widths, t.weights, 0};
    smg_filterbank_next(&bank);
    for (uint32_t c = 0; c < a->channels; c++) {
        uint32_t signal = smg_sqrt64(smg_filterbank_next(&bank)) >> shift;
        uint32_t feature = feature_of(a, &t, c, v.noise, signal);
        if (raw != NULL) {
            raw[c] = (uint16_t)feature;
        }
        if (features != NULL) {
            features[c] = to_int8(a, feature);
        }
    }
    *v.used -= a->hop;
    memmove(v.input, v.input + a->hop, *v.used * sizeof *v.input);
    return 1;
}
