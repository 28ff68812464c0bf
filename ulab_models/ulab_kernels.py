"""The operators in ulab's numpy, float32: what CircuitPython has instead of a C engine.

Quantised values are carried as whole numbers in float32. Sums of products below 2^24 are exact there; only the product
with the layer's scale is rounded otherwise than in the integer engines, so a value may differ by one step a layer
(docs/ulab.md says by how much whole models do). A kernel takes a call, its operands and the DATA section, and works
one output row at a time: its memory is the row's patches, not the picture's.
"""

import struct

from ulab import numpy as np

from ._format import (
    OP_AVERAGE_POOL_2D,
    OP_CONV_2D,
    OP_DEPTHWISE_CONV_2D,
    OP_FULLY_CONNECTED,
    OP_MAX_POOL_2D,
    OP_SOFTMAX,
)


def _int8(view):
    """An operand as ulab's array, in its own memory."""
    return np.frombuffer(view.data, dtype=np.int8)


def _real(values, zero_point):
    """int8 values as float32, less the zero point."""
    return np.array(values, dtype=np.float) - zero_point


class Channels:
    """From sums to outputs (docs/blob-format.md, channel block). params: all of FULLY_CONNECTED's."""

    def __init__(self, params, out_c, zero_point, data):
        self.low, self.high, at, scales, _ = params
        self.zero_point = zero_point
        self.bias = np.array(struct.unpack_from("<%di" % out_c, data, at), dtype=np.float)
        at += 4 * out_c
        multipliers = struct.unpack_from("<%di" % scales, data, at)
        shifts = struct.unpack_from("<%db" % scales, data, at + 4 * scales)
        factors = [multiplier / 2147483648 * 2.0**shift for multiplier, shift in zip(multipliers, shifts)]
        self.factor = np.array(factors, dtype=np.float)  # of one element, it holds for all channels

    def outputs(self, sums):
        """sums: float32 [rows, out_c], without bias. Returns int8 of the same shape."""
        return _rounded((sums + self.bias) * self.factor + self.zero_point, self.low, self.high)


def _rounded(values, low, high):
    """Half away from zero, clamped, as int8."""
    return np.array(np.clip(np.around(values), low, high), dtype=np.int8)


class Axis:
    """One axis of a window: which taps meet the picture, and where."""

    def __init__(self, size, kernel, stride, dilation, pad):
        self.size, self.kernel, self.stride, self.dilation, self.pad = size, kernel, stride, dilation, pad

    def rows(self, out):
        """(tap, position) of the taps of output `out` that lie inside."""
        first = out * self.stride - self.pad
        positions = [(tap, first + tap * self.dilation) for tap in range(self.kernel)]
        return [(tap, at) for tap, at in positions if 0 <= at < self.size]

    def span(self, tap, out_size):
        """(first, end, position) of the outputs whose tap `tap` lies inside: outputs first..end-1, read from
        `position` on, a stride apart."""
        offset = tap * self.dilation - self.pad
        first = max(0, -(offset // self.stride))
        end = min(out_size, (self.size - 1 - offset) // self.stride + 1)
        return first, end, offset + first * self.stride


def _axes(params, x, kernel_h, kernel_w):
    stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left = params[:6]
    _, h, w, _ = x.dims
    return Axis(h, kernel_h, stride_h, dilation_h, pad_top), Axis(w, kernel_w, stride_w, dilation_w, pad_left)


def _taps(values, y, x, oy, out_w):
    """The taps that meet the picture in one output row: (ky, kx, first, end, values int8 [end - first, c])."""
    for ky, row in y.rows(oy):
        for kx in range(x.kernel):
            first, end, at = x.span(kx, out_w)
            if first < end:
                yield ky, kx, first, end, values[row][at : at + (end - first - 1) * x.stride + 1 : x.stride]


def conv_2d(call, views, data):
    x, weights, out = views
    out_c, kernel_h, kernel_w, group_c = weights.dims
    channels = Channels(call.params[6:], out_c, out.zero_point, data)
    y_axis, x_axis = _axes(call.params, x, kernel_h, kernel_w)
    pictures, h, w, c = x.dims
    _, out_h, out_w, _ = out.dims
    source, target = _int8(x), _int8(out).reshape((pictures * out_h, out_w, out_c))
    filters = _int8(weights).reshape((out_c, kernel_h * kernel_w * group_c)).transpose()
    group_out = out_c * group_c // c
    for row in range(pictures * out_h):
        picture = row // out_h * h * w * c
        values = source[picture : picture + h * w * c].reshape((h, w, c))
        sums = np.zeros((out_w, out_c))
        for group in range(c // group_c):
            patches = np.zeros((out_w, kernel_h * kernel_w * group_c))
            a = group * group_c
            for ky, kx, first, end, pixels in _taps(values, y_axis, x_axis, row % out_h, out_w):
                at = (ky * kernel_w + kx) * group_c
                patches[first:end, at : at + group_c] = _real(pixels[:, a : a + group_c], x.zero_point)
            b = group * group_out
            sums[:, b : b + group_out] = np.dot(patches, filters[:, b : b + group_out])
        target[row] = channels.outputs(sums)


def depthwise_conv_2d(call, views, data):
    x, weights, out = views
    _, kernel_h, kernel_w, out_c = weights.dims
    channels = Channels(call.params[6:], out_c, out.zero_point, data)
    y_axis, x_axis = _axes(call.params, x, kernel_h, kernel_w)
    pictures, h, w, c = x.dims
    _, out_h, out_w, _ = out.dims
    source, target = _int8(x), _int8(out).reshape((pictures * out_h, out_w, out_c))
    filters = _int8(weights).reshape((kernel_h * kernel_w, c, out_c // c))
    for row in range(pictures * out_h):
        picture = row // out_h * h * w * c
        values = source[picture : picture + h * w * c].reshape((h, w, c))
        sums = np.zeros((out_w, c, out_c // c))
        for ky, kx, first, end, pixels in _taps(values, y_axis, x_axis, row % out_h, out_w):
            real = _real(pixels, x.zero_point).reshape((end - first, c, 1))
            sums[first:end] = sums[first:end] + real * _real(filters[ky * kernel_w + kx], 0)
        target[row] = channels.outputs(sums.reshape((out_w, out_c)))


def fully_connected(call, views, data):
    x, weights, out = views
    out_c, n = weights.dims
    channels = Channels(call.params, out_c, out.zero_point, data)
    rows = len(x.data) // n
    values = _real(_int8(x), x.zero_point).reshape((rows, n))
    sums = np.dot(values, _int8(weights).reshape((out_c, n)).transpose())
    if weights.zero_point:
        sums = sums - weights.zero_point * np.dot(values, np.ones((n, 1)))
    _int8(out).reshape((rows, out_c))[:] = channels.outputs(sums)


def _column_means(values):
    """A product with ones sums whole numbers exactly; ulab's own sum and mean add fractions."""
    count = values.shape[0]
    return np.dot(np.ones((1, count)), values)[0] / count


def _column_maxima(values):
    return np.max(values, axis=0)


def pool_2d(call, views, data):
    x, out = views
    kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, low, high = call.params
    pictures, h, w, c = x.dims
    _, out_h, out_w, _ = out.dims
    source, target = _int8(x).reshape((pictures * h, w, c)), _int8(out).reshape((pictures * out_h, out_w, c))
    reduce = _column_maxima if call.code == OP_MAX_POOL_2D else _column_means
    for row in range(pictures * out_h):
        top = row % out_h * stride_h - pad_top
        picture = row // out_h * h
        rows = source[picture + max(top, 0) : picture + min(top + kernel_h, h)]
        for column in range(out_w):
            left = column * stride_w - pad_left
            window = rows[:, max(left, 0) : min(left + kernel_w, w)]
            window = _real(window, 0).reshape((window.shape[0] * window.shape[1], c))
            target[row, column] = _rounded(reduce(window), low, high)


def softmax(call, views, data):
    x, out = views
    multiplier, shift, _ = call.params
    factor = multiplier / 2147483648 * 2.0 ** (shift - 26)  # differences have 26 bits behind the point
    n = x.dims[-1]
    source, target = _int8(x), _int8(out)
    for at in range(0, len(x.data), n):
        row = _real(source[at : at + n], 0)
        exponentials = np.exp((row - np.max(row)) * factor)
        target[at : at + n] = _rounded(exponentials * (256 / np.sum(exponentials)) - 128, -128, 127)


KERNELS = {
    OP_CONV_2D: conv_2d,
    OP_DEPTHWISE_CONV_2D: depthwise_conv_2d,
    OP_FULLY_CONNECTED: fully_connected,
    OP_AVERAGE_POOL_2D: pool_2d,
    OP_MAX_POOL_2D: pool_2d,
    OP_SOFTMAX: softmax,
}
