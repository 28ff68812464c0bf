#include "patch.h"

smg_picture smg_picture_of(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0);
    return (smg_picture){smg_conv_axis(c, 1), smg_conv_axis(c, 2), smg_in_data(c, 0), (int32_t)in->dims[3], (int8_t)in->zero_point,
                         0, 0};
}

/* A window: its picture, and the position of its first tap. */
typedef struct {
    const int8_t *in;
    int32_t y, x;
} window;

/* The next window. */
static window next_window(smg_picture *p) {
    window w = {p->in, smg_axis_at(&p->y, p->oy, 0), smg_axis_at(&p->x, p->ox, 0)};
    if (++p->ox == p->x.out) {
        p->ox = 0;
        if (++p->oy == p->y.out) {
            p->oy = 0;
            p->in += p->y.in * p->x.in * p->c;
        }
    }
    return w;
}

/* The picture's row under row `y` of the window, or NULL when that is padding. */
static const int8_t *row_of(const smg_picture *p, const window *w, int32_t y) {
    int32_t row = w->y + y * p->y.dilation;
    return smg_axis_inside(&p->y, row) ? w->in + (uint32_t)(row * p->x.in * p->c) : NULL;
}

/* The channels at a column of a row, or NULL when that is padding. */
static const int8_t *in_row(const smg_picture *p, const int8_t *row, int32_t column) {
    return row != NULL && smg_axis_inside(&p->x, column) ? row + column * p->c : NULL;
}

/* `n` values of two positions. Returns the word behind. */
static int32_t *interleave(int32_t *words, const int8_t *a, const int8_t *b, uint32_t n) {
    for (const int8_t *end = a + n; a < end; words += SMG_PATCH_WORDS) {
        *words = (int32_t)((uint32_t)*b++ << 16) + *a++;
    }
    return words;
}

/* The same where one of them, or both, are padding: NULL. */
static int32_t *pad(int32_t *words, const int8_t *a, const int8_t *b, uint32_t n, int8_t zero) {
    for (uint32_t i = 0; i < n; i++, words += SMG_PATCH_WORDS) {
        *words = (int32_t)((uint32_t)(b != NULL ? b[i] : zero) << 16) + (a != NULL ? a[i] : zero);
    }
    return words;
}

/* How many taps from column `x` on lie in one run in both windows; 0 when one has padding there. */
static int32_t run_of(const smg_picture *p, int32_t a, int32_t b, int32_t x) {
    if (a < 0 || b < 0 || a >= p->x.in || b >= p->x.in) {
        return 0;
    }
    int32_t room = p->x.in - (a > b ? a : b), left = p->x.kernel - x;
    return p->x.dilation != 1 ? 1 : room < left ? room : left;
}

static void fill_pair(const smg_picture *p, const window *a, const window *b, int32_t *words) {
    for (int32_t y = 0; y < p->y.kernel; y++) {
        const int8_t *row_a = row_of(p, a, y), *row_b = row_of(p, b, y);
        for (int32_t x = 0; x < p->x.kernel;) {
            int32_t at_a = a->x + x * p->x.dilation, at_b = b->x + x * p->x.dilation;
            int32_t run = row_a != NULL && row_b != NULL ? run_of(p, at_a, at_b, x) : 0;
            if (run > 0) {
                words = interleave(words, row_a + at_a * p->c, row_b + at_b * p->c, (uint32_t)(run * p->c));
                x += run;
            } else {
                words = pad(words, in_row(p, row_a, at_a), in_row(p, row_b, at_b), (uint32_t)p->c, p->zero);
                x++;
            }
        }
    }
}

void smg_patch_fill(smg_picture *p, uint32_t count, int32_t *patch) {
    window windows[SMG_PATCH_POSITIONS];
    for (uint32_t i = 0; i < count; i++) {
        windows[i] = next_window(p);
    }
    for (uint32_t i = 0; i < SMG_PATCH_WORDS && i < count; i++) {
        const window *a = &windows[i], *b = i + SMG_PATCH_WORDS < count ? a + SMG_PATCH_WORDS : a;
        fill_pair(p, a, b, patch + i);
    }
}
