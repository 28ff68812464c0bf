/* SUM, REDUCE_MAX and REDUCE_MIN along some axes; MEAN is a SUM whose factor divides. */
#include "../smg_arith.h"
#include "grid.h"
#include "integer.h"
#include "kernels.h"

int64_t smg_reduce_check(const smg_call *c) {
    const smg_sum_params *p = c->params;
    if (c->op->input_count != 1 || c->op->output_count != 1 || c->params_size < sizeof *p || p->rank < 1 || p->rank > 6 ||
        p->reduced < 1 || p->reduced > 6 || p->reserved != 0 || !smg_factor_fits(p->multiplier, p->shift)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    const smg_grid_axis *axes = smg_grid_axes(c, sizeof *p, (uint32_t)p->rank + p->reduced);
    int fits = axes != NULL && (in->type == SMG_TYPE_INT8 || in->type == SMG_TYPE_INT16) && out->type == in->type &&
               smg_grid_check(c, axes, p->rank, smg_elements(out)) &&
               smg_grid_check(c, axes, (uint32_t)p->rank + p->reduced, smg_elements(in));
    return fits ? 0 : SMG_E_OPERATOR;
}

/* What some values hold together. */
typedef struct {
    int32_t sum, max, min;
} content;

static content look(const smg_tensor *in, const void *values, uint32_t first, const smg_grid_axis *axes, uint32_t rank) {
    content w = {0, INT16_MIN, INT16_MAX};
    smg_grid g = smg_grid_start(axes, rank);
    do {
        int32_t value = smg_integer_at(in->type, values, first + g.at[0]);
        w.sum = smg_add_wrap(w.sum, value - in->zero_point);
        w.max = value > w.max ? value : w.max;
        w.min = value < w.min ? value : w.min;
    } while (smg_grid_next(&g));
    return w;
}

int32_t smg_reduce_run(const smg_call *c) {
    const smg_sum_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    const smg_grid_axis *axes = smg_grid_axes(c, sizeof *p, (uint32_t)p->rank + p->reduced);
    int32_t low = in->type == SMG_TYPE_INT8 ? INT8_MIN : INT16_MIN;
    smg_grid g = smg_grid_start(axes, p->rank);
    uint32_t o = 0;
    do {
        content w = look(in, smg_in_data(c, 0), g.at[0], axes + p->rank, p->reduced);
        int32_t mean = smg_add_wrap(smg_scale(w.sum, p->multiplier, p->shift), out->zero_point);
        int32_t value = c->op->code == SMG_OP_REDUCE_MAX ? w.max : c->op->code == SMG_OP_REDUCE_MIN ? w.min : mean;
        smg_integer_set(out->type, smg_out_data(c, 0), o++, smg_clamp(value, low, -low - 1));
    } while (smg_grid_next(&g));
    return 0;
}
