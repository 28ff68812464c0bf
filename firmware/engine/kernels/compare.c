/* EQUAL, NOT_EQUAL, LESS and LESS_EQUAL, to BOOL. */
#include "binary.h"
#include "kernels.h"

int64_t smg_compare_check(const smg_call *c) {
    if (!smg_binary_scales(c)) {
        return SMG_E_OPERATOR;
    }
    return smg_in(c, 0)->type == smg_in(c, 1)->type && smg_out(c, 0)->type == SMG_TYPE_BOOL ? 0 : SMG_E_OPERATOR;
}

static int32_t compare(const smg_binary *k, int32_t a, int32_t b) {
    a = smg_binary_a(k, a);
    b = smg_binary_b(k, b);
    switch (k->code) {
    case SMG_OP_EQUAL:
        return a == b;
    case SMG_OP_NOT_EQUAL:
        return a != b;
    case SMG_OP_LESS:
        return a < b;
    default:
        return a <= b;
    }
}

int32_t smg_compare_run(const smg_call *c) {
    return smg_binary_run(c, sizeof(smg_add_params), compare);
}
