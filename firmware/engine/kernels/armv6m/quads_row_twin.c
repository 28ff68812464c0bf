/* What quads_row.S computes, for other machines. */
#include "quads.h"

#ifndef __ARM_ARCH_6M__

#include "../../smg_arith.h"
#include "factor.h"
#include "requantise.h"

/* Where the bytes of a tap's two words belong. */
static const uint8_t channel_of[SMG_QUADS_CHANNELS] = {0, 1, 4, 5, 2, 3, 6, 7};

/* The sums of a group; returns what follows its batches. */
static const uint32_t *sum_group(const smg_quads_row *r, const uint32_t *batches, int32_t *sums) {
    for (const int32_t *x = r->x;;) {
        uint32_t control = *batches++;
        if (control == SMG_QUADS_END) {
            batches++; /* the number of chunks, which only the assembly uses */
            if (x == r->x_end) {
                return batches;
            }
            continue;
        }
        for (uint32_t n = SMG_QUADS_CHUNK - control / SMG_QUADS_TAP; n > 0; n--, x++, batches += 2) {
            for (int i = 0; i < SMG_QUADS_CHANNELS; i++) {
                int32_t w = (int32_t)((const uint8_t *)batches)[i] - 128;
                sums[channel_of[i]] = smg_add_wrap(sums[channel_of[i]], *x * w);
            }
        }
    }
}

void smg_quads_run_row(const smg_quads_row *r) {
    const uint32_t *next = r->weights;
    for (int8_t *out = r->out; out < r->out_end;) {
        int32_t sums[SMG_QUADS_CHANNELS] = {0};
        const smg_packed_factor *p = (const smg_packed_factor *)(const void *)sum_group(r, next, sums);
        next = (const uint32_t *)(const void *)(p + SMG_QUADS_CHANNELS);
        for (int i = 0; i < SMG_QUADS_CHANNELS && out < r->out_end; i++) {
            smg_factor f = smg_factor_of(p[i].multiplier, -(int32_t)p[i].rest);
            int32_t y = smg_add_wrap(smg_scale_down(smg_add_wrap(sums[i], p[i].bias), &f), r->zero_point);
            *out++ = (int8_t)smg_clamp(y, r->act_min, r->act_max);
        }
    }
}

#endif
