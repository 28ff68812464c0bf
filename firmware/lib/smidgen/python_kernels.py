"""The operators in Python, equal to firmware/engine/kernels/. A kernel takes a call, its operands and the DATA section.

Bytes are unsigned here: the int8 in a byte b is (b ^ 128) - 128. Inner loops take the 128 out of their sums.
"""

import struct
from array import array

from ._format import (
    OP_AVERAGE_POOL_2D,
    OP_CONV_2D,
    OP_COPY,
    OP_DEPTHWISE_CONV_2D,
    OP_FULLY_CONNECTED,
    OP_LOOKUP,
    OP_MAX_POOL_2D,
    OP_SOFTMAX,
)
from .python_arith import exp_on_negative, high_mul, high_mul_halves, reciprocal, rounding_shift, wrap


class Channels:
    """From sums to outputs, channel by channel (kernels/channels.c). params: all of FULLY_CONNECTED's, which other
    operators have behind their own."""

    def __init__(self, params, out_c, zero_point, data):
        self.low, self.high, at, scales, _ = params
        self.zero_point = zero_point
        self.per_channel = scales > 1
        multipliers_at, shifts_at = at + 4 * out_c, at + 4 * (out_c + scales)
        self.bias = array("i", bytes(data[at:multipliers_at]))
        self.halves = array("H", bytes(data[multipliers_at:shifts_at]))  # of the multipliers, low and high in turn
        self.shift = array("b", bytes(data[shifts_at : shifts_at + scales]))

    def output(self, channel, total):
        """The output's byte; `total` excludes the bias."""
        x = wrap(total + self.bias[channel])
        i = channel if self.per_channel else 0
        shift = self.shift[i]
        if shift > 0:
            x = wrap(x << shift)
            shift = 0
        x = high_mul_halves(x, self.halves[2 * i + 1], self.halves[2 * i])
        x = rounding_shift(x, -shift) + self.zero_point
        return min(max(x, self.low), self.high) & 255


class Windows:
    """The windows of a CONV_2D or DEPTHWISE_CONV_2D over its picture."""

    def __init__(self, params, x, kernel_h, kernel_w):
        self.stride_h, self.stride_w, self.dilation_h, self.dilation_w, self.pad_top, self.pad_left = params[:6]
        _, self.h, self.w, self.c = x.dims
        self.data = x.data
        self.offset = 128 + x.zero_point
        self.kernel_h, self.kernel_w = kernel_h, kernel_w

    def gather(self, patch, picture, oy, ox, first, count):
        """Write the window of output (oy, ox) into patch, `count` channels from `first` on, less the zero point.
        Padding is the zero point, so 0. Returns the sum."""
        at = total = 0
        for ky in range(self.kernel_h):
            y = oy * self.stride_h - self.pad_top + ky * self.dilation_h
            for kx in range(self.kernel_w):
                x = ox * self.stride_w - self.pad_left + kx * self.dilation_w
                if 0 <= y < self.h and 0 <= x < self.w:
                    pixel = ((picture * self.h + y) * self.w + x) * self.c + first
                    for byte in self.data[pixel : pixel + count]:
                        value = (byte ^ 128) - self.offset
                        patch[at] = value
                        total += value
                        at += 1
                else:
                    for _ in range(count):
                        patch[at] = 0
                        at += 1
        return total


def _dense(patch, correction, weights, first, count, channels, out, at):
    """Outputs first..first+count-1 of one patch, to out[at:]. A row of weights is as long as the patch."""
    n = len(patch)
    for channel in range(first, first + count):
        total = -correction
        i = 0
        for byte in weights[channel * n : channel * n + n]:
            total += patch[i] * (byte ^ 128)
            i += 1
        out[at] = channels.output(channel, total)
        at += 1


def _positions(dims):
    """(picture, row, column) of every output pixel, in order."""
    for picture in range(dims[0]):
        for y in range(dims[1]):
            for x in range(dims[2]):
                yield picture, y, x


def conv_2d(call, views, data):
    x, weights, out = views
    out_c, kernel_h, kernel_w, group_c = weights.dims
    channels = Channels(call.params[6:], out_c, out.zero_point, data)
    windows = Windows(call.params, x, kernel_h, kernel_w)
    patch = array("h", bytes(2 * kernel_h * kernel_w * group_c))
    groups = x.dims[3] // group_c
    group_out = out_c // groups
    at = 0
    for picture, oy, ox in _positions(out.dims):
        for group in range(groups):
            total = windows.gather(patch, picture, oy, ox, group * group_c, group_c)
            _dense(patch, 128 * total, weights.data, group * group_out, group_out, channels, out.data, at)
            at += group_out


def depthwise_conv_2d(call, views, data):
    x, weights, out = views
    _, kernel_h, kernel_w, out_c = weights.dims
    in_c = x.dims[3]
    multiplier = out_c // in_c
    channels = Channels(call.params[6:], out_c, out.zero_point, data)
    windows = Windows(call.params, x, kernel_h, kernel_w)
    patch = array("h", bytes(2 * kernel_h * kernel_w * in_c))
    filters, taps = weights.data, kernel_h * kernel_w
    at = 0
    for picture, oy, ox in _positions(out.dims):
        windows.gather(patch, picture, oy, ox, 0, in_c)
        for channel in range(out_c):
            total = 0
            i, k = channel // multiplier, channel
            for _ in range(taps):
                total += patch[i] * ((filters[k] ^ 128) - 128)
                i += in_c
                k += out_c
            out.data[at] = channels.output(channel, total)
            at += 1


def fully_connected(call, views, data):
    x, weights, out = views
    out_c, n = weights.dims
    channels = Channels(call.params, out_c, out.zero_point, data)
    row = array("h", bytes(2 * n))
    offset = 128 + x.zero_point
    at = 0
    for first in range(0, len(x.data), n):
        total = 0
        for i in range(n):
            row[i] = (x.data[first + i] ^ 128) - offset
            total += row[i]
        _dense(row, (128 + weights.zero_point) * total, weights.data, 0, out_c, channels, out.data, at)
        at += out_c


def _mean(values):
    """Rounded half away from zero; 0 of nothing."""
    total, count = sum(values), len(values)
    if not count:
        return 0
    return (total + count // 2) // count if total > 0 else -((count // 2 - total) // count)


def _largest(values):
    return max(values) if values else -128


def pool_2d(call, views, data):
    x, out = views
    kernel_h, kernel_w, stride_h, stride_w, pad_top, pad_left, low, high = call.params
    _, h, w, c = x.dims
    reduce = _largest if call.code == OP_MAX_POOL_2D else _mean
    at = 0
    for picture, oy, ox in _positions(out.dims):
        top, left = oy * stride_h - pad_top, ox * stride_w - pad_left
        rows = range(max(top, 0), min(top + kernel_h, h))
        columns = range(max(left, 0), min(left + kernel_w, w))
        for channel in range(c):
            base = picture * h * w * c + channel
            values = [(x.data[base + (y * w + x_) * c] ^ 128) - 128 for y in rows for x_ in columns]
            out.data[at] = min(max(reduce(values), low), high) & 255
            at += 1


def lookup(call, views, data):
    x, table, out = views
    table, target = table.data, out.data
    at = 0
    for byte in x.data:
        target[at] = table[byte]
        at += 1


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


def _copy_line(source, src, out, dst, axis, unit):
    extent, src_stride, dst_stride = axis
    if src_stride == dst_stride == 1:
        out[dst * unit : (dst + extent) * unit] = source[src * unit : (src + extent) * unit]
        return
    for i in range(extent):
        s, d = (src + i * src_stride) * unit, (dst + i * dst_stride) * unit
        for k in range(unit):
            out[d + k] = source[s + k]


def _copy_grid(source, src, out, dst, axes, unit):
    if len(axes) == 1:
        _copy_line(source, src, out, dst, axes[0], unit)
        return
    extent, src_stride, dst_stride = axes[0]
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
}
