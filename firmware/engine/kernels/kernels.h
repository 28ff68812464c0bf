/* The kernels, one operator a file. `check` and `run` are documented at smg_kernel. */
#ifndef SMG_KERNELS_H
#define SMG_KERNELS_H

#include "../smg_kernel.h"

int64_t smg_copy_check(const smg_call *c);
int32_t smg_copy_run(const smg_call *c);
int64_t smg_conv_2d_check(const smg_call *c); /* depthwise and transposed too */
int64_t smg_conv_2d_work(const smg_call *c); /* the check without that of the operator's form, for faster twins */
int32_t smg_conv_2d_run(const smg_call *c);
int64_t smg_fully_connected_check(const smg_call *c);
int64_t smg_fully_connected_work(const smg_call *c); /* as smg_conv_2d_work */
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
int64_t smg_softmax_int16_check(const smg_call *c);
int32_t smg_softmax_int16_run(const smg_call *c);
int64_t smg_log_softmax_check(const smg_call *c);
int32_t smg_log_softmax_run(const smg_call *c);
int64_t smg_arithmetic_check(const smg_call *c); /* ADD, SUB, MUL, SQUARED_DIFFERENCE, PRELU */
int32_t smg_arithmetic_run(const smg_call *c);
int64_t smg_add_int8_check(const smg_call *c);
int32_t smg_add_int8_run(const smg_call *c);
int64_t smg_compare_check(const smg_call *c); /* EQUAL, NOT_EQUAL, LESS, LESS_EQUAL */
int32_t smg_compare_run(const smg_call *c);
int64_t smg_extreme_check(const smg_call *c); /* MINIMUM, MAXIMUM */
int32_t smg_extreme_run(const smg_call *c);
int64_t smg_select_check(const smg_call *c);
int32_t smg_select_run(const smg_call *c);
int64_t smg_rescale_check(const smg_call *c);
int32_t smg_rescale_run(const smg_call *c);
int64_t smg_reduce_check(const smg_call *c); /* SUM, REDUCE_MAX, REDUCE_MIN */
int32_t smg_reduce_run(const smg_call *c);
int64_t smg_arg_max_check(const smg_call *c); /* ARG_MAX, ARG_MIN */
int32_t smg_arg_max_run(const smg_call *c);
int64_t smg_logistic_check(const smg_call *c); /* LOGISTIC, TANH */
int32_t smg_logistic_run(const smg_call *c);
int64_t smg_quantize_check(const smg_call *c); /* QUANTIZE, DEQUANTIZE */
int32_t smg_quantize_run(const smg_call *c);
int32_t smg_dequantize_run(const smg_call *c);
int64_t smg_cast_check(const smg_call *c);
int32_t smg_cast_run(const smg_call *c);

#endif
