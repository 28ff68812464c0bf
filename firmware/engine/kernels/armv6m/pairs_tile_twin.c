/* What pairs_tile.S computes, for other machines. */
#include "pairs.h"

#ifndef __ARM_ARCH_6M__

#include "../../smg_arith.h"
#include "requantise.h"

/* One tap: three words of two positions, a half-word of two weights. */
static void add_tap(const int32_t *patch, uint16_t weights, int32_t sums[2][6]) {
    int32_t w[2] = {(int8_t)(weights & 0xff), (int8_t)(weights >> 8)};
    for (int i = 0; i < 6; i++) {
        int32_t word = patch[i % 3], low = (int16_t)(word & 0xffff);
        int32_t x = i < 3 ? low : (int32_t)((uint32_t)word - (uint32_t)low) >> 16;
        for (int channel = 0; channel < 2; channel++) {
            sums[channel][i] = smg_add_wrap(sums[channel][i], x * w[channel]);
        }
    }
}

/* The sums of a pair; returns what follows its batches. */
static const uint16_t *sum_pair(const int32_t *patch, const int32_t *end, const uint16_t *batches, int32_t sums[2][6]) {
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

static int32_t two_products(const smg_pairs_factor *p, int32_t sum) {
    uint32_t low = (uint32_t)sum * (p->rest >> 8 & 0xffff), high = (uint32_t)sum * (uint32_t)p->multiplier;
    uint32_t x = (uint32_t)((int32_t)low >> 13) + high + (uint32_t)p->bias;
    return smg_clamp((int32_t)x >> (p->rest & 31), 0, 255) - 128;
}

int8_t smg_pairs_output(const smg_pairs_factor *p, int32_t sum, int32_t zero_point, int32_t act_min, int32_t act_max) {
    if (p->rest >= SMG_PAIRS_TWO_PRODUCTS) {
        return (int8_t)two_products(p, sum);
    }
    smg_factor f = smg_factor_of(p->multiplier, -(int32_t)p->rest);
    int32_t y = smg_add_wrap(smg_scale_down(smg_add_wrap(sum, p->bias), &f), zero_point);
    return (int8_t)smg_clamp(y, act_min, act_max);
}

static void store(const smg_pairs_tile *t, const smg_pairs_factor *p, int8_t *out, const int32_t *sums) {
    for (int8_t *end = out + t->span; out < end; out += t->stride) {
        *out = smg_pairs_output(p, *sums++, t->zero_point, t->act_min, t->act_max);
    }
}

void smg_pairs_run_tile(const smg_pairs_tile *t) {
    uintptr_t weights = (uintptr_t)t->weights;
    for (uint32_t o = 0; o < t->channels; o += 2) {
        int32_t sums[2][6] = {{0}};
        uintptr_t after = (uintptr_t)sum_pair(t->patch, t->patch_end, (const uint16_t *)weights, sums);
        const smg_pairs_factor *factors = (const smg_pairs_factor *)((after + 3) & ~(uintptr_t)3);
        store(t, &factors[0], t->out + o, sums[0]);
        if (o + 1 < t->channels) {
            store(t, &factors[1], t->out + o + 1, sums[1]);
        }
        weights = (uintptr_t)(factors + 2);
    }
}

#endif
