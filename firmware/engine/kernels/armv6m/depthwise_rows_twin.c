/* What depthwise_rows.S computes, for other machines. */
#include "depthwise_rows.h"

#ifndef __ARM_ARCH_6M__

static int32_t plus(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

static int32_t times(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a * (uint32_t)b);
}

/* One column of the picture under one column of the filter. */
static int32_t column_sum(const smg_depthwise_rows *r, const int8_t *in, int32_t x) {
    return plus(plus(times(in[r->above], r->w[x]), times(in[0], r->w[3 + x])), times(in[r->below], r->w[6 + x]));
}

static int8_t output(const smg_depthwise_rows *r, int32_t sum) {
    int32_t x = plus(plus(times(sum, r->low) >> 13, times(sum, r->high)), r->offset) >> r->shift;
    return (int8_t)((x < 0 ? 0 : x > 255 ? 255 : x) - 128);
}

/* The sum of an output whose first column is `at`; a column before the picture, or behind the last one, is padding. */
static int32_t window_sum(const smg_depthwise_rows *r, const int8_t *line, int32_t at, int last) {
    int32_t sum = at < 0 ? r->left : column_sum(r, line + at * r->step, 0);
    sum = plus(sum, column_sum(r, line + (at + 1) * r->step, 1));
    return plus(sum, last ? r->right : column_sum(r, line + (at + 2) * r->step, 2));
}

static void run(const smg_depthwise_rows *r, int32_t stride, int32_t first_column) {
    int8_t *out = r->out;
    for (int32_t y = 0; y < r->rows; y++) {
        for (int32_t x = 0; x < r->columns; x++, out += r->step) {
            *out = output(r, window_sum(r, r->in + y * r->in_row, x * stride + first_column, x == r->columns - 1));
        }
    }
}

void smg_depthwise_stride_1(const smg_depthwise_rows *r) {
    run(r, 1, -1);
}

void smg_depthwise_stride_2(const smg_depthwise_rows *r) {
    run(r, 2, r->from_left - 1);
}

#endif
