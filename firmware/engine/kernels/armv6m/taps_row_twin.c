/* What taps_row.S computes, for other machines. */
#include "taps.h"

#ifndef __ARM_ARCH_6M__

#include "../../smg_arith.h"

void smg_taps_run_row(const smg_taps_row *r) {
    uint32_t channel = 0;
    for (int8_t *out = r->out; out < r->out_end; out++, channel++) {
        int32_t sum = 0;
        for (uint32_t at = channel; at < r->size; at += r->channels) {
            sum = smg_add_wrap(sum, r->x[at] * r->weights[at]);
        }
        *out = smg_packed_output(&r->factors[channel], sum, r->zero_point, r->act_min, r->act_max);
    }
}

#endif
