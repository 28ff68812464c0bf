#include "smg_mem.h"

#include <stdint.h>

/* The compiler calls these three by name. Word-wise where it can: the engine copies whole rows. */
void *memcpy(void *to, const void *from, size_t size) {
    return memmove(to, from, size);
}

void *memmove(void *to, const void *from, size_t size) {
    uint8_t *t = to;
    const uint8_t *f = from;
    if (t <= f || t >= f + size) {
        if ((((uintptr_t)t | (uintptr_t)f) & 3) == 0) {
            for (; size >= 4; size -= 4, t += 4, f += 4) {
                *(uint32_t *)(void *)t = *(const uint32_t *)(const void *)f;
            }
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
