/* LSTM: INT8 or INT16 activations, INT16 cell state. The output doubles as scratch: a step's hidden state is computed
 * there and becomes the state when all of the step's cells are done. */
#include "../smg_arith.h"
#include "../smg_mem.h"
#include "dot.h"
#include "element.h"
#include "kernels.h"
#include "sigmoid.h"

enum { INPUT, FORGET, CELL, OUTPUT, GATES };

/* Sizes, which the tensors repeat. */
typedef struct {
    uint32_t n, steps, inputs, cells;
} sizes;

static sizes sizes_of(const smg_call *c) {
    const uint32_t *in = smg_in(c, 0)->dims;
    uint32_t major = ((const smg_lstm_params *)c->params)->time_major;
    return (sizes){in[major], in[1 - major], in[2], smg_in(c, 1)->dims[1]};
}

static int scaling_fits(int32_t multiplier, int32_t shift, int32_t most) {
    return multiplier >= 0 && shift >= -31 && shift <= most;
}

static int scalings_fit(const smg_call *c) {
    const smg_lstm_params *p = c->params;
    const smg_tensor *t = smg_in(c, 4);
    if (t->type != SMG_TYPE_INT32 || t->place != SMG_PLACE_DATA || smg_elements(t) != 4 * GATES) {
        return 0;
    }
    const int32_t *multipliers = smg_in_data(c, 4), *shifts = multipliers + 2 * GATES;
    int fit = p->cell_clip >= 0 && p->cell_clip <= 32768 && p->tanh_shift >= -31 && p->tanh_shift <= 14 &&
              scaling_fits(p->forget_multiplier, p->forget_shift, 30) &&
              scaling_fits(p->input_multiplier, p->input_shift, 30) &&
              scaling_fits(p->hidden_multiplier, p->hidden_shift, 30);
    for (uint32_t i = 0; i < 2 * GATES; i++) {
        fit = fit && scaling_fits(multipliers[i], shifts[i], smg_in(c, 3)->type == SMG_TYPE_INT64 ? 7 : 30);
    }
    return fit;
}

static int is_cube(const smg_tensor *t, uint8_t type, uint32_t a, uint32_t b, uint32_t c) {
    return t->type == type && t->rank == 3 && t->dims[0] == a && t->dims[1] == b && t->dims[2] == c;
}

static int is_line(const smg_tensor *t, uint8_t type, uint64_t elements) {
    return t->type == type && smg_elements(t) == elements;
}

int64_t smg_lstm_check(const smg_call *c) {
    const smg_lstm_params *p = c->params;
    if (!smg_has_form(c, 6, 3, sizeof *p) || p->time_major > 1) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0);
    if ((in->type != SMG_TYPE_INT8 && in->type != SMG_TYPE_INT16) || in->rank != 3 || smg_in(c, 1)->rank != 3) {
        return SMG_E_OPERATOR;
    }
    sizes s = sizes_of(c);
    uint64_t state = (uint64_t)s.n * s.cells;
    uint8_t bias_type = in->type == SMG_TYPE_INT16 ? SMG_TYPE_INT64 : SMG_TYPE_INT32;
    int fits = is_cube(smg_in(c, 1), SMG_TYPE_INT8, GATES, s.cells, s.inputs) &&
               is_cube(smg_in(c, 2), SMG_TYPE_INT8, GATES, s.cells, s.cells) &&
               is_line(smg_in(c, 3), bias_type, (uint64_t)GATES * s.cells) && scalings_fit(c) &&
               is_line(smg_in(c, 5), SMG_TYPE_INT16, 256) &&
               is_cube(smg_out(c, 0), in->type, in->dims[0], in->dims[1], s.cells) &&
               is_line(smg_out(c, 1), in->type, state) && is_line(smg_out(c, 2), SMG_TYPE_INT16, state);
    int64_t weights = fits ? (int64_t)smg_elements(smg_in(c, 1)) + smg_elements(smg_in(c, 2)) : 0;
    return fits ? (int64_t)s.n * s.steps * weights : SMG_E_OPERATOR;
}

static int32_t clamp16(int32_t x) {
    return smg_clamp(x, INT16_MIN, INT16_MAX);
}

/* One step of one sequence: `x` runs over its inputs, `h` over its hidden state. */
typedef struct {
    const smg_call *call;
    smg_run x, h;
    uint32_t cells;
} step;

/* The scaled sum of the products with row `row` of the weights (operand 1 or 2), plus `bias`. */
static int32_t weighted(const step *s, uint32_t operand, uint32_t row, int64_t bias) {
    const smg_call *c = s->call;
    uint32_t n = smg_in(c, operand)->dims[2];
    const int32_t *multiplier = (const int32_t *)smg_in_data(c, 4) + (operand - 1) * GATES + row / s->cells;
    smg_run w = smg_run_of(smg_in(c, operand), smg_in_data(c, operand));
    w.first = row * n;
    int64_t sum = (int64_t)((uint64_t)smg_dot(operand == 1 ? &s->x : &s->h, &w, n) + (uint64_t)bias);
    int32_t shift = multiplier[2 * GATES];
    int wide = smg_in(c, 3)->type == SMG_TYPE_INT64;
    return clamp16(wide ? smg_scale_wide(sum, *multiplier, shift) : smg_scale((int32_t)sum, *multiplier, shift));
}

/* What goes into a gate's sigmoid or tanh, in thirds of Q3.12. */
static int32_t gate(const step *s, uint32_t which, uint32_t cell) {
    uint32_t row = which * s->cells + cell;
    const void *bias = smg_in_data(s->call, 3);
    int64_t b = smg_in(s->call, 3)->type == SMG_TYPE_INT64 ? ((const int64_t *)bias)[row] : ((const int32_t *)bias)[row];
    return 3 * clamp16(weighted(s, 1, row, b) + weighted(s, 2, row, 0));
}

/* The cell state times 3 * 2^tanh_shift, rounded half up. */
static int32_t scaled_cell(int32_t cell, int32_t shift) {
    return shift >= 0 ? smg_shift_left(3 * cell, (uint32_t)shift) : (3 * cell + (1 << (-shift - 1))) >> -shift;
}

/* Update `*cell` and return the new hidden value. */
static int32_t update(const step *s, uint32_t i, int16_t *cell) {
    const smg_lstm_params *p = s->call->params;
    const uint16_t *table = smg_in_data(s->call, 5);
    int32_t forget = smg_logistic16(table, gate(s, FORGET, i));
    int32_t input = smg_logistic16(table, gate(s, INPUT, i)) * smg_tanh16(table, gate(s, CELL, i));
    int32_t kept = clamp16(smg_scale(forget * *cell, p->forget_multiplier, p->forget_shift));
    int32_t added = clamp16(smg_scale(input, p->input_multiplier, p->input_shift));
    *cell = (int16_t)smg_clamp(clamp16(kept + added), -p->cell_clip, p->cell_clip);
    int32_t shown = smg_tanh16(table, scaled_cell(*cell, p->tanh_shift)) * smg_logistic16(table, gate(s, OUTPUT, i));
    return smg_add_wrap(smg_scale(shown, p->hidden_multiplier, p->hidden_shift), s->h.zero_point);
}

int32_t smg_lstm_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    sizes z = sizes_of(c);
    uint32_t major = ((const smg_lstm_params *)c->params)->time_major, unit = in->type == SMG_TYPE_INT16 ? 2 : 1;
    int32_t limit = in->type == SMG_TYPE_INT16 ? INT16_MAX : INT8_MAX;
    uint8_t *outputs = smg_out_data(c, 0), *hidden = smg_out_data(c, 1);
    step s = {c, smg_run_of(in, smg_in_data(c, 0)), smg_run_of(smg_out(c, 1), hidden), z.cells};
    for (uint32_t i = 0; i < z.n * z.steps; i++) {
        uint32_t n = major ? i % z.n : i / z.steps;
        int16_t *cell = (int16_t *)smg_out_data(c, 2) + n * z.cells;
        s.x.first = i * z.inputs;
        s.h.first = n * z.cells;
        for (uint32_t j = 0; j < z.cells; j++) {
            smg_store(out->type, outputs, i * z.cells + j, smg_clamp(update(&s, j, &cell[j]), -limit - 1, limit));
        }
        memmove(hidden + s.h.first * unit, outputs + (size_t)i * z.cells * unit, z.cells * unit);
    }
    return 0;
}
