/* SVDF: no scratch memory, because each unit sums over its own filters' state. */
#include "../smg_arith.h"
#include "../smg_mem.h"
#include "channels.h"
#include "dot.h"
#include "element.h"
#include "kernels.h"

static const smg_requantisation *requantisation(const smg_call *c) {
    return (const smg_requantisation *)(const void *)&((const smg_svdf_params *)c->params)->act_min;
}

int64_t smg_svdf_check(const smg_call *c) {
    if (!smg_has_form(c, 3, 2, sizeof(smg_svdf_params))) {
        return SMG_E_OPERATOR;
    }
    const smg_svdf_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *feature = smg_in(c, 1), *time = smg_in(c, 2);
    const smg_tensor *out = smg_out(c, 0), *state = smg_out(c, 1);
    if (in->type != SMG_TYPE_INT8 || feature->type != SMG_TYPE_INT8 || out->type != SMG_TYPE_INT8 ||
        (time->type != SMG_TYPE_INT8 && time->type != SMG_TYPE_INT16) || state->type != time->type || in->rank != 2 ||
        feature->rank != 2 || time->rank != 2 || out->rank != 2) {
        return SMG_E_OPERATOR;
    }
    uint32_t filters = feature->dims[0], units = out->dims[1];
    if (in->dims[0] != out->dims[0] || in->dims[1] != feature->dims[1] || time->dims[0] != filters || filters % units != 0 ||
        (uint64_t)in->dims[0] * smg_elements(time) != smg_elements(state) || p->feature_multiplier < 0 ||
        p->feature_shift < -31 || p->feature_shift > 30 || !smg_channels_check(c, requantisation(c), units)) {
        return SMG_E_OPERATOR;
    }
    return (int64_t)in->dims[0] * ((int64_t)smg_elements(feature) + smg_elements(time));
}

/* Move every queue of the state on by one, and let the sums over the features in. */
static void advance(const smg_call *c) {
    const smg_svdf_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *time = smg_in(c, 2), *state = smg_out(c, 1);
    uint32_t memory = time->dims[1], n = in->dims[1], last = memory - 1;
    int32_t limit = state->type == SMG_TYPE_INT16 ? 32767 : 127;
    uint8_t *queues = smg_out_data(c, 1);
    uint32_t unit = state->type == SMG_TYPE_INT16 ? 2 : 1;
    memmove(queues, queues + unit, (size_t)(smg_elements(state) - 1) * unit);
    smg_run x = smg_run_of(in, smg_in_data(c, 0)), w = smg_run_of(smg_in(c, 1), smg_in_data(c, 1));
    w.zero_point = 0;
    for (; x.first < smg_elements(in); x.first += n) {
        w.first = 0;
        for (uint32_t f = 0; f < time->dims[0]; f++, w.first += n, last += memory) {
            int32_t sum = smg_scale((int32_t)smg_dot(&x, &w, n), p->feature_multiplier, p->feature_shift);
            smg_store(state->type, queues, last, smg_clamp(sum, -limit - 1, limit) + state->zero_point);
        }
    }
}

int32_t smg_svdf_run(const smg_call *c) {
    const smg_tensor *time = smg_in(c, 2), *out = smg_out(c, 0);
    uint32_t units = out->dims[1], span = smg_elements(time) / units; /* of a unit's filters and queues */
    smg_channels k = smg_channels_at(c, requantisation(c), units);
    smg_run queue = smg_run_of(smg_out(c, 1), smg_out_data(c, 1)), w = smg_run_of(time, smg_in_data(c, 2));
    int8_t *o = smg_out_data(c, 0);
    w.zero_point = 0;
    advance(c);
    for (uint32_t n = out->dims[0]; n > 0; n--) {
        w.first = 0;
        for (uint32_t u = 0; u < units; u++, queue.first += span, w.first += span) {
            *o++ = (int8_t)smg_channels_output(&k, u, smg_dot(&queue, &w, span));
        }
    }
    return 0;
}
