/* What a kernel sees. A kernel is a pair: `check` proves, once, that the operator's parameters and operands fit together;
 * `run` relies on that proof and checks nothing. The engine itself has already proved that every operand lies whole in
 * its memory, and that outputs are not constants. */
#ifndef SMG_KERNEL_H
#define SMG_KERNEL_H

#include "smg.h"

#ifndef SMG_ONE_CORE
#define SMG_ONE_CORE 0 /* 1: compile nothing that shares work */
#endif

struct smg_call {
    const smg_model *model;
    const smg_operator *op;
    const uint16_t *operands; /* op->input_count inputs, then op->output_count outputs */
    const void *params;
    uint32_t params_size;
};

static inline const smg_tensor *smg_in(const smg_call *c, uint32_t i) {
    return &c->model->tensors[c->operands[i]];
}

static inline const smg_tensor *smg_out(const smg_call *c, uint32_t i) {
    return &c->model->tensors[c->operands[c->op->input_count + i]];
}

static inline void *smg_in_data(const smg_call *c, uint32_t i) {
    return smg_data(c->model, c->operands[i]);
}

static inline void *smg_out_data(const smg_call *c, uint32_t i) {
    return smg_data(c->model, c->operands[c->op->input_count + i]);
}

enum { SMG_PARTS = SMG_ONE_CORE ? 1 : 2 };

/* The parts in which a kernel may do its work at the same time: 2 where the caller has a second core, else 1. */
static inline uint32_t smg_parts(const smg_call *c) {
    return SMG_ONE_CORE || c->model->parallel_for == NULL ? 1 : 2;
}

/* Run all `parts`, 1 or smg_parts(c). They write to different bytes, and read none that another part writes. */
#if SMG_ONE_CORE
static inline void smg_run_parts(const smg_call *c, uint32_t parts, void (*body)(void *argument, uint32_t part),
                                 void *argument) {
    (void)c, (void)parts;
    body(argument, 0);
}
#else
void smg_run_parts(const smg_call *c, uint32_t parts, void (*body)(void *argument, uint32_t part), void *argument);
#endif

/* Elements of a tensor. Fits 32 bits: smg_open refuses larger ones. */
uint32_t smg_elements(const smg_tensor *t);

/* Bytes of one element; 0 for INT4, whose elements have no addresses. */
uint32_t smg_unit(const smg_tensor *t);

/* Size along an axis; 1 beyond the rank, so a tensor may be read as if it had more axes at its end. */
static inline uint32_t smg_dim(const smg_tensor *t, uint32_t axis) {
    return axis < t->rank ? t->dims[axis] : 1;
}

/* Does the operator have these operand counts and this many bytes of parameters? */
int smg_has_form(const smg_call *c, uint32_t inputs, uint32_t outputs, uint32_t params_size);

/* Do both have the same sizes, axis by axis? */
int smg_same_shape(const smg_tensor *a, const smg_tensor *b);

/* Is `act_min`..`act_max` a range of values that `type` can hold? */
int smg_clamp_fits(uint8_t type, int32_t act_min, int32_t act_max);

/* Are they a factor for smg_scale? */
static inline int smg_factor_fits(int32_t multiplier, int32_t shift) {
    return multiplier >= 0 && shift >= -31 && shift <= 30;
}

/* `count` times `bytes` at `offset` of DATA, or NULL when that is not all inside or not a multiple of 8 away. */
const void *smg_constants(const smg_call *c, uint32_t offset, uint64_t count, uint32_t bytes);

#endif
