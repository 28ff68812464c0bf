#include "patch.h"

#include "../../smg_mem.h"

/* Elements that the windows of all outputs span. */
static uint32_t reach(const smg_axis *a) {
    return (uint32_t)((a->out - 1) * a->stride + (a->kernel - 1) * a->dilation + 1);
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

/* The picture with its padding around it, copied to `to`, which has room for so many bytes, where they are enough. */
static void copy_padded(smg_picture *p, int8_t *to, uint32_t room) {
    uint32_t height = reach(&p->y), width = reach(&p->x), top = (uint32_t)p->y.pad, left = (uint32_t)p->x.pad;
    uint32_t c = (uint32_t)p->c, row = (uint32_t)p->x.in * c, inside = width - left;
    if (height > room / c / width || top >= height || left >= width) {
        return;
    }
    const int8_t *from = p->in;
    p->in = to;
    memset(to, p->zero, (size_t)height * width * c);
    to += (top * width + left) * c;
    inside = (inside < (uint32_t)p->x.in ? inside : (uint32_t)p->x.in) * c;
    for (uint32_t y = top; y < (uint32_t)p->y.in + top && y < height; y++, from += row, to += width * c) {
        memcpy(to, from, inside);
    }
    p->y.in = (int32_t)height;
    p->x.in = (int32_t)width;
    p->y.pad = p->x.pad = 0;
}

void smg_patch_begin(smg_picture *p, const smg_call *c) {
    const smg_tensor *in = smg_in(c, 0);
    p->y = smg_conv_axis(c, 1);
    p->x = smg_conv_axis(c, 2);
    p->in = smg_in_data(c, 0);
    p->c = (int32_t)in->dims[3];
    p->zero = (int8_t)in->zero_point;
    uint32_t words = (uint32_t)smg_patch_words(c);
    p->patch = smg_out_data(c, 1);
    p->lines = (int8_t *)(p->patch + words - line_words(c));
    if (in->dims[0] == 1) {
        copy_padded(p, (int8_t *)(p->patch + words), (smg_elements(smg_out(c, 1)) - words) * 4);
    }
    p->at_y = -p->y.pad;
    p->at_x = -p->x.pad;
    p->last_y = p->y.in - (p->y.kernel - 1) * p->y.dilation - 1;
    p->last_x = p->x.dilation == 1 ? p->x.in - p->x.kernel : -1;
    p->end_x = smg_axis_at(&p->x, p->x.out, 0);
    p->window = (smg_patch_lines){p->x.kernel * p->c, p->y.kernel, p->y.dilation * p->x.in * p->c, p->x.stride * p->c};
}

/* A window: its picture, where it begins, and its first value, or NULL where padding may be under it. */
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

/* Pass over `count` windows of one row. */
static void pass(smg_picture *p, int32_t count) {
    p->at_x += count * p->x.stride;
    if (p->at_x == p->end_x) {
        p->at_x = -p->x.pad;
        p->at_y += p->y.stride;
        if (p->at_y == smg_axis_at(&p->y, p->y.out, 0)) {
            p->at_y = -p->y.pad;
            p->in += p->y.in * p->x.in * p->c;
        }
    }
}

/* The next window; `inside` where it and those behind it, `count` in all, lie in one row inside the picture. */
static window next_window(const smg_picture *p, int32_t count) {
    window w = {p->in, p->at_y, p->at_x, NULL};
    int32_t last = w.x + (count - 1) * p->x.stride;
    if (w.y >= 0 && w.y <= p->last_y && w.x >= 0 && last <= p->last_x && last < p->end_x) {
        w.inside = value_at(p, &w, w.y, w.x);
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
    if (a->inside != NULL && b->inside != NULL) {
        smg_patch_gather(words, a->inside, b->inside, &p->window);
        return;
    }
    smg_patch_lines line = {p->window.n, 1, 0, 0};
    for (int32_t row = 0; row < p->y.kernel; row++, words += line.n * SMG_LANES_WORDS) {
        smg_patch_gather(words, line_of(p, a, row, p->lines), line_of(p, b, row, p->lines + line.n), &line);
    }
}

/* Windows beside each other; returns whether there are so many. */
static int fill_strip(smg_picture *p) {
    window w = next_window(p, SMG_LANES_POSITIONS);
    if (w.inside == NULL || p->window.n < p->window.apart) {
        return 0;
    }
    smg_patch_strip(p->patch, w.inside, w.inside + SMG_LANES_WORDS * p->window.apart, &p->window);
    pass(p, SMG_LANES_POSITIONS);
    return 1;
}

void smg_patch_fill(smg_picture *p, uint32_t count) {
    window windows[SMG_LANES_POSITIONS];
    if (count == SMG_LANES_POSITIONS && fill_strip(p)) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        windows[i] = next_window(p, 1);
        pass(p, 1);
    }
    for (uint32_t i = 0; i < SMG_LANES_WORDS && i < count; i++) {
        const window *a = &windows[i], *b = i + SMG_LANES_WORDS < count ? a + SMG_LANES_WORDS : a;
        fill_pair(p, a, b, p->patch + i);
    }
}
