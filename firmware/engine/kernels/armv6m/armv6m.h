/* Kernels for ARMv6-M (Cortex-M0, M0+), which has a 32-bit product in one cycle and no wider one. Each equals its plain
 * twin, byte for byte. They compile everywhere: inner loops have a twin in C beside the assembly, so that any machine can
 * test what they are given. */
#ifndef SMG_ARMV6M_H
#define SMG_ARMV6M_H

#include "../../smg_kernel.h"

/* Every operator, by the fastest kernel first. */
extern const smg_kernel smg_armv6m_kernels[];
extern const size_t smg_armv6m_kernel_count;

int64_t smg_lanes_check(const smg_call *c); /* CONV_2D with weights in LANES */
int32_t smg_lanes_run(const smg_call *c);
int64_t smg_filters_check(const smg_call *c); /* DEPTHWISE_CONV_2D with weights in FILTERS */
int32_t smg_filters_run(const smg_call *c);
int64_t smg_taps_check(const smg_call *c); /* DEPTHWISE_CONV_2D with weights in TAPS */
int32_t smg_taps_run(const smg_call *c);
int64_t smg_quads_check(const smg_call *c); /* FULLY_CONNECTED with weights in QUADS */
int32_t smg_quads_run(const smg_call *c);
int32_t smg_rows_run(const smg_call *c); /* FULLY_CONNECTED with plain weights, as smg_fully_connected_run */

#endif
