/* The inputs under a filter, gathered for two output positions at a time: the inner loop then neither knows the picture's
 * borders nor minds that outputs overwrite inputs. */
#ifndef SMG_ARMV6M_PATCH_H
#define SMG_ARMV6M_PATCH_H

#include "../window.h"

/* A picture, and the window that moves over it in raster order. */
typedef struct {
    smg_axis y, x;
    const int8_t *in; /* [y.in, x.in, c], the picture under the window */
    int32_t c;
    int8_t zero;    /* what padding holds */
    int32_t oy, ox; /* the output position that is next */
} smg_picture;

smg_picture smg_picture_of(const smg_call *c);

/* Words from one tap to the next: three pairs of positions lie side by side. */
enum { SMG_PATCH_WORDS = 3, SMG_PATCH_POSITIONS = 2 * SMG_PATCH_WORDS };

/* Gather the next `count` (1 to 6) output positions, in raster order. patch: int32 [taps, 3]; word i of a tap is
 * (position i + 3) * 65536 + (position i), signed. Of positions beyond `count` it holds anything. */
void smg_patch_fill(smg_picture *p, uint32_t count, int32_t *patch);

#endif
