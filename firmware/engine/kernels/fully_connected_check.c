/* What FULLY_CONNECTED may be: the same for the plain kernel and its faster twins. */
#include "channels.h"
#include "dot.h"
#include "kernels.h"

int64_t smg_fully_connected_check(const smg_call *c) {
    return smg_has_form(c, 2, 1, sizeof(smg_fully_connected_params)) ? smg_fully_connected_work(c) : SMG_E_OPERATOR;
}

int64_t smg_fully_connected_work(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1), *out = smg_out(c, 0);
    if (!smg_dot_types(in->type, weights->type, out->type) || weights->rank != 2) {
        return SMG_E_OPERATOR;
    }
    uint32_t out_c = weights->dims[0], n = weights->dims[1], rows = smg_elements(in) / n;
    if ((uint64_t)rows * n != smg_elements(in) || (uint64_t)rows * out_c != smg_elements(out) ||
        !smg_channels_check(c, c->params, out_c)) {
        return SMG_E_OPERATOR;
    }
    return (int64_t)smg_elements(out) * n;
}
