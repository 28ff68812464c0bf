/* What the operators on two inputs share: checks, the walk over broadcast inputs, and scaling. */
#ifndef SMG_BINARY_H
#define SMG_BINARY_H

#include "../smg_arith.h"
#include "../smg_kernel.h"

/* What the arithmetic of one element needs. */
typedef struct {
    const smg_add_params *params; /* of operators that scale */
    int32_t zero_a, zero_b, zero_out;
    uint8_t code;
    uint8_t whole; /* INT32 and BOOL have no scale */
    uint8_t small; /* operands are INT8 and shifted left by 15 to 22: their scaling needs no 64-bit product */
} smg_binary;

typedef int32_t (*smg_binary_function)(const smg_binary *k, int32_t a, int32_t b);

/* Two inputs over a grid that fills the output, `params_size` bytes of parameters before it, of which the first is its rank. */
int smg_binary_has_form(const smg_call *c, uint32_t params_size);

/* The same for operators with smg_add_params: are factors and clamp in range, too? */
int smg_binary_scales(const smg_call *c);

/* out = function(a, b) for every element. */
int32_t smg_binary_run(const smg_call *c, uint32_t params_size, smg_binary_function function);

/* x, less its zero point, on the common scale. */
int32_t smg_binary_operand(const smg_binary *k, int32_t x, int32_t multiplier, int32_t shift);

/* a and b less their zero points, on the common scale. */
static inline int32_t smg_binary_a(const smg_binary *k, int32_t a) {
    return k->whole ? a : smg_binary_operand(k, a - k->zero_a, k->params->multiplier_a, k->params->shift_a);
}

static inline int32_t smg_binary_b(const smg_binary *k, int32_t b) {
    return k->whole ? b : smg_binary_operand(k, b - k->zero_b, k->params->multiplier_b, k->params->shift_b);
}

/* The output value of a result on the common scale. */
static inline int32_t smg_binary_result(const smg_binary *k, int32_t result) {
    const smg_add_params *p = k->params;
    if (!k->whole) {
        result = smg_add_wrap(smg_scale(result, p->multiplier, p->shift), k->zero_out);
    }
    return smg_clamp(result, p->act_min, p->act_max);
}

#endif
