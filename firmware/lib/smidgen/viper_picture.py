"""plain_picture.py, which says what each function does, in viper."""

import micropython


@micropython.viper
def add_row(pixels, start: int, kind: int, columns, sums, channels: int):
    p, edges, s = ptr8(pixels), ptr16(columns), ptr32(sums)
    count = int(len(columns))
    at = 0
    i = 0
    while i < count:
        red = 0
        green = 0
        blue = 0
        place, end = int(edges[i]), int(edges[i + 1])
        if kind == 0:
            place += start
            end += start
            while place < end:
                red += p[place]
                place += 1
            green = red
            blue = red
        else:
            size = 2
            if kind == 3:
                size = 3
            place = start + place * size
            end = start + end * size
            while place < end:
                r, g, b = int(p[place]), int(p[place + 1]), 0
                if kind == 3:
                    b = int(p[place + 2])
                else:
                    high, low = g, r
                    if kind == 2:
                        high, low = r, g
                    r = (high & 0xF8) | (high >> 5)
                    g = ((high & 7) << 5) | ((low & 0xE0) >> 3)
                    b = (low & 31) << 3
                    g |= g >> 6
                    b |= b >> 5
                if channels == 1:
                    red += (77 * r + 150 * g + 29 * b + 128) >> 8
                else:
                    red += r
                    green += g
                    blue += b
                place += size
        s[at] += red
        if channels == 3:
            s[at + 1] += green
            s[at + 2] += blue
        at += channels
        i += 2


@micropython.viper
def finish_row(columns, rows: int, sums, channels: int, table, out, at: int):
    edges, s = ptr16(columns), ptr32(sums)
    t, o = ptr8(table), ptr8(out)
    total = int(len(columns))
    i = 0
    k = 0
    while k < total:
        count = (edges[k + 1] - edges[k]) * rows
        n = 0
        while n < channels:
            o[at + i] = t[(s[i] + (count >> 1)) // count]
            s[i] = 0
            i += 1
            n += 1
        k += 2
