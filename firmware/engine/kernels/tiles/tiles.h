/* Kernels for cores with registers to spare and a product a cycle: Cortex-M4, M7 and M33, RV32IM, Xtensa. An input that
 * is loaded meets four filters, four channels of a depthwise layer are loaded as one word, and where the core has them
 * (ARMv7E-M, ARMv8-M with DSP) one instruction makes two products. Weights stay in the plain layout, and outputs are
 * written in the plain kernels' order, so every memory plan holds. Each equals its plain twin, byte for byte, and leaves
 * to it what it is not made for: INT16, INT4, groups, depth multipliers. */
#ifndef SMG_TILES_H
#define SMG_TILES_H

#include "../../smg_kernel.h"

/* Every operator, by the fastest kernel first. */
extern const smg_kernel smg_tiles_kernels[];
extern const size_t smg_tiles_kernel_count;

int32_t smg_tiles_conv_2d_run(const smg_call *c);
int32_t smg_tiles_depthwise_run(const smg_call *c);
int32_t smg_tiles_fully_connected_run(const smg_call *c);

#endif
