/* Generated from firmware/engine/format.toml by tools/generate.py; do not edit. */
#ifndef SMG_FORMAT_H
#define SMG_FORMAT_H

#include <stdint.h>

enum { SMG_MAJOR = 1, SMG_MINOR = 0 };

enum {
    SMG_E_TRUNCATED = -1, /* the file is shorter than its header says; copy it again */
    SMG_E_MAGIC = -2, /* this is not a .smg file */
    SMG_E_VERSION = -3, /* this .smg needs a newer engine; update the smidgen package on this machine */
    SMG_E_CRC = -4, /* the file is damaged (checksum mismatch); copy it again */
    SMG_E_HEADER = -5, /* the header contradicts itself */
    SMG_E_SECTION = -6, /* a section is missing, repeated, unknown or reaches outside the file */
    SMG_E_TENSOR = -7, /* a tensor is malformed or reaches outside its memory */
    SMG_E_OPERATOR = -8, /* an operator's parameters or operands contradict each other */
    SMG_E_UNSUPPORTED = -9, /* an operator of the model is not in this engine; deploy the larger engine set */
    SMG_E_LAYOUT = -10, /* the weights are packed for another chip; deploy the model to this board again */
    SMG_E_MEMORY = -11, /* the arena or the state memory is too small */
    SMG_E_ALIGNMENT = -12, /* a buffer is not aligned to 8 bytes */
    SMG_E_INDEX = -13, /* a computed index is out of range */
    SMG_E_FRONTEND = -14, /* the audio section is malformed */
    SMG_E_ORDER = -15, /* the model is not ready; open it, then bind its memory */
    SMG_E_INPUT = -16, /* an input has the wrong size or type */
};

enum {
    SMG_TYPE_INT8 = 1,
    SMG_TYPE_UINT8 = 2,
    SMG_TYPE_INT16 = 3,
    SMG_TYPE_INT32 = 4,
    SMG_TYPE_INT64 = 5,
    SMG_TYPE_FLOAT32 = 6,
    SMG_TYPE_BOOL = 7,
    SMG_TYPE_INT4 = 8,
};

enum {
    SMG_PLACE_ARENA = 0,
    SMG_PLACE_DATA = 1,
    SMG_PLACE_STATE = 2,
};

enum {
    SMG_LAYOUT_PLAIN = 0,
    SMG_LAYOUT_FILTERS = 2,
    SMG_LAYOUT_QUADS = 3,
    SMG_LAYOUT_TAPS = 4,
    SMG_LAYOUT_LANES = 5,
};

enum {
    SMG_TARGET_PORTABLE = 0,
    SMG_TARGET_ARMV6M = 1,
};

enum {
    SMG_SECTION_TENSORS = 1,
    SMG_SECTION_OPERATORS = 2,
    SMG_SECTION_DATA = 3,
    SMG_SECTION_STATE = 4,
    SMG_SECTION_AUDIO = 16,
    SMG_SECTION_IMU = 17,
    SMG_SECTION_IMAGE = 18,
    SMG_SECTION_LABELS = 32,
    SMG_SECTION_DETECTION = 33,
    SMG_SECTION_CARD = 34,
    SMG_SECTION_ANOMALY = 35,
    SMG_SECTION_PRESENCE = 36,
};

enum {
    SMG_OP_COPY = 1,
    SMG_OP_CONV_2D = 2,
    SMG_OP_DEPTHWISE_CONV_2D = 3,
    SMG_OP_FULLY_CONNECTED = 4,
    SMG_OP_AVERAGE_POOL_2D = 5,
    SMG_OP_MAX_POOL_2D = 6,
    SMG_OP_LOOKUP = 7,
    SMG_OP_SOFTMAX = 8,
    SMG_OP_TRANSPOSE_CONV = 20,
    SMG_OP_SVDF = 21,
    SMG_OP_LSTM = 22,
    SMG_OP_GATHER = 40,
    SMG_OP_RESIZE_BILINEAR = 41,
    SMG_OP_ADD = 60,
    SMG_OP_SUB = 61,
    SMG_OP_MUL = 62,
    SMG_OP_SQUARED_DIFFERENCE = 63,
    SMG_OP_PRELU = 64,
    SMG_OP_EQUAL = 65,
    SMG_OP_NOT_EQUAL = 66,
    SMG_OP_LESS = 67,
    SMG_OP_LESS_EQUAL = 68,
    SMG_OP_ADD_INT8 = 85,
    SMG_OP_MINIMUM = 69,
    SMG_OP_MAXIMUM = 70,
    SMG_OP_SELECT = 71,
    SMG_OP_RESCALE = 72,
    SMG_OP_SUM = 73,
    SMG_OP_REDUCE_MAX = 74,
    SMG_OP_REDUCE_MIN = 75,
    SMG_OP_ARG_MAX = 76,
    SMG_OP_ARG_MIN = 77,
    SMG_OP_LOGISTIC = 78,
    SMG_OP_TANH = 79,
    SMG_OP_QUANTIZE = 80,
    SMG_OP_DEQUANTIZE = 81,
    SMG_OP_CAST = 82,
    SMG_OP_SOFTMAX_INT16 = 83,
    SMG_OP_LOG_SOFTMAX = 84,
};

/* The file's first 32 bytes. */
typedef struct {
    uint8_t magic[4]; /* 'S' 'M' 'G' 0x1a */
    uint32_t crc; /* CRC-32 (IEEE 802.3, as in zlib) of every byte from offset 8 to the end */
    uint8_t major; /* 1; an engine refuses a larger one */
    uint8_t minor; /* an engine refuses a larger one of its major version */
    uint8_t target; /* the chip that the weights are packed for (targets) */
    uint8_t section_count; /* entries of the section table that follows the header */
    uint32_t size; /* bytes of the whole file, below 2^31 */
    uint32_t arena_size; /* bytes of scratch memory: exactly where the last ARENA tensor ends */
    uint32_t state_size; /* bytes of state memory, at least the size of the section STATE, with which it starts; beyond that it starts with the zero points of the one-byte tensors that lie there, in the order of the tensors, and else with 0 */
    uint32_t macs; /* multiply-accumulates of one inference, as every reader recomputes them; saturating */
    uint16_t input_count; /* the first tensors are the model's inputs */
    uint16_t output_count; /* the tensors after the inputs are its outputs */
} smg_header;

/* An entry of the section table. Kinds rise strictly; sections do not overlap the table. */
typedef struct {
    uint16_t kind; /* sections; a reader skips an unknown kind of 16 or more and refuses one below */
    uint16_t reserved; /* 0 */
    uint32_t offset; /* from the start of the file, a multiple of 8 */
    uint32_t size; /* bytes */
} smg_section;

/* A tensor: a typed view of a piece of arena, data or state. Views may overlap. */
typedef struct {
    uint8_t type; /* types */
    uint8_t place; /* places */
    uint8_t rank; /* dimensions in use, 0 to 6 */
    uint8_t layout; /* layouts; other than PLAIN only for the second operand (the weights) of an operator */
    uint32_t offset; /* bytes from the start of its place, a multiple of the type's bytes */
    int32_t zero_point; /* quantised value of real 0; a value of INT8, UINT8 or INT16, 0 for other types */
    uint32_t scale; /* real = scale * (value - zero_point); for the caller, engines do not compute with it */
    uint32_t dims[6]; /* sizes, each at least 1; 0 beyond rank */
} smg_tensor;

/* Head of an operator record. `input_count` + `output_count` u16 tensor indices follow, zero-padded to 4 bytes, then the operator's parameters. */
typedef struct {
    uint8_t code; /* operators */
    uint8_t input_count; /* operands read */
    uint8_t output_count; /* operands written */
    uint8_t words; /* length of the whole record in units of 4 bytes */
} smg_operator;

/* How motion becomes a model's input: rows of int8, one for each sample of the sensor, window of them at a time. int8 = clamp(floor((sample * 128 + full_scale / 2) / full_scale)), full_scale / 2 rounded down. */
typedef struct {
    uint32_t rate_mhz; /* samples a second, in thousandths */
    uint16_t window; /* samples of one model input, 1 to 1024 */
    uint16_t full_scale; /* of a sample, in its unit, for 128; 1 to 32767 */
    uint8_t axes; /* values of a sample; 3: acceleration along x, y and z */
    uint8_t unit; /* of a value; 0: milli-g (a thousandth of 9.80665 m/s2), as int16 */
    uint16_t reserved; /* 0 */
} smg_imu;

/* How a picture becomes a model's input, int8 [height, width, channels]. Integers only, so that board and host agree byte for byte. Colours of RGB565 become 8 bits by repeating their high bits; grey is (77 R + 150 G + 29 B + 128) >> 8. Of the picture, or of what `fit` leaves of it, column i of the input takes the columns floor(i * w / width) up to, not with, floor((i + 1) * w / width), at least one; rows alike. A value p is the mean over that box, (sum + (n >> 1)) / n rounded down; int8 = clamp(((p * multiplier_q8 + 128) >> 8) + offset). */
typedef struct {
    uint16_t width; /* of the model's input, 1 to 1024 */
    uint16_t height; /* 1 to 1024 */
    uint8_t channels; /* 1: grey; 3: red, green, blue */
    uint8_t fit; /* 0: the largest middle part of the picture with the input's proportions (a side is rounded down, what is cut off before it too); 1: the whole picture, whatever its proportions */
    uint16_t multiplier_q8; /* times 256, of a value of 0 to 255; at least 1 */
    int16_t offset; /* added to it, -128 where black is -128 */
    uint16_t reserved; /* 0 */
} smg_image;

/* How the class scores of pictures, one after the other, become what is seen. Integers only. Scores count as unsigned 0 to 255 and are summed over the last `smooth` inferences. The class whose sum is the largest (the first of equals) is seen when that is at least smooth times its `on`; otherwise what is seen stays seen while its sum is at least smooth times its `off`. Before so many inferences nothing is seen. */
typedef struct {
    uint16_t smooth; /* inferences whose scores are summed, 1 to 255 */
    uint16_t class_count; /* of pairs that follow, for each class u16 on, 0 to 256 (which is never reached), and u16 off, 0 to on */
} smg_presence;

/* How a stream of class scores becomes detections. Integers only, so that board and host agree value for value. */
typedef struct {
    uint16_t hop_frames; /* new front-end frames (of motion: samples) between two inferences */
    uint16_t smooth; /* inferences whose scores are summed, 1 to 255; each score counts as unsigned 0 to 255; before so many inferences nothing is detected */
    uint16_t refractory; /* inferences after a detection during which no other is reported */
    uint16_t class_count; /* thresholds that follow, a u16 for each class; a class fires when its sum is the largest (the first of equals) and at least smooth times its threshold; 256 never fires */
} smg_detection;

/* How what an autoencoder makes of a window becomes an anomaly score. Integers only: each output less its zero point is brought to the input's scale with four bits of fraction, (out * out_scale_q16) >> 12; an error is the input less that, times its channel's weight, >> 8, at most 1023 in magnitude; a window's score is the mean of their squares, a report the mean of `smooth` scores, both rounded down. */
typedef struct {
    uint32_t out_scale_q16; /* the output's scale over the input's, times 65536; 1 to 2^20 - 1 */
    uint32_t threshold; /* reports of at least this are anomalous, until the board has learned its own */
    uint16_t hop_frames; /* new front-end frames between two windows */
    uint16_t smooth; /* windows of a report, 1 to 1024; reports do not overlap */
    uint16_t learned; /* reports from which a threshold is learned, 2 or more: their mean and some standard deviations (both rounded down) */
    uint16_t margin_q4; /* how many, in sixteenths */
    uint16_t weight_count; /* u8 weights that follow, one for each channel of the front end */
    uint16_t reserved; /* 0 */
} smg_anomaly;

/* COPY: in -> out. out[dst] = in[src] over an N-dimensional grid of elements; a src stride of 0 repeats. Slices, transposes, concatenations, padding, broadcasts and nearest-neighbour resizing are all this. Both tensors have one type. */
typedef struct {
    uint8_t rank; /* axes of the grid, 1 to 6 */
    uint8_t reserved; /* 0 */
    uint16_t reserved2; /* 0 */
    uint32_t src; /* first element read */
    uint32_t dst; /* first element written */
} smg_copy_params;

/* CONV_2D: in, weights -> out. 2-D convolution with groups. in [n, h, w, c] INT8 or INT16, weights [out_c, kh, kw, c / groups] INT8, with INT8 inputs also INT4, out [n, oh, ow, out_c] of the input's type. */
typedef struct {
    uint16_t stride_h; /* rows */
    uint16_t stride_w; /* columns */
    uint16_t dilation_h; /* rows */
    uint16_t dilation_w; /* columns */
    uint16_t pad_top; /* rows of zero point before the first */
    uint16_t pad_left; /* columns of zero point before the first */
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
    uint32_t channels; /* offset in DATA of the channel block */
    uint32_t scales; /* 1 when all output channels share a scale, else out_c */
    uint32_t bias_type; /* INT32, or INT64 for sums of 64 bits, which only INT16 inputs may have */
} smg_conv_2d_params;

/* Depthwise convolution. in [n, h, w, c], weights [1, kh, kw, out_c], out [n, oh, ow, out_c]; out_c is a multiple of c. Types as CONV_2D. */
typedef smg_conv_2d_params smg_depthwise_conv_2d_params;

/* FULLY_CONNECTED: in, weights -> out. Dense layer. in [rows, n], weights [out_c, n], out [rows, out_c]; rows is the input's size over n. Types as CONV_2D; the weights need not be constant. */
typedef struct {
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
    uint32_t channels; /* offset in DATA of the channel block */
    uint32_t scales; /* 1 when all output channels share a scale, else out_c */
    uint32_t bias_type; /* INT32, or INT64 for sums of 64 bits, which only INT16 inputs may have */
} smg_fully_connected_params;

/* AVERAGE_POOL_2D: in -> out. Mean of each window, rounded half away from zero; padding does not count. in [n, h, w, c], out [n, oh, ow, c]. */
typedef struct {
    uint16_t kernel_h; /* rows */
    uint16_t kernel_w; /* columns */
    uint16_t stride_h; /* rows */
    uint16_t stride_w; /* columns */
    uint16_t pad_top; /* rows before the first */
    uint16_t pad_left; /* columns before the first */
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
} smg_average_pool_2d_params;

/* Largest of each window. in [n, h, w, c], out [n, oh, ow, c]. */
typedef smg_average_pool_2d_params smg_max_pool_2d_params;

/* SOFTMAX: in -> out. Softmax over the last axis in fixed point (gemmlowp). in [rows, n] INT8, out [rows, n] INT8 or INT16. */
typedef struct {
    int32_t multiplier; /* of the input difference, Q31 */
    int32_t shift; /* left shift of the input difference */
    int32_t diff_min; /* differences below it count as zero probability */
} smg_softmax_params;

/* Transposed convolution: out[y * stride - pad + k] += in[y] * weights[k]. in [n, h, w, c], weights [out_c, kh, kw, c], out [n, oh, ow, out_c]. Types as CONV_2D; dilations are 1. */
typedef smg_conv_2d_params smg_transpose_conv_params;

/* SVDF: in, feature, time -> out, state. A filter over features joined to a filter over time (singular value decomposed). in [n, inputs] INT8, feature [filters, inputs] INT8, time [filters, memory] INT8 or INT16, out [n, units], state [n, filters, memory] of time's type; filters is a multiple of units. The state moves on by one, then takes the scaled sums over the features; each unit sums its filters' products with the state. */
typedef struct {
    int32_t feature_multiplier; /* of the sums over the features, Q31 */
    int32_t feature_shift; /* positive shifts left */
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
    uint32_t channels; /* offset in DATA of the channel block of the units */
    uint32_t scales; /* 1 when all units share a scale, else units */
    uint32_t bias_type; /* INT32 */
} smg_svdf_params;

/* LSTM: in, weights, recurrent, bias, scalings, table -> out, hidden, cell. Long short-term memory over a sequence. in [n, steps, inputs] INT8 or INT16, weights [4, cells, inputs] and recurrent [4, cells, cells] INT8 with the gates input, forget, cell, output, bias [4, cells] INT32, or INT64 when in is INT16, scalings [2, 2, 4] INT32, constant (multipliers, then shifts, of the sums over the input, then over the hidden state, of each gate), table [256] INT16 (sigmoid in unsigned Q0.16), out [n, steps, cells], hidden [n, cells] of in's type, cell [n, cells] INT16. */
typedef struct {
    int32_t forget_multiplier; /* of forget gate * cell state, Q31 */
    int32_t forget_shift; /* positive shifts left */
    int32_t input_multiplier; /* of input gate * cell gate */
    int32_t input_shift; /* positive shifts left */
    int32_t hidden_multiplier; /* of tanh(cell state) * output gate */
    int32_t hidden_shift; /* positive shifts left */
    int32_t cell_clip; /* largest magnitude of the cell state, 0 to 32768 */
    int32_t tanh_shift; /* cell state * 2^tanh_shift is Q3.12; -31 to 14 */
    uint32_t time_major; /* 1 when in and out are [steps, n, ...], else 0 */
} smg_lstm_params;

/* GATHER: in, indices -> out. out[b, o, i, n] = in[b, o, indices[b, i], n]. in [batches, outer, axis, inner], indices [batches, count] INT32, out [batches, outer, count, inner] of in's type, whatever the axes are that these sizes are products of. An index outside 0 to axis - 1 ends the inference with INDEX. */
typedef struct {
    uint32_t batches; /* each has indices of its own */
    uint32_t outer; /* blocks of a batch */
    uint32_t axis; /* positions to choose from */
    uint32_t inner; /* elements of a position */
} smg_gather_params;

/* RESIZE_BILINEAR: in -> out. Bilinear resizing in fixed point. in [n, h, w, c] INT8, out [n, oh, ow, c] INT8. */
typedef struct {
    int32_t scale_h; /* input rows per output row, times 1024 */
    int32_t scale_w; /* input columns per output column, times 1024 */
    uint32_t half_pixel_centers; /* 1 when pixels are squares around half coordinates, 0 when points at whole ones */
} smg_resize_bilinear_params;

/* ADD: a, b -> out. out = a + b. Quantised operands are brought to one scale and rounded, then added; INT32 is taken as it is and wraps. Both inputs and the output have one type: INT8, INT16 or INT32. */
typedef struct {
    uint8_t rank; /* axes of the grid, 1 to 6 */
    uint8_t left_shift; /* of the operands less their zero points, before their factors */
    uint16_t reserved; /* 0 */
    int32_t multiplier_a; /* of a, Q31 */
    int32_t shift_a; /* left shift of a, or right when negative */
    int32_t multiplier_b; /* of b, Q31 */
    int32_t shift_b; /* left shift of b, or right when negative */
    int32_t multiplier; /* of the result, Q31 */
    int32_t shift; /* left shift of the result, or right when negative */
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
} smg_add_params;

/* out = a - b, otherwise as ADD. */
typedef smg_add_params smg_sub_params;

/* out = a * b; only the product is scaled, otherwise as ADD. */
typedef smg_add_params smg_mul_params;

/* out = (a - b)^2, otherwise as ADD. */
typedef smg_add_params smg_squared_difference_params;

/* out = a where a is not negative, scaled by its factor; a * b elsewhere, scaled by the result's. a and out are INT8 or INT16, b is INT8. */
typedef smg_add_params smg_prelu_params;

/* out = a = b, BOOL. Quantised operands are brought to one scale as for ADD; INT32 and BOOL are taken as they are. */
typedef smg_add_params smg_equal_params;

/* out = not (a = b), as EQUAL. */
typedef smg_add_params smg_not_equal_params;

/* out = a < b, as EQUAL. GREATER is this with its operands exchanged. */
typedef smg_add_params smg_less_params;

/* out = a <= b, as EQUAL. GREATER_EQUAL is this with its operands exchanged. */
typedef smg_add_params smg_less_equal_params;

/* ADD_INT8: a, b -> out. ADD of two INT8 values of one size, where the converter found, and tried on all 65,536 pairs, that t = a * factor_a + b * factor_b + constant and out = act_min + clamp((t + (t < 0 ? -1 : 0) + offset) >> shift, 0, act_max - act_min) are exactly what ADD computes. Sums wrap at 32 bits; no pair reaches them. */
typedef struct {
    int32_t factor_a; /* of a */
    int32_t factor_b; /* of b */
    int32_t constant; /* makes t 0 where both are their zero points */
    int32_t offset; /* one half, and the output's zero point less act_min */
    uint32_t shift; /* 0 to 31 */
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
} smg_add_int8_params;

/* MINIMUM: a, b -> out. out = the smaller stored value; LOGICAL_AND on BOOL. All have one type of 1, 2 or 4 bytes. */
typedef struct {
    uint8_t rank; /* axes of the grid, 1 to 6 */
    uint8_t reserved; /* 0 */
    uint16_t reserved2; /* 0 */
} smg_minimum_params;

/* out = the larger stored value; LOGICAL_OR on BOOL. Types as MINIMUM. */
typedef smg_minimum_params smg_maximum_params;

/* out = a where condition, else b. The condition is BOOL, the others have one type of 1, 2 or 4 bytes. */
typedef smg_minimum_params smg_select_params;

/* RESCALE: in -> out. out = scale(in - zero point) + zero point, with a factor of its own for negative values: changes of scale and type, RELU, LEAKY_RELU, ABS. In and out are INT8, UINT8, INT16 or INT32. */
typedef struct {
    int32_t multiplier; /* of values that are not negative, Q31 */
    int32_t shift; /* left shift, or right when negative */
    int32_t negative_multiplier; /* of negative values, Q31 */
    int32_t negative_shift; /* left shift, or right when negative */
    uint32_t negative; /* what becomes of negative values: 0 nothing, 1 negated before they are scaled, 2 negated afterwards */
    int32_t act_min; /* smallest output */
    int32_t act_max; /* largest output */
} smg_rescale_params;

/* SUM: in -> out. Sum over some axes, of INT8 or INT16 values less their zero point, then scaled; MEAN has 1 / count in its factor. */
typedef struct {
    uint8_t rank; /* axes of the output, 1 to 6 */
    uint8_t reduced; /* axes summed, 1 to 6 */
    uint16_t reserved; /* 0 */
    int32_t multiplier; /* of the sum, Q31 */
    int32_t shift; /* left shift of the sum, or right when negative */
} smg_sum_params;

/* The largest stored value along some axes; the factor is not used. Types as SUM. */
typedef smg_sum_params smg_reduce_max_params;

/* The smallest stored value along some axes; the factor is not used. Types as SUM. */
typedef smg_sum_params smg_reduce_min_params;

/* ARG_MAX: in -> out. Position of the first of the largest along an axis. in [outer, count, inner] INT8, out [outer, inner] INT32. */
typedef struct {
    uint32_t count; /* values along the axis */
    uint32_t inner; /* positions that follow each other in memory */
} smg_arg_max_params;

/* Position of the first of the smallest along an axis, otherwise as ARG_MAX. */
typedef smg_arg_max_params smg_arg_min_params;

/* LOGISTIC: in, table -> out. 1 / (1 + exp(-in)) on INT16, interpolated: the table is sigmoid(i / 24) in Q0.16, 256 entries whose 16 bits are unsigned. */
typedef struct {
    int32_t multiplier; /* of the input, 0 to 32767 */
    uint32_t shift; /* right shift of the product, to steps of 1 / (3 * 4096) */
} smg_logistic_params;

/* tanh(in) on INT16, as 2 sigmoid(2 in) - 1, from the same table as LOGISTIC. */
typedef smg_logistic_params smg_tanh_params;

/* QUANTIZE: in -> out. From FLOAT32 to INT8 or INT16: in / scale, rounded as IEEE 754 does, then half away from zero, plus the zero point; saturating, and 0 for what is no number. */
typedef struct {
    uint32_t scale; /* bits of a float32, positive and normal */
} smg_quantize_params;

/* From INT8, UINT8 or INT16 to FLOAT32: scale * (in - zero point), rounded once as IEEE 754 does. */
typedef smg_quantize_params smg_dequantize_params;

/* SOFTMAX_INT16: in, exp_table, reciprocal_table -> out. Softmax over the last axis of INT16 values, from two tables of 513 entries between which it interpolates: exp(x) for x from -10 to 0 and 1 / (1 + x) for x from 0 to 1, both Q0.15. */
typedef struct {
    int32_t multiplier; /* of the input difference to steps of 10 / 65535, Q31 */
    int32_t shift; /* left shift of the input difference, or right when negative */
} smg_softmax_int16_params;

/* LOG_SOFTMAX: in -> out. Logarithm of the softmax over the last axis in fixed point, INT8. in [rows, n], out [rows, n]. */
typedef struct {
    int32_t multiplier; /* of the input difference to Q5, Q31 */
    int32_t shift; /* left shift of the input difference */
    int32_t diff_min; /* differences below it do not count in the sum */
    int32_t reverse_multiplier; /* from Q5 to input differences, Q31 */
    int32_t reverse_shift; /* left shift of that, or right when negative */
} smg_log_softmax_params;

#endif
