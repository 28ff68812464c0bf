/* SELECT: one of two stored values. */
#include "../smg_mem.h"
#include "grid.h"
#include "kernels.h"

/* Bytes of an element, 0 for types that are not whole bytes or larger than a word. */
static uint32_t unit_of(uint8_t type) {
    switch (type) {
    case SMG_TYPE_INT8:
    case SMG_TYPE_UINT8:
    case SMG_TYPE_BOOL:
        return 1;
    case SMG_TYPE_INT16:
        return 2;
    case SMG_TYPE_INT32:
    case SMG_TYPE_FLOAT32:
        return 4;
    default:
        return 0;
    }
}

int64_t smg_select_check(const smg_call *c) {
    const smg_minimum_params *p = c->params;
    if (c->op->input_count != 3 || c->op->output_count != 1 || c->params_size < sizeof *p || p->rank < 1 || p->rank > 6 ||
        p->reserved != 0 || p->reserved2 != 0) {
        return SMG_E_OPERATOR;
    }
    const smg_grid_axis *axes = smg_grid_axes(c, sizeof *p, p->rank);
    uint8_t type = smg_out(c, 0)->type;
    int fits = axes != NULL && smg_in(c, 0)->type == SMG_TYPE_BOOL && smg_in(c, 1)->type == type &&
               smg_in(c, 2)->type == type && unit_of(type) != 0 &&
               smg_grid_check(c, axes, p->rank, smg_elements(smg_out(c, 0)));
    return fits ? 0 : SMG_E_OPERATOR;
}

int32_t smg_select_run(const smg_call *c) {
    const smg_minimum_params *p = c->params;
    uint32_t unit = unit_of(smg_out(c, 0)->type);
    const uint8_t *condition = smg_in_data(c, 0), *a = smg_in_data(c, 1), *b = smg_in_data(c, 2);
    uint8_t *o = smg_out_data(c, 0);
    smg_grid g = smg_grid_start(smg_grid_axes(c, sizeof *p, p->rank), p->rank);
    do {
        memmove(o, condition[g.at[0]] ? a + g.at[1] * unit : b + g.at[2] * unit, unit);
        o += unit;
    } while (smg_grid_next(&g));
    return 0;
}
