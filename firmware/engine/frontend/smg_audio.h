/* Smidgen's audio front end: 16-bit samples in, one row of mel features for every hop out. This is the whole interface.
 *
 *     int32_t size = smg_audio_open(section, section_size);     the model's AUDIO section, may lie in flash
 *     if (size < 0) ...                                         an SMG_E_... of smg_format.h
 *     uint32_t state[(size + 3) / 4];                           the caller's memory, one for each stream
 *     smg_audio_reset(section, state);
 *     while (n > 0) {
 *         int32_t taken = smg_audio_feed(section, state, samples, n);
 *         samples += taken, n -= taken;
 *         while (smg_audio_frame(section, state, features, NULL) == 1) use(features);
 *     }
 *
 * The arithmetic is that of TensorFlow's microfrontend, equal to the bit; docs/audio-front-end.md has the section's bytes
 * and the formula of each stage. To read along: audio.c, then the stages in their order: window.c, fft.c, filterbank.c,
 * noise_reduction.c, pcan.c, log_scale.c.
 *
 * smg_audio_open checks everything once. Afterwards nothing reaches outside the section, the state and the caller's
 * buffers, whatever bytes the section holds, provided that the section does not change. No globals, no allocation, no
 * floating point, no division, no 64-bit multiplication. */
#ifndef SMG_AUDIO_H
#define SMG_AUDIO_H

#include <stddef.h>
#include <stdint.h>

#include "../smg_format.h"

enum {
    SMG_AUDIO_NOISE_REDUCTION = 1, /* subtract the noise estimate */
    SMG_AUDIO_PCAN = 2,            /* per-channel automatic gain control */
    SMG_AUDIO_LOG = 4,             /* natural logarithm */
    SMG_AUDIO_SINGLE = 8,          /* for the host: the tables were computed in single precision */
};

/* Head of an AUDIO section, little-endian; tables follow (stages.h). The float32 fields, here as bits, and `frames` are
 * for the host: the tables already contain what they say. */
typedef struct {
    uint32_t rate_hz;            /* sampling rate that the tables were made for */
    uint16_t window;             /* samples of one analysis window, 1 to fft_size */
    uint16_t hop;                /* samples from one window to the next, 1 to window */
    uint16_t fft_size;           /* a power of two, 32 to 4096 */
    uint16_t channels;           /* features of a frame, 1 to 256 */
    uint16_t first_bin;          /* first bin of the spectrum in use, at least 1: never the DC */
    uint16_t bins;               /* bins in use; first_bin + bins is at most fft_size / 2 */
    uint16_t frames;             /* frames that a score rests on */
    uint8_t stages;              /* SMG_AUDIO_... */
    uint8_t smoothing_bits;      /* fraction bits of the noise estimate, at most 16 */
    uint16_t even_smoothing_q14; /* share of a new frame in the noise estimate of channels 0, 2, ... */
    uint16_t odd_smoothing_q14;  /* the same for channels 1, 3, ... */
    uint16_t min_signal_q14;     /* share of the signal that noise reduction always leaves */
    uint8_t gain_bits;           /* fraction bits of the PCAN gain */
    uint8_t log_shift;           /* the logarithm is scaled by 2^log_shift, at most 15 */
    uint16_t out_mul;            /* int8 feature = clamp((f * out_mul + out_add) / out_div + out_offset) */
    uint16_t out_add;
    uint16_t out_div;            /* at least 1 */
    int16_t out_offset;          /* -128 to 127 */
    uint32_t lower_hz;           /* float32 */
    uint32_t upper_hz;           /* float32 */
    uint32_t pcan_strength;      /* float32 */
    uint32_t pcan_offset;        /* float32 */
} smg_audio;

/* Check a section, 4-byte aligned and whole. Returns the bytes of state that a stream needs, exact, or an error:
 * SMG_E_TRUNCATED, SMG_E_ALIGNMENT or SMG_E_FRONTEND. */
int32_t smg_audio_open(const void *section, size_t size);

/* Start a stream: no samples, no noise seen. `state` is 4-byte aligned. Returns 0 or SMG_E_ALIGNMENT. */
int32_t smg_audio_reset(const void *section, void *state);

/* Take samples until the window is full. Returns how many were taken, 0 when a frame waits to be fetched, or
 * SMG_E_ORDER when the state was never reset. */
int32_t smg_audio_feed(const void *section, void *state, const int16_t *samples, size_t count);

/* When the window is full: write one frame, move on by a hop and return 1; otherwise return 0 and write nothing.
 * features: int8 [channels], the model's input; raw: uint16 [channels], what the mapping to int8 maps. Either may be
 * NULL. */
int32_t smg_audio_frame(const void *section, void *state, int8_t *features, uint16_t *raw);

#endif
