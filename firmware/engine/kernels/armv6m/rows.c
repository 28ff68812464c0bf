/* FULLY_CONNECTED with plain weights, INT8: each input that is loaded meets four rows of weights. */
#include "rows.h"

#include "../channels.h"
#include "../kernels.h"
#include "armv6m.h"

int32_t smg_rows_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    smg_channels k = smg_channels_at(c, c->params, weights->dims[0]);
    if (in->type != SMG_TYPE_INT8 || weights->type != SMG_TYPE_INT8 || weights->zero_point != 0 || k.wide ||
        weights->dims[0] % SMG_ROWS != 0) {
        return smg_fully_connected_run(c);
    }
    uint32_t n = weights->dims[1], last = n % SMG_ROWS_UNROLLED, channel = 0;
    smg_rows r = {smg_in_data(c, 0), smg_in_data(c, 1), n, -in->zero_point,
                  last == 0 ? 0 : (SMG_ROWS_UNROLLED - last) * SMG_ROWS_TAP, {0}};
    int8_t *to = smg_out_data(c, 0), *end = to + smg_elements(smg_out(c, 0));
    while (to < end) {
        smg_rows_dot(&r);
        for (uint32_t i = 0; i < SMG_ROWS; i++, channel++) {
            *to++ = (int8_t)smg_channels_output(&k, channel, r.sums[i]);
        }
        r.weights += SMG_ROWS * n;
        if (channel == weights->dims[0]) {
            channel = 0;
            r.x += n;
            r.weights = smg_in_data(c, 1);
        }
    }
    return 0;
}
