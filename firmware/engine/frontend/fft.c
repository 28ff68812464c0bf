/* Fixed-point FFT, decimation in time, radix 4 with one radix-2 stage where the size needs it. Each stage divides by
 * its radix. Rounding and the order of operations are those of kissfft with 16-bit scalars, so that the results are its
 * bits.
 *
 * A complex number is one word: int16 real part in the low half, imaginary part in the high. Sums wrap at 16 bits. */
#include "stages.h"

typedef struct {
    int32_t r, i;
} complex32;

static inline complex32 unpack(uint32_t word) {
    complex32 z = {(int16_t)(uint16_t)word, (int16_t)(uint16_t)(word >> 16)};
    return z;
}

static inline uint32_t pack(int32_t r, int32_t i) {
    return ((uint32_t)r & 0xFFFF) | (uint32_t)i << 16;
}

static inline int32_t round_q15(int32_t x) {
    return (x + 0x4000) >> 15;
}

/* x / 2 or x / 4 as kissfft rounds them: a product with 32767 / 2 or 32767 / 4. */
static inline complex32 half(complex32 z) {
    complex32 h = {round_q15(z.r * 16383), round_q15(z.i * 16383)};
    return h;
}

static inline complex32 quarter(complex32 z) {
    complex32 q = {round_q15(z.r * 8191), round_q15(z.i * 8191)};
    return q;
}

static inline complex32 product(complex32 a, complex32 b) {
    complex32 p = {(int16_t)round_q15(a.r * b.r - a.i * b.i), (int16_t)round_q15(a.r * b.i + a.i * b.r)};
    return p;
}

/* exp(-2 pi j index / (4 turn)) from the table of the first quarter turn; another quarter turns (c, s) into (s, -c). */
static inline complex32 twiddle(const uint32_t *table, uint32_t turn, uint32_t index) {
    uint32_t quarters = 0;
    while (index > turn) {
        index -= turn;
        quarters++;
    }
    complex32 w = unpack(table[index]);
    for (; quarters != 0; quarters--) {
        complex32 turned = {w.i, -w.r};
        w = turned;
    }
    return w;
}

/* The four outputs of a butterfly, from its four twiddled inputs. */
static inline void butterfly(uint32_t *z, uint32_t m, complex32 a, complex32 b, complex32 c, complex32 d) {
    complex32 sum = {a.r + c.r, a.i + c.i}, difference = {a.r - c.r, a.i - c.i};
    complex32 odd_sum = {b.r + d.r, b.i + d.i}, odd_difference = {b.r - d.r, b.i - d.i};
    z[0] = pack(sum.r + odd_sum.r, sum.i + odd_sum.i);
    z[m] = pack(difference.r + odd_difference.i, difference.i - odd_difference.r);
    z[2 * m] = pack(sum.r - odd_sum.r, sum.i - odd_sum.i);
    z[3 * m] = pack(difference.r - odd_difference.i, difference.i + odd_difference.r);
}

/* Butterflies whose twiddles are all 1. Multiplying by 32767 / 32768 changes none of these values: they are quarters,
 * and rounding to nearest restores all up to 16384. */
static void plain_butterflies(uint32_t *work, uint32_t n, uint32_t m) {
    for (uint32_t *z = work; z < work + n; z += 4 * m) {
        butterfly(z, m, quarter(unpack(z[0])), quarter(unpack(z[m])), quarter(unpack(z[2 * m])),
                  quarter(unpack(z[3 * m])));
    }
}

static void twiddled_butterflies(uint32_t *work, uint32_t n, uint32_t m, complex32 w1, complex32 w2, complex32 w3) {
    for (uint32_t *z = work; z < work + n; z += 4 * m) {
        complex32 b = product(quarter(unpack(z[m])), w1);
        complex32 c = product(quarter(unpack(z[2 * m])), w2);
        complex32 d = product(quarter(unpack(z[3 * m])), w3);
        butterfly(z, m, quarter(unpack(z[0])), b, c, d);
    }
}

static void pairs(uint32_t *work, uint32_t n) {
    for (uint32_t *z = work; z < work + n; z += 2) {
        complex32 a = half(unpack(z[0])), b = half(unpack(z[1]));
        z[0] = pack(a.r + b.r, a.i + b.i);
        z[1] = pack(a.r - b.r, a.i - b.i);
    }
}

void smg_fft(uint32_t *work, uint32_t n, const uint32_t *twiddles) {
    uint32_t turn = n / 2; /* the table belongs to the real FFT of 2 n points */
    uint32_t m = 1;
    if ((n & 0x55555555) == 0) { /* an odd power of two */
        pairs(work, n);
        m = 2;
    }
    for (; m < n; m *= 4) {
        uint32_t step = turn / m;
        plain_butterflies(work, n, m);
        for (uint32_t u = 1; u < m; u++) {
            uint32_t angle = u * step;
            twiddled_butterflies(work + u, n, m, twiddle(twiddles, turn, angle), twiddle(twiddles, turn, 2 * angle),
                                 twiddle(twiddles, turn, 3 * angle));
        }
    }
}

static inline uint32_t energy(int32_t r, int32_t i) {
    return (uint32_t)(r * r) + (uint32_t)(i * i);
}

/* Bins k and n - k come from the same two points. At k = n / 2 both are one bin and the second formula stands. */
void smg_spectrum(uint32_t *work, uint32_t n, const uint32_t *twiddles) {
    for (uint32_t k = 1; k <= n / 2; k++) {
        complex32 p = half(unpack(work[k]));
        complex32 q = unpack(work[n - k]);
        q.i = (int16_t)-q.i;
        q = half(q);
        complex32 w = unpack(twiddles[k]);
        complex32 super = {w.i, -w.r};
        complex32 sum = {p.r + q.r, p.i + q.i}, difference = {p.r - q.r, p.i - q.i};
        complex32 t = product(difference, super);
        work[k] = energy((sum.r + t.r) >> 1, (sum.i + t.i) >> 1);
        work[n - k] = energy((sum.r - t.r) >> 1, (t.i - sum.i) >> 1);
    }
}
