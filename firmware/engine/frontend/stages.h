/* The front end's stages and what they share. Not for callers; see smg_audio.h. */
#ifndef SMG_AUDIO_STAGES_H
#define SMG_AUDIO_STAGES_H

#include "smg_audio.h"

enum {
    SMG_WEIGHT_BITS = 12,     /* fraction bits of the window and of the filterbank's weights */
    SMG_WEIGHT_ONE = 1 << SMG_WEIGHT_BITS,
    SMG_WEIGHT_MASK = 0x7FFF, /* of a filterbank weight; bit 15: see filterbank.c */
    SMG_SNR_BITS = 12,        /* fraction bits of PCAN's signal-to-noise ratio */
    SMG_GAIN_COUNT = 95,      /* 2 + 3 for each of the intervals 2 to 32 */
    SMG_LOG_COUNT = 129,      /* 128 segments and the end of the last */
};

/* A section's tables in their order, without gaps; the section's size is a multiple of 4. */
typedef struct {
    const uint32_t *twiddles; /* [fft_size / 4 + 1] the first quarter turn: cos in the low half, -sin in the high */
    const int16_t *window;    /* [window] 0 to 1, Q12 */
    const uint16_t *widths;   /* [channels + 1] bins of each rising slope; they add up to `bins` */
    const uint16_t *weights;  /* [bins] share of the bin that goes to its falling slope, Q12 */
    const int16_t *gains;     /* [SMG_GAIN_COUNT] when PCAN is on */
    const uint16_t *logs;     /* [SMG_LOG_COUNT] when LOG is on */
    size_t size;              /* bytes of the whole section */
} smg_audio_tables;

/* A stream's state, in this order and without gaps. */
typedef struct {
    uint32_t *used;     /* samples in `input` */
    uint32_t *noise;    /* [channels] noise estimate, scaled by 2^smoothing_bits; none when no stage wants it */
    uint32_t *work;     /* [fft_size / 2] complex int16 (real part low), then energies */
    int16_t *input;     /* [window] */
} smg_audio_view;

static inline uint32_t smg_bit_length(uint32_t x) {
    uint32_t bits = 0;
    for (uint32_t step = 16; step != 0; step >>= 1) {
        if (x >> step != 0) {
            x >>= step;
            bits += step;
        }
    }
    return bits + x;
}

/* By how many bits the FFT's and the filterbank's scaling, together, left the signal too small. May be negative. */
static inline int32_t smg_correction_bits(const smg_audio *a) {
    return (int32_t)smg_bit_length(a->fft_size) - 1 - SMG_WEIGHT_BITS / 2;
}

/* window.c: weigh the input, scale it up as far as 16 bits allow and store it in the FFT's order. Returns the shift. */
uint32_t smg_window(const smg_audio *a, const int16_t *coefficients, const int16_t *input, uint32_t *work);

/* fft.c: complex FFT of `n` points in place, then the energies of the real spectrum's bins 1 to n - 1. */
void smg_fft(uint32_t *work, uint32_t n, const uint32_t *twiddles);
void smg_spectrum(uint32_t *work, uint32_t n, const uint32_t *twiddles);

/* filterbank.c: the next channel's energy. Begin with a zeroed filterbank at the first bin and skip the first answer. */
typedef struct {
    const uint32_t *energy;
    const uint16_t *widths, *weights;
    uint64_t rising; /* of the channel that comes next */
} smg_filterbank;
uint64_t smg_filterbank_next(smg_filterbank *f);
uint32_t smg_sqrt64(uint64_t x);

/* The stages of one channel. */
uint32_t smg_noise_reduction(const smg_audio *a, uint32_t channel, uint32_t *noise, uint32_t signal);
uint32_t smg_pcan(const smg_audio *a, const int16_t *gains, uint32_t noise, uint32_t signal);
uint32_t smg_log_scale(const smg_audio *a, const uint16_t *logs, uint32_t signal);

#endif
