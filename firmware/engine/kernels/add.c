/* ADD, SUB, MUL, SQUARED_DIFFERENCE and PRELU on INT8, INT16 and, without a scale, INT32. */
#include "binary.h"
#include "kernels.h"

int64_t smg_arithmetic_check(const smg_call *c) {
    if (!smg_binary_scales(c)) {
        return SMG_E_OPERATOR;
    }
    uint8_t a = smg_in(c, 0)->type, b = smg_in(c, 1)->type, out = smg_out(c, 0)->type;
    int prelu = c->op->code == SMG_OP_PRELU;
    int known = a == SMG_TYPE_INT8 || a == SMG_TYPE_INT16 || (a == SMG_TYPE_INT32 && !prelu);
    return known && out == a && b == (prelu ? SMG_TYPE_INT8 : a) ? 0 : SMG_E_OPERATOR;
}

/* Differences and products of unsigned numbers wrap. */
static int32_t difference(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static int32_t product(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

static int32_t add(const smg_binary *k, int32_t a, int32_t b) {
    return smg_binary_result(k, smg_add_wrap(smg_binary_a(k, a), smg_binary_b(k, b)));
}

static int32_t subtract(const smg_binary *k, int32_t a, int32_t b) {
    return smg_binary_result(k, difference(smg_binary_a(k, a), smg_binary_b(k, b)));
}

static int32_t multiply(const smg_binary *k, int32_t a, int32_t b) {
    return smg_binary_result(k, product(a - k->zero_a, b - k->zero_b));
}

static int32_t squared_difference(const smg_binary *k, int32_t a, int32_t b) {
    int32_t d = difference(smg_binary_a(k, a), smg_binary_b(k, b));
    return smg_binary_result(k, product(d, d));
}

static int32_t prelu(const smg_binary *k, int32_t a, int32_t b) {
    if (a < k->zero_a) {
        return multiply(k, a, b);
    }
    return smg_clamp(smg_add_wrap(smg_binary_a(k, a), k->zero_out), k->params->act_min, k->params->act_max);
}

int32_t smg_arithmetic_run(const smg_call *c) {
    static const smg_binary_function functions[] = {add, subtract, multiply, squared_difference, prelu};
    return smg_binary_run(c, sizeof(smg_add_params), functions[c->op->code - SMG_OP_ADD]);
}
