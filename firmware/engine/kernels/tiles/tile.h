/* The inner loops: sums of products of int8 inputs, less their zero point, with int8 weights. */
#ifndef SMG_TILE_H
#define SMG_TILE_H

#include "../../smg_arith.h"

#if defined(__ARM_FEATURE_DSP) && __ARM_FEATURE_DSP
#define SMG_TILE_DSP 1
#else
#define SMG_TILE_DSP 0
#endif

enum { TILE = 4 }; /* filters, or channels, at a time */

#if SMG_TILE_DSP

/* Four bytes, wherever they lie: these cores load words from any address. */
static inline uint32_t smg_four(const int8_t *at) {
    uint32_t word;
    __builtin_memcpy(&word, at, sizeof word);
    return word;
}

/* Bytes 0 and 2, or 1 and 3, of `bytes` as two int16, added to the two in `to`. */
static inline uint32_t smg_even(uint32_t to, uint32_t bytes) {
    __asm__("sxtab16 %0, %1, %2" : "=r"(to) : "r"(to), "r"(bytes));
    return to;
}

static inline uint32_t smg_odd(uint32_t to, uint32_t bytes) {
    __asm__("sxtab16 %0, %1, %2, ror #8" : "=r"(to) : "r"(to), "r"(bytes));
    return to;
}

static inline uint32_t smg_even_alone(uint32_t bytes) {
    __asm__("sxtb16 %0, %1" : "=r"(bytes) : "r"(bytes));
    return bytes;
}

static inline uint32_t smg_odd_alone(uint32_t bytes) {
    __asm__("sxtb16 %0, %1, ror #8" : "=r"(bytes) : "r"(bytes));
    return bytes;
}

/* sum + the product of the low halves, or of the high ones, wrapping. */
static inline int32_t smg_low(int32_t sum, uint32_t a, uint32_t b) {
    __asm__("smlabb %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}

static inline int32_t smg_high(int32_t sum, uint32_t a, uint32_t b) {
    __asm__("smlatt %0, %1, %2, %0" : "+r"(sum) : "r"(a), "r"(b));
    return sum;
}

/* The zero point to be subtracted, as smg_even and smg_odd add it. */
static inline uint32_t smg_offsets(int32_t zero_point) {
    return ((uint32_t)-zero_point & 0xffff) * 0x10001u;
}

/* One tap of four channels. */
static inline void smg_tile_tap(int32_t *sums, const int8_t *x, const int8_t *w, int32_t zero) {
    uint32_t offsets = smg_offsets(zero), four = smg_four(x), weights = smg_four(w);
    uint32_t even = smg_even(offsets, four), odd = smg_odd(offsets, four);
    uint32_t even_w = smg_even_alone(weights), odd_w = smg_odd_alone(weights);
    sums[0] = smg_low(sums[0], even, even_w);
    sums[1] = smg_low(sums[1], odd, odd_w);
    sums[2] = smg_high(sums[2], even, even_w);
    sums[3] = smg_high(sums[3], odd, odd_w);
}

#else

static inline void smg_tile_tap(int32_t *sums, const int8_t *x, const int8_t *w, int32_t zero) {
    for (uint32_t i = 0; i < TILE; i++) {
        sums[i] = smg_add_wrap(sums[i], (x[i] - zero) * w[i]);
    }
}

#endif

/* sums[i] += the n products of `x` with the filter at w + i * step. */
void smg_tile(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t step, uint32_t n, int32_t zero);

#endif
