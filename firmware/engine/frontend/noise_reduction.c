/* Spectral subtraction. The noise of a channel is its slowly smoothed signal; a share of the signal always remains. */
#include "stages.h"

/* (value * factor) >> 14 for a factor of at most 2^14, without a 64-bit product. */
static uint32_t scale_q14(uint32_t value, uint32_t factor) {
    return ((value >> 16) * factor << 2) + ((value & 0xFFFF) * factor >> 14);
}

uint32_t smg_noise_reduction(const smg_audio *a, uint32_t channel, uint32_t *noise, uint32_t signal) {
    uint32_t smoothing = (channel & 1) == 0 ? a->even_smoothing_q14 : a->odd_smoothing_q14;
    uint32_t rest = (1u << 14) - smoothing;
    uint32_t scaled = signal << a->smoothing_bits;
    /* (scaled * smoothing + noise * rest) >> 14, from 16-bit halves so that no product needs 64 bits */
    uint32_t high = (scaled >> 16) * smoothing + (*noise >> 16) * rest;
    uint32_t low = (scaled & 0xFFFF) * smoothing + (*noise & 0xFFFF) * rest;
    uint32_t estimate = (high << 2) + (low >> 14);
    *noise = estimate;
    if ((a->stages & SMG_AUDIO_NOISE_REDUCTION) == 0) {
        return signal; /* only PCAN wants the estimate */
    }
    uint32_t cleaned = estimate > scaled ? 0 : (scaled - estimate) >> a->smoothing_bits;
    uint32_t floor = scale_q14(signal, a->min_signal_q14);
    return cleaned > floor ? cleaned : floor;
}
