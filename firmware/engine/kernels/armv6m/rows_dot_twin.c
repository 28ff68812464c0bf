/* What rows_dot.S computes, for other machines. */
#include "rows.h"

#ifndef __ARM_ARCH_6M__

#include "../../smg_arith.h"

void smg_rows_dot(smg_rows *r) {
    const int8_t *w = r->weights;
    for (uint32_t row = 0; row < SMG_ROWS; row++) {
        r->sums[row] = 0;
        for (uint32_t i = 0; i < r->n; i++) {
            r->sums[row] = smg_add_wrap(r->sums[row], (r->x[i] + r->offset) * *w++);
        }
    }
}

#endif
