/* What lanes_tile.S computes, for other machines. */
#include "lanes.h"

#ifndef __ARM_ARCH_6M__

#include "../../smg_arith.h"
#include "factor.h"

/* One tap: six words of two positions each, by a weight. */
static void add_tap(const int32_t *words, int32_t weight, int32_t *sums) {
    for (int i = 0; i < SMG_LANES_WORDS; i++) {
        int32_t low = (int16_t)(words[i] & 0xffff), high = (int32_t)((uint32_t)words[i] - (uint32_t)low) >> 16;
        sums[i] = smg_add_wrap(sums[i], low * weight);
        sums[i + SMG_LANES_WORDS] = smg_add_wrap(sums[i + SMG_LANES_WORDS], high * weight);
    }
}

/* The sums of a filter; returns what follows its batches. */
static const int8_t *sum_filter(const int32_t *patch, const int8_t *batches, int32_t *sums) {
    for (;;) {
        int32_t taps = (-7 - *batches) / 8;
        if (*batches++ >= 0) { /* the end of a batch */
            batches += sizeof(smg_lanes_end) - 1;
            if ((batches[-1] & SMG_LANES_MORE) == 0) {
                return batches;
            }
            continue;
        }
        for (; taps > 0; taps--, patch += SMG_LANES_WORDS) {
            add_tap(patch, *batches++, sums);
        }
    }
}

void smg_lanes_run_tile(const smg_lanes_tile *t) {
    uintptr_t weights = (uintptr_t)t->weights;
    for (uint32_t o = 0; o < t->channels; o++) {
        int32_t sums[SMG_LANES_POSITIONS] = {0}, *sum = sums;
        uintptr_t after = (uintptr_t)sum_filter(t->patch, (const int8_t *)weights, sums);
        const smg_packed_factor *factor = (const smg_packed_factor *)((after + 3) & ~(uintptr_t)3);
        for (int8_t *out = t->out + o, *end = out + t->span; out < end; out += t->stride) {
            *out = smg_packed_output(factor, *sum++, t->zero_point, t->act_min, t->act_max);
        }
        weights = (uintptr_t)(factor + 1);
    }
}

#endif
