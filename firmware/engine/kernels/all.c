/* The table of every operator. A firmware that needs fewer links a table of its own instead of this file. */
#include "kernels.h"

const smg_kernel smg_all_kernels[] = {
    {SMG_OP_COPY, SMG_LAYOUT_PLAIN, smg_copy_check, smg_copy_run},
    {SMG_OP_CONV_2D, SMG_LAYOUT_PLAIN, smg_conv_2d_check, smg_conv_2d_run},
    {SMG_OP_DEPTHWISE_CONV_2D, SMG_LAYOUT_PLAIN, smg_conv_2d_check, smg_conv_2d_run},
    {SMG_OP_TRANSPOSE_CONV, SMG_LAYOUT_PLAIN, smg_conv_2d_check, smg_conv_2d_run},
    {SMG_OP_FULLY_CONNECTED, SMG_LAYOUT_PLAIN, smg_fully_connected_check, smg_fully_connected_run},
    {SMG_OP_AVERAGE_POOL_2D, SMG_LAYOUT_PLAIN, smg_pool_2d_check, smg_pool_2d_run},
    {SMG_OP_MAX_POOL_2D, SMG_LAYOUT_PLAIN, smg_pool_2d_check, smg_pool_2d_run},
    {SMG_OP_LOOKUP, SMG_LAYOUT_PLAIN, smg_lookup_check, smg_lookup_run},
    {SMG_OP_SOFTMAX, SMG_LAYOUT_PLAIN, smg_softmax_check, smg_softmax_run},
    {SMG_OP_SVDF, SMG_LAYOUT_PLAIN, smg_svdf_check, smg_svdf_run},
    {SMG_OP_LSTM, SMG_LAYOUT_PLAIN, smg_lstm_check, smg_lstm_run},
    {SMG_OP_GATHER, SMG_LAYOUT_PLAIN, smg_gather_check, smg_gather_run},
    {SMG_OP_RESIZE_BILINEAR, SMG_LAYOUT_PLAIN, smg_resize_bilinear_check, smg_resize_bilinear_run},
};

const size_t smg_all_kernel_count = sizeof smg_all_kernels / sizeof smg_all_kernels[0];
