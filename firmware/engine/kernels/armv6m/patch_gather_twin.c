/* What patch_gather.S computes, for other machines. */
#include "patch.h"

#ifndef __ARM_ARCH_6M__

void smg_patch_gather(int32_t *words, const int8_t *a, const int8_t *b, const smg_patch_lines *w) {
    for (int32_t line = 0; line < w->lines; line++, a += w->pitch, b += w->pitch) {
        for (int32_t i = 0; i < w->n; i++, words += SMG_LANES_WORDS) {
            *words = (int32_t)((uint32_t)b[i] << 16) + a[i];
        }
    }
}

void smg_patch_strip(int32_t *words, const int8_t *a, const int8_t *b, const smg_patch_lines *w) {
    for (int32_t i = 0; i < SMG_LANES_WORDS; i++) {
        smg_patch_gather(words + i, a + i * w->apart, b + i * w->apart, w);
    }
}

#endif
