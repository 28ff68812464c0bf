/* DEPTHWISE_CONV_2D with weights in FILTERS: 3x3, stride 1 or 2, padding that keeps the picture's size or halves it. Rows
 * are copied to scratch memory, a band at a time and rows of padding too: the output may then overlap the input, and a band
 * is done channel by channel, with its filter in registers. */
#include "depthwise_rows.h"

#include "../../smg_mem.h"
#include "../channels.h"
#include "../kernels.h"
#include "../window.h"
#include "armv6m.h"

/* A filter as the packer wrote it: weights, and the two products that requantise its sums. */
typedef struct {
    int32_t offset, high;
    uint16_t low;
    int8_t w[9];
    uint8_t shift; /* 0 to 31 */
} filter;

/* The weights: filters behind the number of rows that a band of outputs has. */
typedef struct {
    uint32_t rows, reserved;
    filter filters[];
} packed;

static const packed *packed_of(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    return smg_constants(c, w->offset, (uint64_t)w->dims[3] * sizeof(filter) + sizeof(packed), 1);
}

/* Does a window stick out by at most one element, at the end too? */
static int axis_fits(const smg_axis *a, int32_t stride) {
    int32_t pad = stride == 1 || a->in % 2 == 1 ? 1 : 0;
    return a->kernel == 3 && a->stride == stride && a->dilation == 1 && a->pad == pad &&
           a->out == (a->in + stride - 1) / stride;
}

/* Are all shifts possible? */
static int shifts_fit(const packed *p, uint32_t channels) {
    uint32_t wrong = 0;
    for (uint32_t i = 0; i < channels; i++) {
        wrong |= p->filters[i].shift > 31;
    }
    return !wrong;
}

/* Rows of the input under `rows` rows of the output. */
static int32_t rows_under(const smg_axis *y, int32_t rows) {
    return (rows - 1) * y->stride + 3;
}

int64_t smg_filters_check(const smg_call *c) {
    if (!smg_has_form(c, 2, 2, sizeof(smg_conv_2d_params))) {
        return SMG_E_OPERATOR;
    }
    int64_t macs = smg_conv_2d_work(c);
    if (macs < 0) {
        return macs;
    }
    const smg_tensor *in = smg_in(c, 0), *w = smg_in(c, 1), *scratch = smg_out(c, 1);
    const smg_requantisation *r = smg_conv_requantisation(c);
    const packed *p = packed_of(c);
    smg_axis y = smg_conv_axis(c, 1), x = smg_conv_axis(c, 2);
    if (p == NULL || p->rows < 1 || p->rows > (uint32_t)y.out) {
        return SMG_E_OPERATOR;
    }
    uint64_t band = (uint64_t)rows_under(&y, (int32_t)p->rows) * in->dims[2] * in->dims[3];
    int fits = in->type == SMG_TYPE_INT8 && w->type == SMG_TYPE_INT8 && w->dims[3] == in->dims[3] &&
               (y.stride == 1 || y.stride == 2) && axis_fits(&y, y.stride) && axis_fits(&x, y.stride) &&
               r->act_min == INT8_MIN && r->act_max == INT8_MAX && scratch->type == SMG_TYPE_INT32 &&
               (uint64_t)smg_elements(scratch) * 4 >= band && shifts_fit(p, w->dims[3]);
    return fits ? macs : SMG_E_OPERATOR;
}

/* A picture, its convolution, and the rows under one band. */
typedef struct {
    smg_axis y;
    const int8_t *in;
    int8_t *out, *band;
    size_t in_row, out_row;
    int32_t zero_point;
    uint32_t channels;
} picture;

/* Copy what `rows` rows of the output from row `first` on see. */
static void fill_band(const picture *p, int32_t first, int32_t rows) {
    int8_t *to = p->band;
    int32_t y = first * p->y.stride - p->y.pad, end = y + rows_under(&p->y, rows);
    for (; y < end; y++, to += p->in_row) {
        if (smg_axis_inside(&p->y, y)) {
            memcpy(to, p->in + (size_t)y * p->in_row, p->in_row);
        } else {
            memset(to, p->zero_point, p->in_row);
        }
    }
}

static void take_filter(smg_depthwise_rows *r, const filter *f, int32_t zero_point) {
    r->low = f->low;
    r->high = f->high;
    r->offset = f->offset;
    r->shift = f->shift;
    for (int i = 0; i < 9; i++) {
        r->w[i] = f->w[i];
    }
    r->left = zero_point * (f->w[0] + f->w[3] + f->w[6]);
    r->right = zero_point * (f->w[2] + f->w[5] + f->w[8]);
}

static void run_band(const picture *p, const filter *f, smg_depthwise_rows *r, int32_t first, int32_t rows) {
    fill_band(p, first, rows);
    r->rows = rows;
    r->in = p->band + p->in_row;
    r->out = p->out + (size_t)first * p->out_row;
    for (uint32_t i = 0; i < p->channels; i++, r->in++, r->out++) {
        take_filter(r, f + i, p->zero_point);
        (p->y.stride == 1 ? smg_depthwise_stride_1 : smg_depthwise_stride_2)(r);
    }
}

int32_t smg_filters_run(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0);
    const packed *weights = packed_of(c);
    smg_axis x = smg_conv_axis(c, 2);
    size_t step = in->dims[3];
    picture p = {smg_conv_axis(c, 1), smg_in_data(c, 0), smg_out_data(c, 0), smg_out_data(c, 1), step * (size_t)x.in,
                 step * (size_t)x.out, in->zero_point, in->dims[3]};
    ptrdiff_t row = (ptrdiff_t)p.in_row;
    smg_depthwise_rows r = {.step = (ptrdiff_t)step, .in_row = row * x.stride, .above = -row, .below = row,
                            .columns = x.out, .from_left = 1 - x.pad};
    for (uint32_t n = in->dims[0]; n > 0; n--, p.in += p.in_row * (size_t)p.y.in, p.out += p.out_row * (size_t)p.y.out) {
        for (int32_t y = 0, rows; y < p.y.out; y += rows) {
            rows = (int32_t)weights->rows < p.y.out - y ? (int32_t)weights->rows : p.y.out - y;
            run_band(&p, weights->filters, &r, y, rows);
        }
    }
    return 0;
}
