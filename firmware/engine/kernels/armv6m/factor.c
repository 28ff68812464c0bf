#include "factor.h"

#include "../../smg_arith.h"
#include "../kernels.h"
#include "requantise.h"

int smg_packed_factor_fits(const smg_packed_factor *f, const smg_channels *k, uint32_t channel) {
    uint32_t scale = channel * k->per_channel, shift = f->rest & 0xff;
    if (f->rest >= SMG_TWO_PRODUCTS) {
        return shift < 32 && f->rest < 32 * (uint32_t)SMG_TWO_PRODUCTS;
    }
    return f->multiplier == k->multiplier[scale] && f->rest == (uint32_t)-k->shift[scale] && shift > 0;
}

int64_t smg_packed_conv_work(const smg_call *c) {
    if (!smg_has_form(c, 2, 2, sizeof(smg_conv_2d_params))) {
        return SMG_E_OPERATOR;
    }
    int64_t macs = smg_conv_2d_work(c);
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1), *scratch = smg_out(c, 1);
    if (macs < 0) {
        return macs;
    }
    int fits = in->type == SMG_TYPE_INT8 && w->type == SMG_TYPE_INT8 && w->dims[3] == in->dims[3] &&
               scratch->type == SMG_TYPE_INT32;
    return fits ? macs : SMG_E_OPERATOR;
}

#ifndef __ARM_ARCH_6M__

static int32_t two_products(const smg_packed_factor *f, int32_t sum) {
    uint32_t low = (uint32_t)sum * (f->rest >> 8 & 0xffff), high = (uint32_t)sum * (uint32_t)f->multiplier;
    uint32_t x = (uint32_t)((int32_t)low >> (f->rest >> 24)) + high + (uint32_t)f->bias;
    return smg_clamp((int32_t)x >> (f->rest & 31), 0, 255) - 128;
}

int8_t smg_packed_output(const smg_packed_factor *p, int32_t sum, int32_t zero_point, int32_t act_min, int32_t act_max) {
    if (p->rest >= SMG_TWO_PRODUCTS) {
        return (int8_t)two_products(p, sum);
    }
    smg_factor f = smg_factor_of(p->multiplier, -(int32_t)p->rest);
    int32_t y = smg_add_wrap(smg_scale_down(smg_add_wrap(sum, p->bias), &f), zero_point);
    return (int8_t)smg_clamp(y, act_min, act_max);
}

#endif
