/* GATHER: out[b, o, i, n] = in[b, o, indices[b, i], n]. */
#include "../smg_mem.h"
#include "kernels.h"

int64_t smg_gather_check(const smg_call *c) {
    const smg_gather_params *p = c->params;
    if (!smg_has_form(c, 2, 1, sizeof *p)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *indices = smg_in(c, 1), *out = smg_out(c, 0);
    uint64_t sizes[] = {p->batches, p->outer, p->axis, p->inner}, elements = 1;
    for (uint32_t i = 0; i < 4; i++) {
        elements *= sizes[i];
        if (elements == 0 || elements > smg_elements(in)) {
            return SMG_E_OPERATOR;
        }
    }
    uint32_t count = smg_elements(indices) / p->batches;
    int fits = elements == smg_elements(in) && (uint64_t)count * p->batches == smg_elements(indices) &&
               (uint64_t)((uint32_t)elements / p->axis) * count == smg_elements(out) && in->type == out->type && smg_unit(in) != 0 &&
               indices->type == SMG_TYPE_INT32;
    return fits ? 0 : SMG_E_OPERATOR;
}

int32_t smg_gather_run(const smg_call *c) {
    const smg_gather_params *p = c->params;
    const uint8_t *in = smg_in_data(c, 0);
    const int32_t *indices = smg_in_data(c, 1);
    uint8_t *out = smg_out_data(c, 0);
    uint32_t count = smg_elements(smg_in(c, 1)) / p->batches, bytes = p->inner * smg_unit(smg_in(c, 0));
    for (uint32_t b = 0; b < p->batches; b++, indices += count) {
        for (uint32_t o = 0; o < p->outer; o++, in += p->axis * bytes) {
            for (uint32_t i = 0; i < count; i++, out += bytes) {
                if ((uint32_t)indices[i] >= p->axis) {
                    return SMG_E_INDEX;
                }
                memmove(out, in + (uint32_t)indices[i] * bytes, bytes);
            }
        }
    }
    return 0;
}
