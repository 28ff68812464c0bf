/* The kernels, one operator a file. `check` and `run` are documented at smg_kernel. */
#ifndef SMG_KERNELS_H
#define SMG_KERNELS_H

#include "../smg_kernel.h"

int64_t smg_copy_check(const smg_call *c);
int32_t smg_copy_run(const smg_call *c);
int64_t smg_conv_2d_check(const smg_call *c); /* depthwise and transposed too */
int32_t smg_conv_2d_run(const smg_call *c);
int64_t smg_fully_connected_check(const smg_call *c);
int32_t smg_fully_connected_run(const smg_call *c);
int64_t smg_pool_2d_check(const smg_call *c); /* average and maximum */
int32_t smg_pool_2d_run(const smg_call *c);
int64_t smg_lookup_check(const smg_call *c);
int32_t smg_lookup_run(const smg_call *c);
int64_t smg_softmax_check(const smg_call *c);
int32_t smg_softmax_run(const smg_call *c);
int64_t smg_svdf_check(const smg_call *c);
int32_t smg_svdf_run(const smg_call *c);
int64_t smg_lstm_check(const smg_call *c);
int32_t smg_lstm_run(const smg_call *c);
int64_t smg_gather_check(const smg_call *c);
int32_t smg_gather_run(const smg_call *c);
int64_t smg_resize_bilinear_check(const smg_call *c);
int32_t smg_resize_bilinear_run(const smg_call *c);

#endif
