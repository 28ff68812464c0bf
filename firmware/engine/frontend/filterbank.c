/* Triangular mel filters over the energies of the spectrum. Neighbouring triangles overlap exactly: a bin's weight goes
 * to the channel that falls there, the rest of it to the channel that rises. */
#include "stages.h"

/* energy * weight from 16-bit halves: a 64-bit product is a function call on small cores. */
static inline uint64_t weighed(uint32_t energy, uint32_t weight) {
    return ((uint64_t)((energy >> 16) * weight) << 16) + (energy & 0xFFFF) * weight;
}

uint64_t smg_filterbank_next(smg_filterbank *f) {
    uint64_t falling = 0, whole = 0;
    for (uint32_t left = *f->widths++; left != 0; left--) {
        uint32_t energy = *f->energy++;
        uint32_t weight = *f->weights++;
        falling += weighed(energy, weight & SMG_WEIGHT_MASK);
        whole += (uint64_t)energy << SMG_WEIGHT_BITS;
        if (weight > SMG_WEIGHT_MASK) { /* share and complement, rounded up each, are together one more than 1 */
            whole += energy;
        }
    }
    uint64_t sum = f->rising + falling;
    f->rising = whole - falling;
    return sum;
}

static uint32_t sqrt32(uint32_t x) {
    uint32_t root = 0;
    uint32_t bit = x == 0 ? 0 : 1u << ((smg_bit_length(x) - 1) & ~1u);
    for (; bit != 0; bit >>= 2) {
        uint32_t trial = root + bit;
        root >>= 1;
        if (x >= trial) {
            x -= trial;
            root += bit;
        }
    }
    return x > root && root != 0xFFFF ? root + 1 : root;
}

/* Square root, rounded to nearest; one less than that just below 2^32 and 2^64, as in the microfrontend. */
uint32_t smg_sqrt64(uint64_t x) {
    if (x >> 32 == 0) {
        return sqrt32((uint32_t)x);
    }
    uint64_t root = 0;
    uint64_t bit = (uint64_t)(1u << ((smg_bit_length((uint32_t)(x >> 32)) - 1) & ~1u)) << 32;
    for (; bit != 0; bit >>= 2) {
        uint64_t trial = root + bit;
        root >>= 1;
        if (x >= trial) {
            x -= trial;
            root += bit;
        }
    }
    return (uint32_t)(x > root && root != 0xFFFFFFFF ? root + 1 : root);
}
