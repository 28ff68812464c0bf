"""The operators in Python, equal to firmware/engine/kernels/. A kernel takes a call, its operands and the DATA section.

Here is what happens once for an operator or for a position of its output; loops.py has what happens for every byte.
"""

import struct
from array import array

from ._format import (
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
)
from .loops import add_bytes, add_line, copy_line, dense, depthwise, gather, look_up, pool_window, requantise
from .python_arith import exp_on_negative, high_mul, reciprocal, rounding_shift, scale, wrap

_PIECE = 64  # sums of an ADD that are under way at once


def _ints(count):
    return array("i", bytes(4 * count))


class Scaling:
    """From sums to outputs: the multipliers and shifts, one for all channels or one each, and the clamp."""

    def __init__(self, multipliers, shifts, zero_point, low, high):
        self.halves = array("H", multipliers)  # low and high in turn, small integers
        self.shift = array("b", shifts)
        self.per_channel = 1 if len(self.shift) > 1 else 0
        self.zero_point, self.low, self.high = zero_point, low, high


def _channels(params, out_c, zero_point, data):
    """(bias, Scaling) of an operator (kernels/channels.c). params: all of FULLY_CONNECTED's, which others have behind
    their own."""
    low, high, at, scales, _ = params
    multipliers_at, shifts_at = at + 4 * out_c, at + 4 * (out_c + scales)
    multipliers, shifts = bytes(data[multipliers_at:shifts_at]), bytes(data[shifts_at : shifts_at + scales])
    return array("i", bytes(data[at:multipliers_at])), Scaling(multipliers, shifts, zero_point, low, high)


def _windows(params, x, out, geometry):
    """(byte of the picture, top, left) of every output position, in order."""
    stride_h, stride_w, _, _, pad_top, pad_left = params[:6]
    n, out_h, out_w, _ = out.dims
    for picture in range(n):
        at = picture * geometry[4] * geometry[5] * geometry[6]
        for y in range(out_h):
            for x in range(out_w):
                yield at, y * stride_h - pad_top, x * stride_w - pad_left


def _geometry(params, x, kernel_h, kernel_w):
    """As loops.py wants it."""
    _, h, w, c = x.dims
    return array("i", (kernel_h, kernel_w, params[2], params[3], h, w, c, 128 + x.zero_point))


def conv_2d(call, views, data):
    x, weights, out = views
    out_c, kernel_h, kernel_w, group_c = weights.dims
    bias, scaling = _channels(call.params[6:], out_c, out.zero_point, data)
    geometry = _geometry(call.params, x, kernel_h, kernel_w)
    n = kernel_h * kernel_w * group_c
    patch, sums = _ints(n), _ints(out_c)
    count = out_c * group_c // x.dims[3]  # outputs of a group
    at = 0
    for picture, top, left in _windows(call.params, x, out, geometry):
        for first in range(0, out_c, count):
            group = picture + first // count * group_c
            total = gather(patch, x.data, group, top, left, group_c, geometry)
            dense(patch, weights.data, 128 * total, n, bias, first, count, sums)
            requantise(sums, count, scaling, first, out.data, at)
            at += count


def depthwise_conv_2d(call, views, data):
    x, weights, out = views
    _, kernel_h, kernel_w, out_c = weights.dims
    bias, scaling = _channels(call.params[6:], out_c, out.zero_point, data)
    geometry = _geometry(call.params, x, kernel_h, kernel_w)
    sums = _ints(out_c)
    multiplier = out_c // x.dims[3]
    at = 0
    for picture, top, left in _windows(call.params, x, out, geometry):
        depthwise(x.data, weights.data, picture, top, left, geometry, multiplier, bias, sums)
        requantise(sums, out_c, scaling, 0, out.data, at)
        at += out_c


def fully_connected(call, views, data):
    x, weights, out = views
    out_c, n = weights.dims
    bias, scaling = _channels(call.params, out_c, out.zero_point, data)
    row = array("i", (1, 1, 1, 1, 1, 1, n, 128 + x.zero_point))  # the geometry of a picture of one pixel
    patch, sums = _ints(n), _ints(out_c)
    at = 0
    for first in range(0, len(x.data), n):
        total = gather(patch, x.data, first, 0, 0, n, row)
        dense(patch, weights.data, (128 + weights.zero_point) * total, n, bias, 0, out_c, sums)
        requantise(sums, out_c, scaling, 0, out.data, at)
        at += out_c


def pool_2d(call, views, data):
    x, out = views
    kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, low, high = call.params
    geometry = _geometry((0, 0, 1, 1), x, kernel_h, kernel_w)
    _, h, w, c = x.dims
    largest = call.code == OP_MAX_POOL_2D
    at = 0
    for picture, top, left in _windows((stride_h, stride_w, 1, 1, pad_top, pad_left), x, out, geometry):
        rows, columns = min(top + kernel_h, h), min(left + kernel_w, w)
        top, left = max(top, 0), max(left, 0)
        rows, columns = max(rows - top, 0), max(columns - left, 0)
        first = picture + (top * w + left) * c
        pool_window(x.data, first, rows, columns, w * c, c, largest, (low, high), out.data, at)
        at += c


def lookup(call, views, data):
    x, table, out = views
    look_up(x.data, table.data, out.data)


def _operand(view, left_shift, multiplier, shift):
    """What each byte of an operand of ADD is worth on the common scale."""
    table = _ints(256)
    for byte in range(256):
        x = (byte ^ 128) - 128 - view.zero_point
        table[byte] = scale(wrap(x << left_shift), multiplier, shift)
    return table


def _lines(axes, i, j):
    """Where each line of a grid begins in both inputs."""
    if not axes:
        yield i, j
        return
    extent, stride_a, stride_b, _ = axes[0]
    for _ in range(extent):
        for line in _lines(axes[1:], i, j):
            yield line
        i += stride_a
        j += stride_b


def add(call, views, data):
    a, b, out = views
    rank, left_shift, _, multiplier_a, shift_a, multiplier_b, shift_b, multiplier, shift, low, high = call.params
    table_a = _operand(a, left_shift, multiplier_a, shift_a)
    table_b = _operand(b, left_shift, multiplier_b, shift_b)
    scaling = Scaling(struct.pack("<i", multiplier), struct.pack("b", shift), out.zero_point, low, high)
    axes = [struct.unpack_from("<4I", call.trailer, 16 * i) for i in range(rank)]
    extent, stride_a, stride_b, _ = axes.pop()
    sums = _ints(_PIECE)
    at = 0
    for i, j in _lines(axes, 0, 0):
        for first in range(0, extent, _PIECE):
            count = min(extent - first, _PIECE)
            a_at, b_at = i + first * stride_a, j + first * stride_b
            add_line(a.data, a_at, stride_a, table_a, b.data, b_at, stride_b, table_b, count, sums)
            requantise(sums, count, scaling, 0, out.data, at)
            at += count


def add_int8(call, views, data):
    a, b, out = views
    add_bytes(a.data, b.data, out.data, *call.params)


def _exponential(params, difference):
    multiplier, shift, _ = params
    return exp_on_negative(high_mul(wrap(difference << shift), multiplier))


def _softmax_row(params, source, out):
    values = [(byte ^ 128) - 128 for byte in source]
    largest = max(values)
    exponentials = [_exponential(params, v - largest) if v - largest >= params[2] else 0 for v in values]
    total = 0
    for e in exponentials:
        total = wrap(total + rounding_shift(e, 12))
    scale, shift = reciprocal(total, 12)
    shift += 31 - 8
    for i, e in enumerate(exponentials):
        reached = values[i] - largest >= params[2] and 0 <= shift <= 31
        probability = rounding_shift(high_mul(scale, e), shift) if reached else 0
        out[i] = min(max(probability - 128, -128), 127) & 255


def softmax(call, views, data):
    x, out = views
    n = x.dims[-1]
    for at in range(0, len(x.data), n):
        _softmax_row(call.params, x.data[at : at + n], out.data[at : at + n])


def _copy_grid(source, src, out, dst, axes, unit):
    """Places and strides in elements."""
    extent, src_stride, dst_stride = axes[0]
    if len(axes) == 1:
        steps = src_stride * unit, dst_stride * unit
        copy_line(source, src * unit, steps[0], out, dst * unit, steps[1], extent, unit)
        return
    for _ in range(extent):
        _copy_grid(source, src, out, dst, axes[1:], unit)
        src += src_stride
        dst += dst_stride


def copy(call, views, data):
    x, out = views
    rank, _, _, src, dst = call.params
    axes = [struct.unpack_from("<Iii", call.trailer, 12 * i) for i in range(rank)]
    _copy_grid(x.data, src, out.data, dst, axes, x.unit)


KERNELS = {
    OP_COPY: copy,
    OP_CONV_2D: conv_2d,
    OP_DEPTHWISE_CONV_2D: depthwise_conv_2d,
    OP_FULLY_CONNECTED: fully_connected,
    OP_AVERAGE_POOL_2D: pool_2d,
    OP_MAX_POOL_2D: pool_2d,
    OP_LOOKUP: lookup,
    OP_SOFTMAX: softmax,
    OP_ADD: add,
    OP_ADD_INT8: add_int8,
}
