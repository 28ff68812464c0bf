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

/* For a small x of 9 bits, (x << left) * multiplier / 2^31 rounded half up is made of two products of at most 25 bits. */
int32_t smg_binary_operand(const smg_binary *k, int32_t x, int32_t multiplier, int32_t shift) {
    uint32_t left = k->params->left_shift;
    if (!k->small || shift > 0) {
        return smg_scale(smg_shift_left(x, left), multiplier, shift);
    }
    int32_t low = (x * (multiplier & 0xffff) + (1 << (30 - left))) >> (31 - left);
    int32_t scaled = smg_add_wrap(smg_shift_left(x * (multiplier >> 16), left - 15), low);
    return shift == 0 ? scaled : smg_rounding_shift(scaled, (uint32_t)-shift);
}

/* The operands of a call and how to compute with them. */
typedef struct {
    const void *a, *b;
    void *out;
    uint8_t type_a, type_b, type_out;
    smg_binary k;
} walk;

static walk walk_of(const smg_call *c) {
    const smg_tensor *a = smg_in(c, 0), *b = smg_in(c, 1), *out = smg_out(c, 0);
    walk w = {smg_in_data(c, 0), smg_in_data(c, 1), smg_out_data(c, 0), a->type, b->type, out->type, {0}};
    w.k.params = c->params;
    w.k.zero_a = a->zero_point;
    w.k.zero_b = b->zero_point;
    w.k.zero_out = out->zero_point;
    w.k.code = c->op->code;
    w.k.whole = a->type != SMG_TYPE_INT8 && a->type != SMG_TYPE_INT16;
    w.k.small = a->type == SMG_TYPE_INT8 && w.k.params->left_shift >= 15 && w.k.params->left_shift <= 22;
    return w;
}

/* `line->extent` outputs from the `o`th on, from inputs `i` and `j` on. */
static void run_line(const walk *w, smg_binary_function f, const smg_grid_axis *line, uint32_t o, uint32_t i, uint32_t j) {
    uint32_t end = o + line->extent;
    if (w->type_a == SMG_TYPE_INT8 && w->type_b == SMG_TYPE_INT8 && w->type_out == SMG_TYPE_INT8) {
        for (; o < end; o++, i += line->stride[0], j += line->stride[1]) {
            ((int8_t *)w->out)[o] = (int8_t)f(&w->k, ((const int8_t *)w->a)[i], ((const int8_t *)w->b)[j]);
        }
        return;
    }
    for (; o < end; o++, i += line->stride[0], j += line->stride[1]) {
        int32_t a = smg_integer_at(w->type_a, w->a, i), b = smg_integer_at(w->type_b, w->b, j);
        smg_integer_set(w->type_out, w->out, o, f(&w->k, a, b));
    }
}

int32_t smg_binary_run(const smg_call *c, uint32_t params_size, smg_binary_function function) {
    uint32_t rank = rank_of(c), o = 0;
    const smg_grid_axis *axes = smg_grid_axes(c, params_size, rank), *line = &axes[rank - 1];
    smg_grid g = smg_grid_start(axes, rank - 1);
    walk w = walk_of(c);
    do {
        run_line(&w, function, line, o, g.at[0], g.at[1]);
        o += line->extent;
    } while (smg_grid_next(&g));
    return 0;
}
