/* Sums of products, the heart of every operator with weights. */
#ifndef SMG_DOT_H
#define SMG_DOT_H

#include "../smg_kernel.h"

/* Elements first, first + step, ... of a tensor, each less a zero point. */
typedef struct {
    const void *values;
    uint32_t first, step;
    int32_t zero_point;
    uint8_t type; /* INT8, INT16 or INT4 */
} smg_run;

/* All of a tensor whose data lie at `values`, in order. */
smg_run smg_run_of(const smg_tensor *t, const void *values);

/* The sum of `n` products x[i] * w[i]; when both are INT8, only its low 32 bits. */
int64_t smg_dot(const smg_run *x, const smg_run *w, uint32_t n);

/* May inputs and outputs of `x_type` go with weights of `w_type`? */
int smg_dot_types(uint8_t x_type, uint8_t w_type, uint8_t out_type);

#endif
