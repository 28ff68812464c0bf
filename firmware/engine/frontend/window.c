/* Hann window and block scaling: the loudest sample is shifted to 15 bits, so that the fixed-point FFT loses little. */
#include "stages.h"

static int32_t weighed(int32_t sample, int32_t coefficient) {
    return (sample * coefficient) >> SMG_WEIGHT_BITS;
}

/* The larger magnitude. -32768 does not count: its magnitude does not fit 16 bits, and the microfrontend skips it too. */
static int32_t louder(int32_t most, int32_t v) {
    v = v < 0 ? -v : v;
    return v > most && v < 32768 ? v : most;
}

/* Where the FFT's next input goes. Positions count with their base-4 digits reversed (a last digit of base 2 when n is not
 * a power of 4): the first digit to step is the most significant one. */
static uint32_t next_position(uint32_t p, uint32_t n) {
    uint32_t step = n >> 2;
    while (step != 0 && (p & 3 * step) == 3 * step) {
        p -= 3 * step;
        step >>= 2;
    }
    return p + (step != 0 ? step : 1);
}

uint32_t smg_window(const smg_audio *a, const int16_t *coefficients, const int16_t *input, uint32_t *work) {
    uint32_t n = a->fft_size / 2u;
    uint32_t p = 0;
    int32_t most = 0;
    for (uint32_t i = 0; i < 2 * n; i += 2) { /* the real signal as half as many complex numbers */
        int32_t even = i < a->window ? weighed(input[i], coefficients[i]) : 0;
        int32_t odd = i + 1 < a->window ? weighed(input[i + 1], coefficients[i + 1]) : 0;
        most = louder(louder(most, even), odd);
        work[p] = ((uint32_t)even & 0xFFFF) | (uint32_t)odd << 16;
        p = next_position(p, n);
    }
    uint32_t shift = 15 - smg_bit_length((uint32_t)most);
    for (uint32_t i = 0; i < n; i++) {
        work[i] = (work[i] << shift & 0xFFFF) | work[i] >> 16 << (16 + shift);
    }
    return shift;
}
