/* Per-channel amplitude normalisation: the signal times a gain that falls with the channel's noise, then compressed. */
#include "stages.h"

enum { OUTPUT_BITS = 6 };

/* gain(noise) by a parabola through three points of each octave. The octave of n bits has the entries y, a1, a2. */
static uint32_t gain(uint32_t noise, const int16_t *gains) {
    if (noise <= 1) {
        return (uint16_t)gains[noise];
    }
    uint32_t bits = smg_bit_length(noise);
    const int16_t *entry = gains + 3 * bits - 4;
    uint32_t x = (bits < 11 ? noise << (11 - bits) : noise >> (bits - 11)) & 0x3FF; /* position in the octave, Q10 */
    uint32_t slope = (uint32_t)(((int32_t)entry[2] * (int32_t)x) >> 5) + ((uint32_t)(int32_t)entry[1] << 5);
    int32_t rise = (int32_t)(slope * x + (1u << 14)) >> 15;
    return (uint16_t)(rise + entry[0]);
}

uint32_t smg_pcan(const smg_audio *a, const int16_t *gains, uint32_t noise, uint32_t signal) {
    uint32_t shift = (uint32_t)(a->gain_bits - smg_correction_bits(a) - SMG_SNR_BITS);
    uint32_t factor = gain(noise, gains);
    uint64_t amplified = ((uint64_t)((signal >> 16) * factor) << 16) + (signal & 0xFFFF) * factor;
    /* amplified >> shift, from words: a 64-bit shift by a variable is a function call on small cores */
    uint32_t snr = (uint32_t)(amplified >> 32) << 1 << (31 - shift) | (uint32_t)amplified >> shift;
    if (snr < 2u << SMG_SNR_BITS) {
        return (snr * snr) >> (2 + 2 * SMG_SNR_BITS - OUTPUT_BITS);
    }
    return (snr >> (SMG_SNR_BITS - OUTPUT_BITS)) - (1u << OUTPUT_BITS);
}
