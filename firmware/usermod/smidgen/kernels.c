/* The table of kernels for the processor that the firmware is compiled for: its own first, then those that run everywhere. */
#if defined(__ARM_ARCH_6M__)
#define smg_armv6m_kernels smg_all_kernels
#define smg_armv6m_kernel_count smg_all_kernel_count
#include "../../engine/kernels/armv6m/all.c"
#else
#define smg_tiles_kernels smg_all_kernels
#define smg_tiles_kernel_count smg_all_kernel_count
#include "../../engine/kernels/tiles/all.c"
#endif
