/* The table of every operator for ARMv6-M: of two kernels for the same weights the first one counts. */
#include "armv6m.h"

#include "../kernels.h"

const smg_kernel smg_armv6m_kernels[] = {
    {SMG_OP_CONV_2D, SMG_LAYOUT_LANES, smg_lanes_check, smg_lanes_run},
    {SMG_OP_DEPTHWISE_CONV_2D, SMG_LAYOUT_FILTERS, smg_filters_check, smg_filters_run},
    {SMG_OP_DEPTHWISE_CONV_2D, SMG_LAYOUT_TAPS, smg_taps_check, smg_taps_run},
    {SMG_OP_FULLY_CONNECTED, SMG_LAYOUT_QUADS, smg_quads_check, smg_quads_run},
    {SMG_OP_FULLY_CONNECTED, SMG_LAYOUT_PLAIN, smg_fully_connected_check, smg_rows_run},
#include "../table.h"
};

const size_t smg_armv6m_kernel_count = sizeof smg_armv6m_kernels / sizeof smg_armv6m_kernels[0];
