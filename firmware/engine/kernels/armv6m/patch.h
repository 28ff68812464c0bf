/* The inputs under a filter, gathered for two output positions at a time: the inner loop then neither knows the picture's
 * borders nor minds that outputs overwrite inputs. */
#ifndef SMG_ARMV6M_PATCH_H
#define SMG_ARMV6M_PATCH_H

#include "../window.h"

/* A picture and the window that moves over it. */
typedef struct {
    smg_axis y, x;
    const int8_t *in; /* [n, y.in, x.in, c] */
    int32_t c;
    int8_t zero; /* what padding holds */
} smg_picture;

smg_picture smg_picture_of(const smg_call *c);

/* Words from one tap to the next: three pairs of positions lie side by side. */
enum { SMG_PATCH_WORDS = 3, SMG_PATCH_POSITIONS = 2 * SMG_PATCH_WORDS };

/* Gather `count` (1 to 6) output positions from `first` on, in raster order. patch: int32 [taps, 3]; word i of a tap is
 * (position i + 3) * 65536 + (position i), signed. Words of positions beyond `count` hold anything. */
void smg_patch_fill(const smg_picture *p, uint32_t first, uint32_t count, int32_t *patch);

#endif
