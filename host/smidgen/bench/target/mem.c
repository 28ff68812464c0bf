#include "smg_mem.h"

#include <stdint.h>

/* The compiler calls these three by name. Four words at a time where it can, as a firmware's
 * do: the engine copies whole rows. */
void *memcpy(void *to, const void *from, size_t size) {
    return memmove(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    uint8_t *t = to;
    const uint8_t *f = from;
    if (t <= f || t >= f + size) {
        if ((((uintptr_t)t | (uintptr_t)f) & 3) == 0) {
            uint32_t *words = to;
            const uint32_t *source = from;
            for (; size >= 16; size -= 16, words += 4, source += 4) {
                uint32_t a = source[0], b = source[1], c = source[2], d = source[3];
                words[0] = a, words[1] = b, words[2] = c, words[3] = d;
            }
            for (; size >= 4; size -= 4) {
                *words++ = *source++;
            }
            t = (uint8_t *)words;
            f = (const uint8_t *)source;
        }
        while (size--) {
            *t++ = *f++;
        }
    } else {
        while (size--) {
            t[size] = f[size];
        }
    }
    return to;
}

void *memset(void *to, int byte, size_t size) {
    uint8_t *t = to;
    uint32_t word = (uint8_t)byte * 0x01010101u;
    if (((uintptr_t)t & 3) == 0) {
        for (; size >= 4; size -= 4, t += 4) {
            *(uint32_t *)(void *)t = word;
        }
    }
    while (size--) {
        *t++ = (uint8_t)byte;
    }
    return to;
}
