/* LOOKUP: a table of 256 results. */
#include "kernels.h"

static int one_byte(const smg_tensor *t) {
    return t->type == SMG_TYPE_INT8 || t->type == SMG_TYPE_UINT8 || t->type == SMG_TYPE_BOOL;
}

int64_t smg_lookup_check(const smg_call *c) {
    if (!smg_has_form(c, 2, 1, 0)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *table = smg_in(c, 1), *out = smg_out(c, 0);
    int fits = one_byte(in) && one_byte(table) && one_byte(out) && smg_elements(table) == 256 &&
               smg_elements(in) == smg_elements(out);
    return fits ? 0 : SMG_E_OPERATOR;
}

int32_t smg_lookup_run(const smg_call *c) {
    const uint8_t *in = smg_in_data(c, 0), *table = smg_in_data(c, 1);
    uint8_t *out = smg_out_data(c, 0);
    uint32_t n = smg_elements(smg_in(c, 0));
    for (uint32_t i = 0; i < n; i++) {
        out[i] = table[in[i]];
    }
    return 0;
}
