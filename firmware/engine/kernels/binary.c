#include "binary.h"

#include "grid.h"
#include "integer.h"

static uint32_t rank_of(const smg_call *c) {
    return *(const uint8_t *)c->params;
}

int smg_binary_has_form(const smg_call *c, uint32_t params_size) {
    if (c->op->input_count != 2 || c->op->output_count != 1 || c->params_size < params_size || rank_of(c) < 1 ||
        rank_of(c) > 6) {
        return 0;
    }
    const smg_grid_axis *axes = smg_grid_axes(c, params_size, rank_of(c));
    return axes != NULL && smg_is_integer(smg_in(c, 0)->type) && smg_is_integer(smg_in(c, 1)->type) &&
           smg_is_integer(smg_out(c, 0)->type) && smg_grid_check(c, axes, rank_of(c), smg_elements(smg_out(c, 0)));
}

int smg_binary_scales(const smg_call *c) {
    const smg_add_params *p = c->params;
    return smg_binary_has_form(c, sizeof *p) && p->reserved == 0 && p->left_shift <= 31 &&
           smg_factor_fits(p->multiplier_a, p->shift_a) && smg_factor_fits(p->multiplier_b, p->shift_b) &&
           smg_factor_fits(p->multiplier, p->shift) && smg_clamp_fits(smg_out(c, 0)->type, p->act_min, p->act_max);
}

int32_t smg_binary_run(const smg_call *c, uint32_t params_size, smg_binary_function function) {
    const smg_grid_axis *axes = smg_grid_axes(c, params_size, rank_of(c)), *line = &axes[rank_of(c) - 1];
    uint8_t type_a = smg_in(c, 0)->type, type_b = smg_in(c, 1)->type, type_out = smg_out(c, 0)->type;
    const void *a = smg_in_data(c, 0), *b = smg_in_data(c, 1);
    void *out = smg_out_data(c, 0);
    smg_binary k = {c->params, smg_in(c, 0)->zero_point, smg_in(c, 1)->zero_point, smg_out(c, 0)->zero_point, c->op->code,
                    type_a != SMG_TYPE_INT8 && type_a != SMG_TYPE_INT16};
    smg_grid g = smg_grid_start(axes, rank_of(c) - 1);
    uint32_t o = 0;
    do {
        uint32_t i = g.at[0], j = g.at[1];
        for (uint32_t n = line->extent; n > 0; n--, i += line->stride[0], j += line->stride[1]) {
            int32_t value = function(&k, smg_integer_at(type_a, a, i), smg_integer_at(type_b, b, j));
            smg_integer_set(type_out, out, o++, value);
        }
    } while (smg_grid_next(&g));
    return 0;
}
