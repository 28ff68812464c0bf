"""What each operator demands of its parameters and operands: the `check` functions of firmware/engine/kernels/.

A check takes the call, the tensor records of its operands and the DATA section; it returns the operator's
multiply-accumulates or raises Refused. This engine computes INT8 only, and says UnsupportedError to other types.
"""

import struct

from ._format import (
    ADD_INT8_PARAMS,
    ADD_PARAMS,
    AVERAGE_POOL_2D_PARAMS,
    BOOL,
    CONV_2D_PARAMS,
    COPY_PARAMS,
    DEPTHWISE_CONV_2D_PARAMS,
    FULLY_CONNECTED_PARAMS,
    INT4,
    INT8,
    INT32,
    MAX_POOL_2D_PARAMS,
    OP_ADD,
    OP_ADD_INT8,
    OP_AVERAGE_POOL_2D,
    OP_CONV_2D,
    OP_COPY,
    OP_DEPTHWISE_CONV_2D,
    OP_FULLY_CONNECTED,
    OP_LOOKUP,
    OP_MAX_POOL_2D,
    OP_SOFTMAX,
    SOFTMAX_PARAMS,
    UINT8,
)
from .blob import elements

_LARGEST = 0x7FFFFFFF
_MAX_CLASSES = 4095


class Refused(Exception):
    """args[0] is the name of the error."""


def require(condition, name):
    if not condition:
        raise Refused(name)


def _ok(condition):
    require(condition, "OperatorError")


def _int8(*records):
    for record in records:
        require(record[0] == INT8, "UnsupportedError")


def _dims(record):
    return record[7 : 7 + record[2]]


def _clamp(act_min, act_max):
    _ok(-128 <= act_min <= act_max <= 127)


def _factor(multiplier, shift):
    _ok(multiplier >= 0 and -31 <= shift <= 30)


def _axis(out, kernel, stride, dilation):
    reach = (out - 1) * stride + (kernel - 1) * dilation
    _ok(stride > 0 and dilation > 0 and kernel > 0 and reach <= _LARGEST)


def _channels(params, out_c, data):
    """The end of CONV_2D's and FULLY_CONNECTED's parameters: the clamp and where the channel block lies."""
    act_min, act_max, offset, scales, bias_type = params
    _clamp(act_min, act_max)
    _ok(scales in (1, out_c) and bias_type == INT32)
    end = offset + 4 * out_c + 5 * scales
    _ok(data is not None and offset % 8 == 0 and end <= len(data))
    for i in range(scales):
        multiplier = struct.unpack_from("<i", data, offset + 4 * (out_c + i))[0]
        _factor(multiplier, struct.unpack_from("<b", data, end - scales + i)[0])


def _window(call, x, w, y, data):
    """What CONV_2D and DEPTHWISE_CONV_2D share. Returns the dims of input, weights and output."""
    _ok(not len(call.trailer))
    _int8(x, w, y)
    _ok(x[2] == w[2] == y[2] == 4)
    x, w, y = _dims(x), _dims(w), _dims(y)
    stride_h, stride_w, dilation_h, dilation_w = call.params[:4]
    _ok(x[0] == y[0])
    _axis(y[1], w[1], stride_h, dilation_h)
    _axis(y[2], w[2], stride_w, dilation_w)
    _channels(call.params[6:], y[3], data)
    return x, w, y


def _conv_2d(call, records, data):
    x, w, y = _window(call, *records, data)
    _ok(y[3] == w[0] and x[3] % w[3] == 0 and y[3] % (x[3] // w[3]) == 0)
    return elements(records[2]) * w[1] * w[2] * w[3]


def _depthwise_conv_2d(call, records, data):
    x, w, y = _window(call, *records, data)
    _ok(w[0] == 1 and y[3] == w[3] and y[3] % x[3] == 0)
    return elements(records[2]) * w[1] * w[2]


def _fully_connected(call, records, data):
    x, w, y = records
    _ok(not len(call.trailer))
    _int8(x, w, y)
    _ok(w[2] == 2)
    out_c, n = _dims(w)
    rows = elements(x) // n
    _ok(rows * n == elements(x) and rows * out_c == elements(y))
    _channels(call.params, out_c, data)
    return elements(y) * n


def _pool_2d(call, records, data):
    x, y = records
    _ok(not len(call.trailer))
    _int8(x, y)
    _ok(x[2] == y[2] == 4)
    x, y = _dims(x), _dims(y)
    kernel_h, kernel_w, stride_h, stride_w, _, _, act_min, act_max = call.params
    _ok(x[0] == y[0] and x[3] == y[3])
    _clamp(act_min, act_max)
    _axis(y[1], kernel_h, stride_h, 1)
    _axis(y[2], kernel_w, stride_w, 1)
    return 0


def _lookup(call, records, data):
    x, table, y = records
    _ok(not len(call.trailer))
    for record in records:
        require(record[0] in (INT8, UINT8, BOOL), "UnsupportedError")
    _ok(elements(table) == 256 and elements(x) == elements(y))
    return 0


def _softmax(call, records, data):
    x, y = records
    multiplier, shift, diff_min = call.params
    _ok(not len(call.trailer))
    _int8(x, y)
    _ok(x[2] > 0 and _dims(x) == _dims(y) and _dims(x)[-1] <= _MAX_CLASSES)
    _ok(multiplier >= 0 and 0 <= shift <= 31 and diff_min <= 0)
    return 0


def _reaches_inside(first, grid, stride_at, count):
    low = high = first
    for axis in grid:
        extent, stride = axis[0], axis[stride_at]
        span = (extent - 1) * stride
        low, high = low + min(span, 0), high + max(span, 0)
        _ok(extent > 1 or stride == 0)
    _ok(low >= 0 and high < count)


def _copy(call, records, data):
    x, y = records
    rank, reserved, reserved2, src, dst = call.params
    _ok(1 <= rank <= 6 and reserved == reserved2 == 0 and len(call.trailer) == 12 * rank)
    require(x[0] != INT4, "UnsupportedError")
    _ok(x[0] == y[0])
    grid = [struct.unpack_from("<Iii", call.trailer, 12 * i) for i in range(rank)]
    count = 1
    for axis in grid:
        count *= axis[0]
    _ok(0 < count <= elements(y))
    _reaches_inside(src, grid, 1, elements(x))
    _reaches_inside(dst, grid, 2, elements(y))
    return 0


def _grid(axes, records, places):
    """Does a grid lie inside its inputs, and does it have exactly `places`? (smg_grid_check)"""
    count, last = 1, [0, 0, 0]
    for extent, *strides in axes:
        count *= extent
        _ok(0 < count <= places)
        last = [at + (extent - 1) * stride for at, stride in zip(last, strides)]
    _ok(count == places and last[2] == 0)
    _ok(last[0] < elements(records[0]) and last[1] < elements(records[1]))


def _add(call, records, data):
    a, b, y = records
    rank, left_shift, reserved, multiplier_a, shift_a, multiplier_b, shift_b, multiplier, shift, low, high = call.params
    _ok(1 <= rank <= 6 and len(call.trailer) == 16 * rank and reserved == 0 and left_shift <= 31)
    _int8(a, b, y)
    _grid([struct.unpack_from("<4I", call.trailer, 16 * i) for i in range(rank)], records, elements(y))
    _factor(multiplier_a, shift_a)
    _factor(multiplier_b, shift_b)
    _factor(multiplier, shift)
    _clamp(low, high)
    return 0


def _add_int8(call, records, data):
    _ok(not len(call.trailer))
    _int8(*records)
    count = elements(records[2])
    _ok(elements(records[0]) == elements(records[1]) == count)
    shift, low, high = call.params[4:]
    _ok(shift <= 31)
    _clamp(low, high)
    return 0


# Operator -> (struct format of its parameters, inputs, check). All have one output.
CHECKS = {
    OP_COPY: (COPY_PARAMS, 1, _copy),
    OP_CONV_2D: (CONV_2D_PARAMS, 2, _conv_2d),
    OP_DEPTHWISE_CONV_2D: (DEPTHWISE_CONV_2D_PARAMS, 2, _depthwise_conv_2d),
    OP_FULLY_CONNECTED: (FULLY_CONNECTED_PARAMS, 2, _fully_connected),
    OP_AVERAGE_POOL_2D: (AVERAGE_POOL_2D_PARAMS, 1, _pool_2d),
    OP_MAX_POOL_2D: (MAX_POOL_2D_PARAMS, 1, _pool_2d),
    OP_LOOKUP: ("<", 2, _lookup),
    OP_SOFTMAX: (SOFTMAX_PARAMS, 1, _softmax),
    OP_ADD: (ADD_PARAMS, 2, _add),
    OP_ADD_INT8: (ADD_INT8_PARAMS, 2, _add_int8),
}
