#include "channels.h"

#include "../smg_arith.h"

int smg_channels_check(const smg_call *c, const smg_requantisation *r, uint32_t out_c) {
    int wide = r->bias_type == SMG_TYPE_INT64;
    if ((r->scales != 1 && r->scales != out_c) || (!wide && r->bias_type != SMG_TYPE_INT32) ||
        (wide && smg_in(c, 0)->type != SMG_TYPE_INT16) || !smg_clamp_fits(smg_out(c, 0)->type, r->act_min, r->act_max)) {
        return 0;
    }
    uint64_t bytes = (uint64_t)out_c * (wide ? 8 : 4) + (uint64_t)r->scales * 5;
    if (smg_constants(c, r->channels, bytes, 1) == NULL) {
        return 0;
    }
    smg_channels k = smg_channels_at(c, r, out_c);
    for (uint32_t i = 0; i < r->scales; i++) {
        if (k.multiplier[i] < 0 || k.shift[i] < -31 || k.shift[i] > (wide ? 7 : 30)) {
            return 0;
        }
    }
    return 1;
}

smg_channels smg_channels_at(const smg_call *c, const smg_requantisation *r, uint32_t out_c) {
    smg_channels k;
    k.bias = c->model->data + r->channels;
    k.wide = r->bias_type == SMG_TYPE_INT64;
    k.multiplier = (const int32_t *)k.bias + (k.wide ? out_c * 2 : out_c);
    k.shift = (const int8_t *)(k.multiplier + r->scales);
    k.per_channel = r->scales == 1 ? 0 : 1;
    k.zero_point = smg_out(c, 0)->zero_point;
    k.act_min = r->act_min;
    k.act_max = r->act_max;
    return k;
}

int32_t smg_channels_output(const smg_channels *k, uint32_t channel, int64_t sum) {
    uint32_t scale = channel * k->per_channel;
    int32_t multiplier = k->multiplier[scale], shift = k->shift[scale], x;
    if (k->wide) {
        uint64_t whole = (uint64_t)sum + (uint64_t)((const int64_t *)k->bias)[channel];
        x = smg_scale_wide((int64_t)whole, multiplier, shift);
    } else {
        x = smg_scale(smg_add_wrap((int32_t)sum, ((const int32_t *)k->bias)[channel]), multiplier, shift);
    }
    return smg_clamp(smg_add_wrap(x, k->zero_point), k->act_min, k->act_max);
}
