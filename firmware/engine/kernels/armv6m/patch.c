#include "patch.h"

#include "../../smg_mem.h"

/* Elements that the windows of all outputs span. */
static uint32_t reach(const smg_axis *a) {
    return (uint32_t)(smg_axis_at(a, a->out - 1, a->kernel - 1) + a->pad + 1);
}

/* Two lines of a window. */
static uint32_t line_words(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    return (w->dims[2] * w->dims[3] + 1) / 2;
}

uint64_t smg_patch_words(const smg_call *c) {
    const smg_tensor *w = smg_in(c, 1);
    return (uint64_t)(smg_elements(w) / w->dims[0]) * SMG_LANES_WORDS + line_words(c);
}

/* The picture with its padding around it, copied to `to`. */
static void copy_padded(smg_picture *p, int8_t *to, uint32_t height, uint32_t width) {
    uint32_t top = (uint32_t)p->y.pad, left = (uint32_t)p->x.pad, c = (uint32_t)p->c, row = (uint32_t)p->x.in * c;
    uint32_t inside = width - left < (uint32_t)p->x.in ? width - left : (uint32_t)p->x.in;
    const int8_t *from = p->in;
    memset(to, p->zero, (size_t)height * width * c);
    for (uint32_t y = 0; y < (uint32_t)p->y.in && y + top < height; y++, from += row) {
        memcpy(to + ((y + top) * width + left) * c, from, inside * c);
    }
    p->in = to;
    p->y.in = (int32_t)height;
    p->x.in = (int32_t)width;
    p->y.pad = p->x.pad = 0;
}

smg_picture smg_picture_of(const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0), *scratch = smg_out(c, 1);
    smg_picture p = {.y = smg_conv_axis(c, 1), .x = smg_conv_axis(c, 2), .in = smg_in_data(c, 0), .c = (int32_t)in->dims[3],
                     .zero = (int8_t)in->zero_point, .patch = smg_out_data(c, 1)};
    uint32_t words = (uint32_t)smg_patch_words(c), room = (smg_elements(scratch) - words) * 4;
    uint32_t height = reach(&p.y), width = reach(&p.x);
    int8_t *behind = (int8_t *)(p.patch + words);
    p.lines = behind - line_words(c) * 4;
    if (in->dims[0] == 1 && (uint32_t)p.y.pad < height && (uint32_t)p.x.pad < width &&
        (uint64_t)height * width <= room / in->dims[3]) {
        copy_padded(&p, behind, height, width);
    }
    p.at_y = -p.y.pad;
    p.at_x = -p.x.pad;
    p.last_y = p.y.in - (p.y.kernel - 1) * p.y.dilation - 1;
    p.last_x = p.x.dilation == 1 ? p.x.in - p.x.kernel : -1;
    return p;
}

/* A window: its picture, where it begins, and its first value, NULL unless all of it lies inside the picture. */
typedef struct {
    const int8_t *in;
    int32_t y, x;
    const int8_t *inside;
} window;

static const int8_t *value_at(const smg_picture *p, const window *w, int32_t y, int32_t x) {
    return w->in + (y * p->x.in + x) * p->c;
}

static int columns_inside(const smg_picture *p, const window *w) {
    return w->x >= 0 && w->x <= p->last_x;
}

static window next_window(smg_picture *p) {
    window w = {p->in, p->at_y, p->at_x, NULL};
    if (w.y >= 0 && w.y <= p->last_y && columns_inside(p, &w)) {
        w.inside = value_at(p, &w, w.y, w.x);
    }
    p->at_x += p->x.stride;
    if (p->at_x == smg_axis_at(&p->x, p->x.out, 0)) {
        p->at_x = -p->x.pad;
        p->at_y += p->y.stride;
        if (p->at_y == smg_axis_at(&p->y, p->y.out, 0)) {
            p->at_y = -p->y.pad;
            p->in += p->y.in * p->x.in * p->c;
        }
    }
    return w;
}

/* The values under row `row` of the window: where they are, or put together in `line`. */
static const int8_t *line_of(const smg_picture *p, const window *w, int32_t row, int8_t *line) {
    int32_t y = w->y + row * p->y.dilation;
    int inside = smg_axis_inside(&p->y, y);
    if (inside && columns_inside(p, w)) {
        return value_at(p, w, y, w->x);
    }
    size_t c = (size_t)p->c;
    for (int32_t i = 0, x = w->x; i < p->x.kernel; i++, x += p->x.dilation) {
        if (inside && smg_axis_inside(&p->x, x)) {
            memcpy(line + (size_t)i * c, value_at(p, w, y, x), c);
        } else {
            memset(line + (size_t)i * c, p->zero, c);
        }
    }
    return line;
}

static void fill_pair(const smg_picture *p, const window *a, const window *b, int32_t *words) {
    int32_t n = p->x.kernel * p->c;
    if (a->inside != NULL && b->inside != NULL) {
        smg_patch_gather(words, a->inside, b->inside, n, p->y.kernel, p->y.dilation * p->x.in * p->c);
        return;
    }
    for (int32_t row = 0; row < p->y.kernel; row++, words += n * SMG_LANES_WORDS) {
        smg_patch_gather(words, line_of(p, a, row, p->lines), line_of(p, b, row, p->lines + n), n, 1, 0);
    }
}

void smg_patch_fill(smg_picture *p, uint32_t count) {
    window windows[SMG_LANES_POSITIONS];
    for (uint32_t i = 0; i < count; i++) {
        windows[i] = next_window(p);
    }
    for (uint32_t i = 0; i < SMG_LANES_WORDS && i < count; i++) {
        const window *a = &windows[i], *b = i + SMG_LANES_WORDS < count ? a + SMG_LANES_WORDS : a;
        fill_pair(p, a, b, p->patch + i);
    }
}
