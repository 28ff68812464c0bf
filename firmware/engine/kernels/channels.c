#include "channels.h"

int smg_channels_check(const smg_call *c, uint32_t offset, uint32_t out_c, uint32_t scales) {
    if (scales != 1 && scales != out_c) {
        return 0;
    }
    uint64_t bytes = (uint64_t)out_c * 4 + (uint64_t)scales * 5;
    if (smg_constants(c, offset, bytes, 1) == NULL) {
        return 0;
    }
    smg_channels k = smg_channels_at(c, offset, out_c, scales);
    for (uint32_t i = 0; i < scales; i++) {
        if (k.multiplier[i] < 0 || k.shift[i] < -31 || k.shift[i] > 30) {
            return 0;
        }
    }
    return 1;
}

smg_channels smg_channels_at(const smg_call *c, uint32_t offset, uint32_t out_c, uint32_t scales) {
    smg_channels k;
    k.bias = (const int32_t *)(const void *)(c->model->data + offset);
    k.multiplier = k.bias + out_c;
    k.shift = (const int8_t *)(k.multiplier + scales);
    k.per_channel = scales == 1 ? 0 : 1;
    k.zero_point = smg_out(c, 0)->zero_point;
    k.act_min = 0;
    k.act_max = 0;
    return k;
}

int smg_conv_channels_check(const smg_call *c) {
    const smg_conv_2d_params *p = c->params;
    const smg_tensor *out = smg_out(c, 0);
    return smg_clamp_fits(out->type, p->act_min, p->act_max) && smg_channels_check(c, p->channels, out->dims[3], p->scales);
}

smg_channels smg_conv_channels(const smg_call *c) {
    const smg_conv_2d_params *p = c->params;
    smg_channels k = smg_channels_at(c, p->channels, smg_out(c, 0)->dims[3], p->scales);
    k.act_min = p->act_min;
    k.act_max = p->act_max;
    return k;
}
