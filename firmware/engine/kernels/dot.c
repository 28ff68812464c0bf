#include "dot.h"

#include "../smg_arith.h"
#include "element.h"

smg_run smg_run_of(const smg_tensor *t, const void *values) {
    return (smg_run){values, 0, 1, t->zero_point, t->type};
}

/* Both INT8 and in order: the case that is worth four products a turn. */
static int32_t dot_contiguous(const smg_run *x, const smg_run *w, uint32_t n) {
    const int8_t *a = (const int8_t *)x->values + x->first, *b = (const int8_t *)w->values + w->first;
    int32_t zero = x->zero_point, sum = 0;
    for (; n >= 4; n -= 4, a += 4, b += 4) {
        int32_t four = (a[0] - zero) * b[0] + (a[1] - zero) * b[1] + (a[2] - zero) * b[2] + (a[3] - zero) * b[3];
        sum = smg_add_wrap(sum, four);
    }
    for (; n > 0; n--) {
        sum = smg_add_wrap(sum, (*a++ - zero) * *b++);
    }
    return sum;
}

static int32_t dot_int8(const smg_run *x, const smg_run *w, uint32_t n) {
    if (x->step == 1 && w->step == 1 && w->zero_point == 0) {
        return dot_contiguous(x, w, n);
    }
    const int8_t *a = x->values, *b = w->values;
    uint32_t i = x->first, j = w->first, i_step = x->step, j_step = w->step;
    int32_t a_zero = x->zero_point, b_zero = w->zero_point, sum = 0;
    for (; n > 0; n--, i += i_step, j += j_step) {
        sum = smg_add_wrap(sum, (a[i] - a_zero) * (b[j] - b_zero));
    }
    return sum;
}

int64_t smg_dot(const smg_run *x, const smg_run *w, uint32_t n) {
    if (x->type == SMG_TYPE_INT8 && w->type == SMG_TYPE_INT8) {
        return dot_int8(x, w, n);
    }
    int64_t sum = 0;
    uint32_t i = x->first, j = w->first;
    for (; n > 0; n--, i += x->step, j += w->step) {
        int32_t a = smg_load(x->type, x->values, i) - x->zero_point;
        sum += a * (smg_load(w->type, w->values, j) - w->zero_point);
    }
    return sum;
}

int smg_dot_types(uint8_t x_type, uint8_t w_type, uint8_t out_type) {
    int narrow = x_type == SMG_TYPE_INT8 && (w_type == SMG_TYPE_INT8 || w_type == SMG_TYPE_INT4);
    return out_type == x_type && (narrow || (x_type == SMG_TYPE_INT16 && w_type == SMG_TYPE_INT8));
}
