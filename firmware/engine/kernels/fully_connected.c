/* FULLY_CONNECTED, plain C: the definition that every faster twin equals. */
#include "channels.h"
#include "dot.h"
#include "element.h"
#include "kernels.h"

int32_t smg_fully_connected_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *weights = smg_in(c, 1);
    uint32_t out_c = weights->dims[0], n = weights->dims[1], elements = smg_elements(in), o = 0;
    smg_channels k = smg_channels_at(c, c->params, out_c);
    smg_run x = smg_run_of(in, smg_in_data(c, 0)), w = smg_run_of(weights, smg_in_data(c, 1));
    for (; x.first < elements; x.first += n) {
        w.first = 0;
        for (uint32_t oc = 0; oc < out_c; oc++, w.first += n) {
            smg_store(in->type, smg_out_data(c, 0), o++, smg_channels_output(&k, oc, smg_dot(&x, &w, n)));
        }
    }
    return 0;
}
