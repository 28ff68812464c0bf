#include "grid.h"

const smg_grid_axis *smg_grid_axes(const smg_call *c, uint32_t head, uint32_t count) {
    if (c->params_size != head + count * sizeof(smg_grid_axis)) {
        return NULL;
    }
    return (const smg_grid_axis *)(const void *)((const uint8_t *)c->params + head);
}

int smg_grid_check(const smg_call *c, const smg_grid_axis *axes, uint32_t rank, uint64_t places) {
    uint64_t count = 1, last[SMG_GRID_INPUTS] = {0};
    for (uint32_t i = 0; i < rank; i++) {
        count *= axes[i].extent;
        if (count == 0 || count > places) {
            return 0;
        }
        for (uint32_t k = 0; k < SMG_GRID_INPUTS; k++) { /* no overflow: extents are below 2^31, ranks at most 12 */
            last[k] += (uint64_t)(axes[i].extent - 1) * axes[i].stride[k];
            if (last[k] >= (k < c->op->input_count ? smg_elements(smg_in(c, k)) : 1)) {
                return 0;
            }
        }
    }
    return count == places;
}

smg_grid smg_grid_start(const smg_grid_axis *axes, uint32_t rank) {
    return (smg_grid){axes, rank, {0}, {0}};
}

int smg_grid_next(smg_grid *g) {
    for (uint32_t i = g->rank; i-- > 0;) {
        const smg_grid_axis *a = &g->axes[i];
        int more = ++g->index[i] < a->extent;
        for (uint32_t k = 0; k < SMG_GRID_INPUTS; k++) {
            g->at[k] += a->stride[k] - (more ? 0 : a->extent * a->stride[k]);
        }
        if (more) {
            return 1;
        }
        g->index[i] = 0;
    }
    return 0;
}
