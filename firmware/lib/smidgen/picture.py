"""The image front end of a model: a frame of pixels in, the model's input of int8 out; what the host has in
host/smidgen/features/image.py, byte for byte. docs/blob-format.md tells every rounding."""

import struct
from array import array

from ._format import IMAGE
from .errors import error
from .picture_loops import add_row, finish_row

# Bytes of a pixel, and the number by which the loops know the format. RGB565 as framebuf has it, BE as cameras send it.
FORMATS = {"GS8": (1, 0), "RGB565": (2, 1), "RGB565BE": (2, 2), "RGB888": (3, 3)}
_CROP, _STRETCH = 0, 1
_LARGEST = 2048  # pixels along a frame's side; the sums over a box of all its pixels fit 31 bits


def frame_bytes(width, height, kind):
    """Bytes of a whole frame. Raises InputError for a format or a size that is not known."""
    if kind not in FORMATS or not (1 <= width <= _LARGEST and 1 <= height <= _LARGEST):
        text = "%dx%d %s: use sides up to %d and one of %s"
        raise error("InputError", "camera", text % (width, height, kind, _LARGEST, ", ".join(sorted(FORMATS))))
    return width * height * FORMATS[kind][0]


class PictureFrontEnd:
    """width, height, channels: of the model's input. Raises SectionError when the section is malformed."""

    def __init__(self, section):
        if len(section) != struct.calcsize(IMAGE):
            raise error("SectionError", "IMAGE")
        self.width, self.height, self.channels, self._fit, multiplier, offset, reserved = struct.unpack(IMAGE, section)
        if self._fit not in (_CROP, _STRETCH) or reserved or self.channels not in (1, 3):
            raise error("SectionError", "IMAGE", "is of a kind that this package does not know; update it")
        if not (1 <= self.width <= 1024 and 1 <= self.height <= 1024 and multiplier):
            raise error("SectionError", "IMAGE")
        self._table = bytearray(256)
        for value in range(256):
            scaled = ((value * multiplier + 128) >> 8) + offset
            self._table[value] = (-128 if scaled < -128 else 127 if scaled > 127 else scaled) & 255
        self._sums = array("i", bytes(4 * self.width * self.channels))
        self._frame = None

    def see(self, pixels, width, height, kind, out):
        """Make `out`, height * width * channels bytes, of a whole frame: pixels, a buffer row by row from the upper
        left. kind: one of FORMATS."""
        if self._frame != (width, height, kind):
            self._measure(width, height, kind)
        size, number = FORMATS[kind]
        rows, columns, sums, channels = self._rows, self._columns, self._sums, self.channels
        stride = width * size
        at = 0
        for i in range(0, len(rows), 2):
            for row in range(rows[i], rows[i + 1]):
                add_row(pixels, row * stride, number, columns, sums, channels)
            finish_row(columns, rows[i + 1] - rows[i], sums, channels, self._table, out, at)
            at += self.width * channels

    def _measure(self, width, height, kind):
        """Where the boxes are in frames of this size."""
        frame_bytes(width, height, kind)
        top = left = 0
        across, down = width, height
        if self._fit == _CROP:
            if width * self.height > height * self.width:
                across = max(height * self.width // self.height, 1)
                left = (width - across) // 2
            else:
                down = max(width * self.height // self.width, 1)
                top = (height - down) // 2
        self._rows = _edges(top, down, self.height)
        self._columns = _edges(left, across, self.width)
        self._frame = (width, height, kind)


def _edges(first, size, count):
    """Begin and end of each of `count` boxes along `size` pixels."""
    places = array("H", bytes(4 * count))
    for i in range(count):
        begin, end = i * size // count, (i + 1) * size // count
        places[2 * i] = first + begin
        places[2 * i + 1] = first + max(end, begin + 1)
    return places
