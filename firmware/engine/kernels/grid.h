/* A grid of up to six axes over up to three inputs: how operators broadcast and reduce. Axes lie at the end of an operator's
 * parameters, outermost first. */
#ifndef SMG_GRID_H
#define SMG_GRID_H

#include "../smg_kernel.h"

#define SMG_GRID_INPUTS 3

typedef struct {
    uint32_t extent, stride[SMG_GRID_INPUTS]; /* strides in elements of each input; 0 repeats */
} smg_grid_axis;

/* A position in the grid: `at` is the element of each input. */
typedef struct {
    const smg_grid_axis *axes;
    uint32_t rank, index[6], at[SMG_GRID_INPUTS];
} smg_grid;

/* The last `count` axes of the parameters, or NULL when they are not so long behind `head` bytes. */
const smg_grid_axis *smg_grid_axes(const smg_call *c, uint32_t head, uint32_t count);

/* Does the grid lie inside every input (strides of others are 0), and does it have exactly `places`? */
int smg_grid_check(const smg_call *c, const smg_grid_axis *axes, uint32_t rank, uint64_t places);

/* At the first place of a grid, which may have no axes. */
smg_grid smg_grid_start(const smg_grid_axis *axes, uint32_t rank);

/* To the next place; 0 when there was none, and then back at the first. */
int smg_grid_next(smg_grid *g);

#endif
