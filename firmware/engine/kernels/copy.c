/* COPY: out[dst + sum(i * dst_stride)] = in[src + sum(i * src_stride)] over a grid of up to six axes. */
#include "../smg_mem.h"
#include "kernels.h"

typedef struct {
    uint32_t extent;
    int32_t src_stride, dst_stride; /* in elements */
} axis;

static const axis *axes_of(const smg_call *c) {
    return (const axis *)(const void *)((const smg_copy_params *)c->params + 1);
}

/* Do all positions first + sum(i * stride) lie in 0..elements-1? Strides are then below 2^31 bytes too: an axis of one
 * element must have none. No overflow: after each axis the range is inside again. */
static int reaches_inside(uint32_t first, const axis *a, uint32_t rank, int dst, uint32_t elements) {
    int64_t low = first, high = first;
    for (uint32_t i = 0; i < rank; i++) {
        int32_t stride = dst ? a[i].dst_stride : a[i].src_stride;
        int64_t span = (int64_t)(a[i].extent - 1) * stride;
        *(span < 0 ? &low : &high) += span;
        if (low < 0 || high >= elements || (a[i].extent == 1 && stride != 0)) {
            return 0;
        }
    }
    return low >= 0 && high < elements;
}

int64_t smg_copy_check(const smg_call *c) {
    const smg_copy_params *p = c->params;
    if (c->op->input_count != 1 || c->op->output_count != 1 || c->params_size < sizeof *p || p->rank < 1 || p->rank > 6 ||
        p->reserved != 0 || p->reserved2 != 0 || c->params_size != sizeof *p + p->rank * sizeof(axis)) {
        return SMG_E_OPERATOR;
    }
    const smg_tensor *in = smg_in(c, 0), *out = smg_out(c, 0);
    const axis *a = axes_of(c);
    uint64_t count = 1;
    for (uint32_t i = 0; i < p->rank; i++) {
        count *= a[i].extent;
        if (count == 0 || count > smg_elements(out)) {
            return SMG_E_OPERATOR; /* an element written twice would be work without an end */
        }
    }
    int fits = in->type == out->type && smg_unit(in) != 0 && reaches_inside(p->src, a, p->rank, 0, smg_elements(in)) &&
               reaches_inside(p->dst, a, p->rank, 1, smg_elements(out));
    return fits ? 0 : SMG_E_OPERATOR;
}

/* The innermost axis: `count` elements of `unit` bytes; steps in bytes. */
static void copy_line(uint8_t *dst, const uint8_t *src, uint32_t count, uint32_t unit, int32_t dst_step, int32_t src_step) {
    if (dst_step == (int32_t)unit && src_step == (int32_t)unit) {
        memmove(dst, src, (size_t)count * unit);
        return;
    }
    if (dst_step == 1 && src_step == 0) {
        memset(dst, *src, count);
        return;
    }
    for (;;) {
        memmove(dst, src, unit);
        if (--count == 0) {
            return; /* before stepping: a pointer must not leave its memory, even unread */
        }
        dst += dst_step;
        src += src_step;
    }
}

int32_t smg_copy_run(const smg_call *c) {
    const smg_copy_params *p = c->params;
    const axis *a = axes_of(c);
    uint32_t inner = p->rank - 1u, unit = smg_unit(smg_in(c, 0)), index[6] = {0};
    const uint8_t *in = smg_in_data(c, 0);
    uint8_t *out = smg_out_data(c, 0);
    int64_t src = p->src, dst = p->dst;
    for (;;) {
        copy_line(out + dst * unit, in + src * unit, a[inner].extent, unit, a[inner].dst_stride * (int32_t)unit,
                  a[inner].src_stride * (int32_t)unit);
        uint32_t i = inner;
        for (;;) { /* advance the outer axes like an odometer */
            if (i == 0) {
                return 0;
            }
            i--;
            src += a[i].src_stride;
            dst += a[i].dst_stride;
            if (++index[i] < a[i].extent) {
                break;
            }
            src -= (int64_t)a[i].extent * a[i].src_stride;
            dst -= (int64_t)a[i].extent * a[i].dst_stride;
            index[i] = 0;
        }
    }
}
