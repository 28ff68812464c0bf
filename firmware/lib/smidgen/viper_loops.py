"""plain_loops.py, which says what each function does, in viper: MicroPython compiles it to machine code.

Viper's int is as wide as the machine's registers: sums are right in their low 32 bits, and what needs a sign or more
than 32 bits makes it. On a 64-bit machine a ptr32 reads no sign at all. The first three names of a function live in
registers, so they are the ones of its innermost loop. Pointers move, because an offset known beforehand costs nothing.
"""

import micropython


@micropython.viper
def gather(patch: ptr32, source: ptr8, at: int, top: int, left: int, count: int, geometry: ptr32) -> int:
    kernel_h, kernel_w = geometry[0], geometry[1]
    down, across = geometry[2], geometry[3]
    h, w = geometry[4], geometry[5]
    c, offset = geometry[6], geometry[7]
    picture = int(source) + at
    total = 0
    y = top
    while kernel_h:
        x = left
        taps = kernel_w
        while taps:
            end = int(patch) + 4 * count
            if y >= 0 and y < h and x >= 0 and x < w:
                source = ptr8(picture + (y * w + x) * c)
                while int(patch) != end:
                    at = (source[0] ^ 128) - offset
                    patch[0] = at
                    total += at
                    patch = ptr32(int(patch) + 4)
                    source = ptr8(int(source) + 1)
            else:
                while int(patch) != end:
                    patch[0] = 0
                    patch = ptr32(int(patch) + 4)
            x += across
            taps -= 1
        y += down
        kernel_h -= 1
    return total


@micropython.viper
def dense(patch: ptr32, weights: ptr8, correction: int, n: int, bias: ptr32, first: int, count: int, sums: ptr32):
    start = int(patch)
    offset = correction
    row = int(weights) + first * n
    fours = n & -4
    at = 0
    while at < count:
        correction = bias[first + at] - offset  # the sum from here on
        patch = ptr32(start)
        weights = ptr8(row)
        end = row + fours
        while int(weights) != end:
            correction += (
                patch[0] * (weights[0] ^ 128)
                + patch[1] * (weights[1] ^ 128)
                + patch[2] * (weights[2] ^ 128)
                + patch[3] * (weights[3] ^ 128)
            )
            patch = ptr32(int(patch) + 16)
            weights = ptr8(int(weights) + 4)
        row += n
        while int(weights) != row:
            correction += patch[0] * (weights[0] ^ 128)
            patch = ptr32(int(patch) + 4)
            weights = ptr8(int(weights) + 1)
        sums[at] = correction
        at += 1


@micropython.viper
def depthwise(
    source: ptr8,
    weights: ptr8,
    at: int,
    top: int,
    left: int,
    geometry: ptr32,
    multiplier: int,
    bias: ptr32,
    sums: ptr32,
):
    kernel_h, kernel_w = geometry[0], geometry[1]
    down, across = geometry[2], geometry[3]
    h, w = geometry[4], geometry[5]
    c, offset = geometry[6], geometry[7]
    picture = int(source) + at
    filters = c * multiplier
    i = 0
    while i < filters:
        sums[i] = bias[i]
        i += 1
    y = top
    while kernel_h:
        x = left
        taps = kernel_w
        while taps:
            if y >= 0 and y < h and x >= 0 and x < w:
                source = ptr8(picture + (y * w + x) * c)
                end = int(source) + c
                i = 0
                while int(source) != end:
                    at = (source[0] ^ 128) - offset
                    source = ptr8(int(source) + 1)
                    left_over = multiplier
                    while left_over:
                        sums[i] += at * ((weights[i] ^ 128) - 128)
                        i += 1
                        left_over -= 1
            weights = ptr8(int(weights) + filters)
            x += across
            taps -= 1
        y += down
        kernel_h -= 1


@micropython.viper
def requantise(sums: ptr32, count: int, channels, first: int, out: ptr8, at: int):
    halves, shifts = ptr16(channels.halves), ptr8(channels.shift)
    low, high = int(channels.low), int(channels.high)
    zero = int(channels.zero_point)
    step = int(channels.per_channel)
    one = 1
    sign = one << 31
    word = sign + sign - 1  # 32 bits of ones
    k = first * step
    out = ptr8(int(out) + at)
    i = 0
    while i < count:
        x = sums[i]
        shift = (shifts[k] ^ 128) - 128
        if shift > 0:
            x = x << shift
            shift = 0
        x = ((x & word) ^ sign) - sign
        # The product with a multiplier of 31 bits, from halves, as high_mul_halves; no part leaves 32 bits.
        mh, ml = halves[2 * k + 1], halves[2 * k]
        xh, xl = x >> 16, x & 0xFFFF
        a, b = xh * ml, xl * mh
        rest = (a & 0x7FFF) + (b & 0x7FFF) + int(uint(xl * ml) >> 16) + 0x4000
        x = 2 * xh * mh + (a >> 15) + (b >> 15) + (rest >> 15)
        if shift < 0:
            mask = (one << (0 - shift)) - 1
            half = mask >> 1
            if x < 0:
                half += 1
            rest = x & mask
            x = x >> (0 - shift)
            if rest > half:
                x += 1
        x += zero
        if x < low:
            x = low
        if x > high:
            x = high
        out[i] = x
        k += step
        i += 1


@micropython.viper
def pool_window(
    source: ptr8,
    first: int,
    rows: int,
    columns: int,
    stride: int,
    channels: int,
    largest: bool,
    limits,
    out: ptr8,
    at: int,
):
    low, high = int(limits[0]), int(limits[1])
    count = rows * columns
    pixels = int(source) + first
    out = ptr8(int(out) + at)
    channel = 0
    while channel < channels:
        line = pixels + channel
        first = 0  # the sum or the largest from here on, of bytes that begin at 0
        row = 0
        while row < rows:
            source = ptr8(line)
            at = columns
            while at:
                value = source[0] ^ 128
                if largest:
                    if value > first:
                        first = value
                else:
                    first += value
                source = ptr8(int(source) + channels)
                at -= 1
            line += stride
            row += 1
        if largest:
            first -= 128
        elif count:
            first -= 128 * count
            if first > 0:
                first = (first + (count >> 1)) // count
            else:
                first = 0 - ((count >> 1) - first) // count
        if first < low:
            first = low
        if first > high:
            first = high
        out[channel] = first
        channel += 1


@micropython.viper
def look_up(source, table: ptr8, out: ptr8):
    at = ptr8(source)
    end = int(at) + int(len(source))
    while int(at) != end:
        out[0] = table[at[0]]
        at = ptr8(int(at) + 1)
        out = ptr8(int(out) + 1)


@micropython.viper
def add_line(
    a: ptr8,
    i: int,
    stride_a: int,
    table_a: ptr32,
    b: ptr8,
    j: int,
    stride_b: int,
    table_b: ptr32,
    count: int,
    sums: ptr32,
):
    at = 0
    while at < count:
        sums[at] = table_a[a[i]] + table_b[b[j]]
        i += stride_a
        j += stride_b
        at += 1


@micropython.viper
def add_bytes(
    a: ptr8,
    b: ptr8,
    out,
    factor_a: int,
    factor_b: int,
    constant: int,
    offset: int,
    shift: int,
    low: int,
    high: int,
):
    to = ptr8(out)
    end = int(a) + int(len(out))
    one = 1
    sign = one << 31
    word = sign + sign - 1  # 32 bits of ones
    while int(a) != end:
        t = ((a[0] ^ 128) - 128) * factor_a + ((b[0] ^ 128) - 128) * factor_b + constant
        t = ((t & word) ^ sign) - sign
        if t < 0:
            t -= 1
        t += offset
        t = ((((t & word) ^ sign) - sign) >> shift) + low
        if t < low:
            t = low
        if t > high:
            t = high
        to[0] = t
        a = ptr8(int(a) + 1)
        b = ptr8(int(b) + 1)
        to = ptr8(int(to) + 1)


@micropython.viper
def copy_line(source: ptr8, src: int, src_step: int, out: ptr8, dst: int, dst_step: int, count: int, unit: int):
    while count:
        k = 0
        while k < unit:
            out[dst + k] = source[src + k]
            k += 1
        src += src_step
        dst += dst_step
        count -= 1
