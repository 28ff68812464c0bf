#include "tile.h"

#if SMG_TILE_DSP

/* Four products with each of the filters at w, w + step, ... The whole in assembly: compilers load early and run out of
 * registers. */
static inline void four(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t step, uint32_t offsets) {
    uint32_t even, odd, bytes, pair;
    __asm__("ldr %[bytes], [%[x]]\n"
            "sxtab16 %[even], %[offsets], %[bytes]\n"
            "sxtab16 %[odd], %[offsets], %[bytes], ror #8\n"
            "ldr %[bytes], [%[w]]\n"
            "sxtb16 %[pair], %[bytes]\n"
            "smlad %[a], %[even], %[pair], %[a]\n"
            "sxtb16 %[pair], %[bytes], ror #8\n"
            "smlad %[a], %[odd], %[pair], %[a]\n"
            "ldr %[bytes], [%[w], %[step]]\n"
            "sxtb16 %[pair], %[bytes]\n"
            "smlad %[b], %[even], %[pair], %[b]\n"
            "sxtb16 %[pair], %[bytes], ror #8\n"
            "smlad %[b], %[odd], %[pair], %[b]\n"
            "ldr %[bytes], [%[w], %[step], lsl #1]\n"
            "sxtb16 %[pair], %[bytes]\n"
            "smlad %[c], %[even], %[pair], %[c]\n"
            "sxtb16 %[pair], %[bytes], ror #8\n"
            "smlad %[c], %[odd], %[pair], %[c]\n"
            "add %[bytes], %[w], %[step], lsl #1\n"
            "ldr %[bytes], [%[bytes], %[step]]\n"
            "sxtb16 %[pair], %[bytes]\n"
            "smlad %[d], %[even], %[pair], %[d]\n"
            "sxtb16 %[pair], %[bytes], ror #8\n"
            "smlad %[d], %[odd], %[pair], %[d]\n"
            : [a] "+r"(sums[0]), [b] "+r"(sums[1]), [c] "+r"(sums[2]), [d] "+r"(sums[3]), [even] "=&r"(even),
              [odd] "=&r"(odd), [bytes] "=&r"(bytes), [pair] "=&r"(pair)
            : [x] "r"(x), [w] "r"(w), [step] "r"(step), [offsets] "r"(offsets)
            : "memory");
}

#else

static inline int32_t smg_offsets(int32_t zero) {
    return zero;
}

#if defined(__XTENSA_WINDOWED_ABI__)

/* The ESP32 and its kin extend a sign in one instruction, which this compiler does not know. In order: it would load early
 * and run out of registers. */
static inline int32_t int8_at(const int8_t *at) {
    int32_t value;
    __asm__ volatile("l8ui %0, %1\n\tsext %0, %0, 7" : "=r"(value) : "m"(*at));
    return value;
}

static inline void four(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t step, int32_t zero) {
    const int8_t *a = w + step, *b = a + step, *c = b + step;
    __asm__("" : "+r"(a), "+r"(b), "+r"(c)); /* kept in registers, not made again for every load */
#pragma GCC unroll 4
    for (uint32_t i = 0; i < 4; i++) {
        int32_t value = int8_at(x + i) - zero;
        sums[0] = smg_add_wrap(sums[0], value * int8_at(w + i));
        sums[1] = smg_add_wrap(sums[1], value * int8_at(a + i));
        sums[2] = smg_add_wrap(sums[2], value * int8_at(b + i));
        sums[3] = smg_add_wrap(sums[3], value * int8_at(c + i));
    }
}

#else

static inline void four(int32_t *sums, const int8_t *x, const int8_t *w, uint32_t step, int32_t zero) {
    const int8_t *v = w + 2 * step;
    for (uint32_t i = 0; i < 4; i++) {
        int32_t value = x[i] - zero;
        sums[0] = smg_add_wrap(sums[0], value * w[i]);
        sums[1] = smg_add_wrap(sums[1], value * w[step + i]);
        sums[2] = smg_add_wrap(sums[2], value * v[i]);
        sums[3] = smg_add_wrap(sums[3], value * v[step + i]);
    }
}

#endif
#endif

void smg_tile(int32_t *to, const int8_t *x, const int8_t *w, uint32_t step, uint32_t n, int32_t zero) {
    int32_t sums[TILE] = {to[0], to[1], to[2], to[3]};
    const int8_t *end = x + n, *fours_end = x + (n & ~3u);
    for (; x < fours_end; x += 4, w += 4) {
        four(sums, x, w, step, smg_offsets(zero));
    }
    for (; x < end; x++, w++) {
        int32_t value = *x - zero;
        for (uint32_t i = 0; i < TILE; i++) {
            sums[i] = smg_add_wrap(sums[i], value * w[i * step]);
        }
    }
    for (uint32_t i = 0; i < TILE; i++) {
        to[i] = sums[i];
    }
}
