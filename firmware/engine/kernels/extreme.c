/* MINIMUM and MAXIMUM of stored values. */
#include "binary.h"
#include "kernels.h"

int64_t smg_extreme_check(const smg_call *c) {
    const smg_minimum_params *p = c->params;
    if (!smg_binary_has_form(c, sizeof *p) || p->reserved != 0 || p->reserved2 != 0) {
        return SMG_E_OPERATOR;
    }
    return smg_in(c, 0)->type == smg_in(c, 1)->type && smg_in(c, 0)->type == smg_out(c, 0)->type ? 0 : SMG_E_OPERATOR;
}

static int32_t extreme(const smg_binary *k, int32_t a, int32_t b) {
    return (k->code == SMG_OP_MINIMUM) == (a < b) ? a : b;
}

int32_t smg_extreme_run(const smg_call *c) {
    return smg_binary_run(c, sizeof(smg_minimum_params), extreme);
}
