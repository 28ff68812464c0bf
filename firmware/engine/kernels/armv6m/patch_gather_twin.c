/* What patch_gather.S computes, for other machines. */
#include "patch.h"

#ifndef __ARM_ARCH_6M__

void smg_patch_gather(int32_t *words, const int8_t *a, const int8_t *b, int32_t n, int32_t lines, int32_t pitch) {
    for (; lines > 0; lines--, a += pitch, b += pitch) {
        for (int32_t i = 0; i < n; i++, words += SMG_LANES_WORDS) {
            *words = (int32_t)((uint32_t)b[i] << 16) + a[i];
        }
    }
}

#endif
