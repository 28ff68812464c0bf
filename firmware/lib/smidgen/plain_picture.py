"""The inner loops of the image front end. viper_picture.py has the same as machine code.

add_row(pixels, start, kind, columns, sums, channels)
    Add a row of a frame, from byte `start` of the buffer on, to the sums of each box that it crosses. kind: 0 GS8,
    1 RGB565 with the low byte first, 2 with the high byte first, 3 RGB888. columns: where each box begins and ends,
    array of uint16, in pixels. sums: array of int32, `channels` of each box: one is grey, three are red, green, blue.

finish_row(columns, rows, sums, channels, table, out, at)
    The means over boxes of `rows` rows, through a table of 256 bytes, to out[at:]; the sums are 0 afterwards.
"""


def add_row(pixels, start, kind, columns, sums, channels):
    at = 0
    for i in range(0, len(columns), 2):
        red = green = blue = 0
        begin, end = columns[i], columns[i + 1]
        if kind == 0:
            for place in range(start + begin, start + end):
                red += pixels[place]
            green = blue = red
        else:
            size = 3 if kind == 3 else 2
            for place in range(start + begin * size, start + end * size, size):
                if kind == 3:
                    r, g, b = pixels[place], pixels[place + 1], pixels[place + 2]
                else:
                    high, low = (pixels[place + 1], pixels[place]) if kind == 1 else (pixels[place], pixels[place + 1])
                    r, g, b = (high & 0xF8) | high >> 5, (high & 7) << 5 | (low & 0xE0) >> 3, (low & 31) << 3
                    g, b = g | g >> 6, b | b >> 5
                if channels == 1:
                    red += (77 * r + 150 * g + 29 * b + 128) >> 8
                else:
                    red += r
                    green += g
                    blue += b
        sums[at] += red
        if channels == 3:
            sums[at + 1] += green
            sums[at + 2] += blue
        at += channels


def finish_row(columns, rows, sums, channels, table, out, at):
    i = 0
    for k in range(0, len(columns), 2):
        count = (columns[k + 1] - columns[k]) * rows
        for _ in range(channels):
            out[at + i] = table[(sums[i] + (count >> 1)) // count]
            sums[i] = 0
            i += 1
