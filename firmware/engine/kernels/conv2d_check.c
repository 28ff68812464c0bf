/* What CONV_2D, DEPTHWISE_CONV_2D and TRANSPOSE_CONV may be: the same for the plain kernel and its faster twins. */
#include "channels.h"
#include "dot.h"
#include "kernels.h"
#include "window.h"

/* Does the number of channels of input, weights and output fit the operator? All have rank 4. */
static int channels_fit(uint8_t code, const uint32_t *in, const uint32_t *weights, const uint32_t *out) {
    if (code == SMG_OP_DEPTHWISE_CONV_2D) {
        return weights[0] == 1 && out[3] == weights[3] && out[3] % in[3] == 0;
    }
    int whole = weights[3] == in[3];
    int grouped = code == SMG_OP_CONV_2D && in[3] % weights[3] == 0 && out[3] % (in[3] / weights[3]) == 0;
    return out[3] == weights[0] && (whole || grouped);
}

int64_t smg_conv_2d_check(const smg_call *c) {
    return smg_has_form(c, 2, 1, sizeof(smg_conv_2d_params)) ? smg_conv_2d_work(c) : SMG_E_OPERATOR;
}

int64_t smg_conv_2d_work(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1), *out = smg_out(c, 0);
    if (!smg_dot_types(in->type, weights->type, out->type) || in->rank != 4 || weights->rank != 4 || out->rank != 4) {
        return SMG_E_OPERATOR;
    }
    smg_axis y = smg_conv_axis(c, 1), x = smg_conv_axis(c, 2);
    if (c->op->code == SMG_OP_TRANSPOSE_CONV && (y.dilation != 1 || x.dilation != 1)) {
        return SMG_E_OPERATOR;
    }
    if (in->dims[0] != out->dims[0] || !channels_fit(c->op->code, in->dims, weights->dims, out->dims) ||
        !smg_axis_check(&y) || !smg_axis_check(&x) ||
        !smg_channels_check(c, smg_conv_requantisation(c), out->dims[3])) {
        return SMG_E_OPERATOR;
    }
    /* Each input meets every filter, or each output every tap of its own. */
    uint32_t places = smg_elements(c->op->code == SMG_OP_TRANSPOSE_CONV ? in : out);
    uint32_t filter = smg_elements(weights) / (c->op->code == SMG_OP_TRANSPOSE_CONV ? in->dims[3] : out->dims[3]);
    return (int64_t)places * filter;
}
