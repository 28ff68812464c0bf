/* The table of every operator for cores that these kernels suit: of two for the same weights the first one counts. */
#include "../kernels.h"
#include "tiles.h"

const smg_kernel smg_tiles_kernels[] = {
    {SMG_OP_CONV_2D, SMG_LAYOUT_PLAIN, smg_conv_2d_check, smg_tiles_conv_2d_run},
    {SMG_OP_DEPTHWISE_CONV_2D, SMG_LAYOUT_PLAIN, smg_conv_2d_check, smg_tiles_depthwise_run},
    {SMG_OP_FULLY_CONNECTED, SMG_LAYOUT_PLAIN, smg_fully_connected_check, smg_tiles_fully_connected_run},
#include "../table.h"
};

const size_t smg_tiles_kernel_count = sizeof smg_tiles_kernels / sizeof smg_tiles_kernels[0];
