#include "patch.h"

smg_picture smg_picture_of(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0);
    return (smg_picture){smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_in_data(c, 0), in->dims[3], (int8_t)in->zero_point};
}

/* A window: its picture, and the position of its first tap. */
typedef struct {
    const int8_t *in;
    int32_t y, x;
} window;

static window window_at(const smg_picture *p, uint32_t position) {
    uint32_t columns = (uint32_t)p->x.out, rows = (uint32_t)p->y.out, line = position / columns;
    uint32_t picture = line / rows * (uint32_t)(p->y.in * p->x.in) * p->c;
    return (window){p->in + picture, smg_axis_at(&p->y, (int32_t)(line % rows), 0),
                    smg_axis_at(&p->x, (int32_t)(position - line * columns), 0)};
}

/* The channels under a tap, or NULL when that is padding. */
static const int8_t *under(const smg_picture *p, const window *w, int32_t y, int32_t x) {
    int32_t row = w->y + y * p->y.dilation, column = w->x + x * p->x.dilation;
    int inside = smg_axis_inside(&p->y, row) && smg_axis_inside(&p->x, column);
    return inside ? w->in + (uint32_t)(row * p->x.in + column) * p->c : NULL;
}

/* `n` values of two positions; NULL is padding. Returns the word behind. */
static int32_t *interleave(int32_t *words, const int8_t *a, const int8_t *b, uint32_t n, const int8_t *zero) {
    uint32_t a_step = a != NULL, b_step = b != NULL;
    a = a_step ? a : zero;
    b = b_step ? b : zero;
    for (; n > 0; n--, words += SMG_PATCH_WORDS, a += a_step, b += b_step) {
        *words = (int32_t)((uint32_t)*b << 16) + *a;
    }
    return words;
}

static void fill_pair(const smg_picture *p, const window *a, const window *b, int32_t *words) {
    /* Taps beside each other in the picture are one run where neither window sticks out. */
    int32_t last = p->x.kernel - 1;
    int joined = p->x.dilation == 1 && a->x >= 0 && b->x >= 0 && a->x + last < p->x.in && b->x + last < p->x.in;
    int32_t taps = joined ? p->x.kernel : 1;
    for (int32_t y = 0; y < p->y.kernel; y++) {
        for (int32_t x = 0; x < p->x.kernel; x += taps) {
            words = interleave(words, under(p, a, y, x), under(p, b, y, x), (uint32_t)taps * p->c, &p->zero);
        }
    }
}

void smg_patch_fill(const smg_picture *p, uint32_t first, uint32_t count, int32_t *patch) {
    for (uint32_t i = 0; i < SMG_PATCH_WORDS && i < count; i++) {
        window a = window_at(p, first + i), b = i + 3 < count ? window_at(p, first + i + 3) : a;
        fill_pair(p, &a, &b, patch + i);
    }
}
