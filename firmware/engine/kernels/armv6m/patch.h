/* The inputs under a filter, gathered for two output positions at a time: the inner loop then neither knows the picture's
 * borders nor minds that outputs overwrite inputs. */
#ifndef SMG_ARMV6M_PATCH_H
#define SMG_ARMV6M_PATCH_H

#include "../window.h"
#include "lanes.h"

/* Lines of windows; known to patch_gather.S, field by field. */
typedef struct {
    int32_t n;     /* values of a line */
    int32_t lines; /* of a window */
    int32_t pitch; /* bytes from one line to the next */
    int32_t apart; /* bytes from one window to the next */
} smg_patch_lines;

/* A picture, and the window that moves over it in raster order. */
typedef struct {
    smg_axis y, x;
    const int8_t *in; /* [y.in, x.in, c], the picture under the window */
    int32_t c;
    int8_t zero;            /* what padding holds */
    int32_t at_y, at_x;     /* where the next window begins */
    int32_t last_y, last_x; /* where the last one does that lies inside the picture; a dilated one never does */
    int32_t end_x;          /* where a row of windows ends */
    smg_patch_lines window;
    int32_t *patch;         /* [taps, 6]: word i of a tap is (position i + 6) * 65536 + (position i), signed */
    int8_t *lines;          /* [2, x.kernel, c] */
} smg_picture;

/* Words of scratch memory, the second output of a CONV_2D, that gathering needs. With room for a picture that has its padding
 * around it behind them, windows are taken from there, faster. */
uint64_t smg_patch_words(const smg_call *c);

void smg_patch_begin(smg_picture *p, const smg_call *c);

/* Gather the next `count` (1 to 12) output positions, in raster order. Of positions beyond `count` the patch holds
 * anything. */
void smg_patch_fill(smg_picture *p, uint32_t count);

/* Values of two windows, into the first words of the taps from `words` on. */
void smg_patch_gather(int32_t *words, const int8_t *a, const int8_t *b, const smg_patch_lines *w);

/* The same for two times six windows, at most a line apart: all words of the taps. */
void smg_patch_strip(int32_t *words, const int8_t *a, const int8_t *b, const smg_patch_lines *w);

#endif
