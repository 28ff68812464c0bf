/* What pairs_sum.S computes, for other machines. */
#include "pairs.h"

#ifndef __ARM_ARCH_6M__

/* One tap: three words of two positions, a half-word of two weights. */
static void add_tap(const int32_t *patch, uint16_t weights, int32_t sums[12]) {
    int32_t w[2] = {(int8_t)(weights & 0xff), (int8_t)(weights >> 8)};
    for (int i = 0; i < 6; i++) {
        int32_t word = patch[i % 3], low = (int16_t)(word & 0xffff);
        int32_t x = i < 3 ? low : (int32_t)((uint32_t)word - (uint32_t)low) >> 16;
        for (int channel = 0; channel < 2; channel++) {
            sums[channel * 6 + i] = (int32_t)((uint32_t)sums[channel * 6 + i] + (uint32_t)(x * w[channel]));
        }
    }
}

const uint16_t *smg_pairs_sum(const int32_t *patch, const int32_t *end, const uint16_t *batches, int32_t sums[12]) {
    for (int i = 0; i < 12; i++) {
        sums[i] = 0;
    }
    for (;;) {
        uint32_t control = *batches++;
        if (control == SMG_PAIRS_END) {
            batches++; /* the number of chunks, which only the assembly uses */
            if (patch == end) {
                return batches;
            }
            continue;
        }
        for (uint32_t n = SMG_PAIRS_CHUNK - control / 2; n > 0; n--, patch += 3) {
            add_tap(patch, *batches++, sums);
        }
    }
}

#endif
