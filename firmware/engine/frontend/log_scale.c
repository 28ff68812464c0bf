/* Natural logarithm in Q16 from a table of 128 segments, scaled by 2^log_shift. */
#include "stages.h"

enum { SEGMENT_BITS = 7, LN2_Q16 = 45426 };

/* log2(x) - floor(log2(x)) in Q16. The table holds log2(1 + t) - t. */
static uint32_t log2_fraction(uint32_t x, uint32_t whole, const uint16_t *logs) {
    uint32_t t = x - (1u << whole);
    t = whole < 16 ? t << (16 - whole) : t >> (whole - 16);
    uint32_t segment = t >> (16 - SEGMENT_BITS);
    int32_t step = (int32_t)logs[segment + 1] - logs[segment];
    int32_t within = (int32_t)(t & ((1u << (16 - SEGMENT_BITS)) - 1));
    /* Interpolating would shift by 9 here; the microfrontend shifts by 16, and its features are the standard. */
    return t + logs[segment] + (uint32_t)((step * within) >> 16);
}

uint32_t smg_log_scale(const smg_audio *a, const uint16_t *logs, uint32_t signal) {
    int32_t correction = smg_correction_bits(a);
    uint32_t x = correction < 0 ? signal >> -correction : signal << correction;
    if (x <= 1) {
        return 0;
    }
    uint32_t whole = smg_bit_length(x) - 1;
    uint32_t natural = LN2_Q16 * whole + ((LN2_Q16 * log2_fraction(x, whole, logs) + 0x8000) >> 16);
    return ((natural << a->log_shift) + 0x8000) >> 16;
}
