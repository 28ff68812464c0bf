/* DEPTHWISE_CONV_2D with weights in FILTERS: 3x3, stride 1 or 2, padding that keeps the picture's size or halves it. Rows
 * are copied to scratch memory, a band at a time and rows of padding too: the output may then overlap the input, and a band
 * is done channel by channel, with its filter in registers. */
#include "depthwise_rows.h"

#include "../../smg_mem.h"
#include "../channels.h"
#include "../kernels.h"
#include "../window.h"
#include "armv6m.h"
#include "factor.h"

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
    int64_t macs = smg_packed_conv_work(c);
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
    int fits = (y.stride == 1 || y.stride == 2) && axis_fits(&y, y.stride) && axis_fits(&x, y.stride) &&
               r->act_min == INT8_MIN && r->act_max == INT8_MAX && (uint64_t)smg_elements(scratch) * 4 >= band &&
               shifts_fit(p, w->dims[3]);
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

/* A band under way: the rows that it sees are copied in parts, then each part makes its own channels of them. */
typedef struct {
    const picture *p;
    const filter *filters;
    int32_t first, rows; /* of the output */
    uint32_t parts;
    smg_depthwise_rows channel[SMG_PARTS]; /* what each part is at */
} band;

/* Copy what the rows of the output see. */
static void fill_band(void *argument, uint32_t part) {
    const band *b = argument;
    const picture *p = b->p;
    int8_t *to = p->band + part * p->in_row;
    int32_t y = b->first * p->y.stride - p->y.pad, end = y + rows_under(&p->y, b->rows);
    for (y += (int32_t)part; y < end; y += (int32_t)b->parts, to += b->parts * p->in_row) {
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

static void run_band(void *argument, uint32_t part) {
    band *b = argument;
    const picture *p = b->p;
    uint32_t half = p->channels >> 1, first = part * half;
    const filter *f = b->filters + first, *end = b->filters + (part + 1 < b->parts ? half : p->channels);
    void (*run_channel)(const smg_depthwise_rows *) = p->y.stride == 1 ? smg_depthwise_stride_1 : smg_depthwise_stride_2;
    smg_depthwise_rows *r = &b->channel[part];
    int32_t zero_point = p->zero_point;
    r->rows = b->rows;
    r->in = p->band + p->in_row + first;
    r->out = p->out + (size_t)b->first * p->out_row + first;
    for (; f < end; f++, r->in++, r->out++) {
        take_filter(r, f, zero_point);
        run_channel(r);
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
    uint32_t parts = p.channels > 1 ? smg_parts(c) : 1;
    band b = {&p, weights->filters, 0, 0, parts, {{.step = (ptrdiff_t)step, .in_row = row * x.stride, .above = -row,
                                                   .below = row, .columns = x.out, .from_left = 1 - x.pad}}};
    if (parts > 1) {
        b.channel[1] = b.channel[0];
    }
    for (uint32_t n = in->dims[0]; n > 0; n--, p.in += p.in_row * (size_t)p.y.in, p.out += p.out_row * (size_t)p.y.out) {
        for (b.first = 0; b.first < p.y.out; b.first += b.rows) {
            int32_t left = p.y.out - b.first;
            b.rows = (int32_t)weights->rows < left ? (int32_t)weights->rows : left;
            smg_run_parts(c, parts, fill_band, &b);
            smg_run_parts(c, parts, run_band, &b);
        }
    }
    return 0;
}
