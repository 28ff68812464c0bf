"""The inner loops in plain Python; viper_loops.py has the same in viper. Most work at one position of the output.

Bytes are unsigned here: the int8 in a byte b is (b ^ 128) - 128. `patch`, `sums`, `bias` and tables are array("i").
`geometry` is array("i"): kernel height and width, dilation down and across, the picture's height, width and channels,
and 128 + its zero point.
"""

from .python_arith import high_mul_halves, rounding_shift, wrap


def gather(patch, source, at, top, left, count, geometry):
    """Write the window whose corner is (top, left) into patch: `count` channels of the picture at `at`, less the zero
    point. Padding is the zero point, so 0. Returns the sum."""
    kernel_h, kernel_w, down, across, h, w, c, offset = geometry
    i = total = 0
    for y in range(top, top + kernel_h * down, down):
        for x in range(left, left + kernel_w * across, across):
            if 0 <= y < h and 0 <= x < w:
                pixel = at + (y * w + x) * c
                for byte in source[pixel : pixel + count]:
                    value = (byte ^ 128) - offset
                    patch[i] = value
                    total += value
                    i += 1
            else:
                for _ in range(count):
                    patch[i] = 0
                    i += 1
    return total


def dense(patch, weights, correction, n, bias, first, count, sums):
    """The products of the n values of a patch with rows first..first+count-1 of the weights, in sums[0:count].
    correction: what one zero of the weights' bytes is worth in all of them, 128 times the patch's sum."""
    for i in range(count):
        channel = first + i
        total = bias[channel] - correction
        k = 0
        for byte in weights[channel * n : channel * n + n]:
            total += patch[k] * (byte ^ 128)
            k += 1
        sums[i] = wrap(total)


def depthwise(source, weights, at, top, left, geometry, multiplier, bias, sums):
    """The window whose corner is (top, left), each channel with `multiplier` filters of its own, in sums."""
    kernel_h, kernel_w, down, across, h, w, c, offset = geometry
    for i in range(c * multiplier):
        sums[i] = bias[i]
    k = 0
    for y in range(top, top + kernel_h * down, down):
        for x in range(left, left + kernel_w * across, across):
            if 0 <= y < h and 0 <= x < w:
                pixel = at + (y * w + x) * c
                i = 0
                for byte in source[pixel : pixel + c]:
                    value = (byte ^ 128) - offset
                    for _ in range(multiplier):
                        sums[i] = wrap(sums[i] + value * ((weights[k + i] ^ 128) - 128))
                        i += 1
            k += c * multiplier


def requantise(sums, count, channels, first, out, at):
    """From sums to the bytes of channels first..first+count-1, to out[at:] (kernels/channels.c)."""
    shifts, halves = channels.shift, channels.halves
    for i in range(count):
        k = first + i if channels.per_channel else 0
        x = sums[i]
        shift = shifts[k]
        if shift > 0:
            x = wrap(x << shift)
            shift = 0
        x = rounding_shift(high_mul_halves(x, halves[2 * k + 1], halves[2 * k]), -shift) + channels.zero_point
        out[at + i] = min(max(x, channels.low), channels.high) & 255


def pool_window(source, first, rows, columns, stride, channels, largest, limits, out, at):
    """One output of a pool, all channels, to out[at:]: the largest value of its window or the mean, rounded half away
    from zero. The window's part in the picture: byte `first`, `rows` rows that are `stride` bytes apart, `columns`
    pixels. limits: the lowest and highest output."""
    width = columns * channels
    for channel in range(channels):
        total, best = 0, -128
        for row in range(first + channel, first + channel + rows * stride, stride):
            for pixel in range(row, row + width, channels):
                value = (source[pixel] ^ 128) - 128
                total += value
                best = max(best, value)
        value = best if largest else _mean(total, rows * columns)
        out[at + channel] = min(max(value, limits[0]), limits[1]) & 255


def _mean(total, count):
    """0 of nothing."""
    if not count:
        return 0
    return (total + count // 2) // count if total > 0 else -((count // 2 - total) // count)


def look_up(source, table, out):
    """out[i] = table[source[i]]"""
    at = 0
    for byte in source:
        out[at] = table[byte]
        at += 1


def add_line(a, i, stride_a, table_a, b, j, stride_b, table_b, count, sums):
    """sums[0:count]: what the tables make of the bytes of a from the i-th on and of b from the j-th on, together."""
    for at in range(count):
        sums[at] = wrap(table_a[a[i]] + table_b[b[j]])
        i += stride_a
        j += stride_b


def add_bytes(a, b, out, factor_a, factor_b, constant, offset, shift, low, high):
    """out[i] = a[i] + b[i] as one linear function of both (kernels/add_int8.c)."""
    for at in range(len(out)):
        t = wrap(((a[at] ^ 128) - 128) * factor_a + ((b[at] ^ 128) - 128) * factor_b + constant)
        x = wrap(t - (t < 0) + offset) >> shift
        out[at] = (min(max(x, 0), high - low) + low) & 255


def copy_line(source, src, src_step, out, dst, dst_step, count, unit):
    """`count` elements of `unit` bytes; places and steps in bytes."""
    if src_step == dst_step == unit:
        out[dst : dst + count * unit] = source[src : src + count * unit]
        return
    for _ in range(count):
        for k in range(unit):
            out[dst + k] = source[src + k]
        src += src_step
        dst += dst_step
