/* RESIZE_BILINEAR, int8. Coordinates and weights have 10 fractional bits; a product of two weights has 20. */
#include "kernels.h"

#define ONE 1024

/* Where one output position lies along an axis of the input: between `first` and `second`, `part` of ONE behind `first`.
 * Before the first and behind the last both are the same, and `part` may be outside 0..ONE without effect. */
typedef struct {
    uint32_t first, second;
    int32_t part;
} place;

static int64_t position(uint32_t i, int32_t scale, uint32_t half_pixel_centers) {
    return (int64_t)i * scale + (half_pixel_centers ? scale / 2 - ONE / 2 : 0);
}

static place find(uint32_t i, int32_t scale, uint32_t half_pixel_centers, uint32_t size) {
    int32_t at = (int32_t)position(i, scale, half_pixel_centers);
    place p = {at < 0 ? 0 : (uint32_t)at / ONE, at <= 0 ? 0 : ((uint32_t)at + ONE - 1) / ONE, 0};
    p.second = p.second < size ? p.second : size - 1;
    p.part = at - (int32_t)(p.first * ONE);
    return p;
}

/* Does the last output position lie in the input? The earlier ones do then, for positions rise with the scale. */
static int reaches_inside(uint32_t out, int32_t scale, uint32_t half_pixel_centers, uint32_t size) {
    return scale >= 0 && position(out - 1, scale, half_pixel_centers) < (int64_t)size * ONE && size <= INT32_MAX / ONE - 1;
}

int64_t smg_resize_bilinear_check(const smg_call *c) {
    const smg_resize_bilinear_params *p = c->params;
    if (!smg_has_form(c, 1, 1, sizeof *p) || p->half_pixel_centers > 1) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    int fits = in->type == SMG_TYPE_INT8 && out->type == SMG_TYPE_INT8 && in->rank == 4 && out->rank == 4 &&
               in->dims[0] == out->dims[0] && in->dims[3] == out->dims[3] &&
               reaches_inside(out->dims[1], p->scale_h, p->half_pixel_centers, in->dims[1]) &&
               reaches_inside(out->dims[2], p->scale_w, p->half_pixel_centers, in->dims[2]);
    return fits ? 0 : SMG_E_OPERATOR;
}

/* One output position: `a` and `b` are the input's rows above and below it, x its place along them. */
static void blend(int8_t *out, const int8_t *a, const int8_t *b, int32_t part, const place *x, uint32_t channels) {
    const uint32_t left = x->first * channels, right = x->second * channels;
    for (uint32_t c = 0; c < channels; c++) {
        int32_t above = a[left + c] * (ONE - x->part) + a[right + c] * x->part;
        int32_t below = b[left + c] * (ONE - x->part) + b[right + c] * x->part;
        int32_t sum = above * (ONE - part) + below * part;
        out[c] = (int8_t)((sum + (sum > 0 ? ONE * ONE / 2 : -ONE * ONE / 2)) / (ONE * ONE));
    }
}

int32_t smg_resize_bilinear_run(const smg_call *c) {
    const smg_resize_bilinear_params *p = c->params;
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    const uint32_t *size = in->dims, channels = in->dims[3];
    const int8_t *picture = smg_in_data(c, 0);
    int8_t *to = smg_out_data(c, 0);
    for (uint32_t n = 0; n < size[0]; n++, picture += size[1] * size[2] * channels) {
        for (uint32_t y = 0; y < out->dims[1]; y++) {
            place row = find(y, p->scale_h, p->half_pixel_centers, size[1]);
            const int8_t *a = picture + row.first * size[2] * channels, *b = picture + row.second * size[2] * channels;
            for (uint32_t x = 0; x < out->dims[2]; x++, to += channels) {
                place column = find(x, p->scale_w, p->half_pixel_centers, size[2]);
                blend(to, a, b, row.part, &column, channels);
            }
        }
    }
    return 0;
}
