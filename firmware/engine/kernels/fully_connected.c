/* FULLY_CONNECTED, int8, plain C: the definition that every faster twin equals. */
#include "channels.h"
#include "kernels.h"

int64_t smg_fully_connected_check(const smg_call *c) {
    if (!smg_has_form(c, 2, 1, sizeof(smg_fully_connected_params))) {
        return SMG_E_OPERATOR;
    }
    const smg_fully_connected_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1), *out = smg_out(c, 0);
    if (in->type != SMG_TYPE_INT8 || weights->type != SMG_TYPE_INT8 || out->type != SMG_TYPE_INT8 || weights->rank != 2) {
        return SMG_E_OPERATOR;
    }
    uint32_t out_c = weights->dims[0], n = weights->dims[1], rows = smg_elements(in) / n;
    if ((uint64_t)rows * n != smg_elements(in) || (uint64_t)rows * out_c != smg_elements(out) ||
        !smg_clamp_fits(out->type, p->act_min, p->act_max) || !smg_channels_check(c, p->channels, out_c, p->scales)) {
        return SMG_E_OPERATOR;
    }
    return (int64_t)smg_elements(out) * n;
}

int32_t smg_fully_connected_run(const smg_call *c) {
    const smg_fully_connected_params *p = c->params;
    const smg_tensor *weights = smg_in(c, 1);
    uint32_t out_c = weights->dims[0], n = weights->dims[1], rows = smg_elements(smg_in(c, 0)) / n;
    int32_t in_zero_point = smg_in(c, 0)->zero_point, weight_zero_point = weights->zero_point;
    smg_channels k = smg_channels_at(c, p->channels, out_c, p->scales);
    k.act_min = p->act_min;
    k.act_max = p->act_max;
    const int8_t *row = smg_in_data(c, 0);
    int8_t *o = smg_out_data(c, 0);
    for (uint32_t r = 0; r < rows; r++, row += n) {
        const int8_t *w = smg_in_data(c, 1);
        for (uint32_t oc = 0; oc < out_c; oc++, w += n) {
            int32_t sum = 0;
            for (uint32_t i = 0; i < n; i++) {
                sum = smg_add_wrap(sum, (row[i] - in_zero_point) * (w[i] - weight_zero_point));
            }
            *o++ = smg_channels_output(&k, oc, sum);
        }
    }
    return 0;
}
