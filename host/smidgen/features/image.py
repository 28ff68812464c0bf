"""Pictures as a model sees them: the IMAGE section of a `.smg`, and the arithmetic that training and boards share.

A picture is cut to the model's proportions, made small by the mean over boxes, made grey where the model is, and
brought to int8; docs/blob-format.md tells every rounding. firmware/lib/smidgen/picture.py does the same on the board,
byte for byte.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from smidgen import _format as fmt
from smidgen.errors import UsageError

_IMAGE = fmt.RECORDS["image"][0]
_GREY = np.array([77, 150, 29], np.int64)  # of ITU-R BT.601, times 256
FITS = ("crop", "stretch")


@dataclass(frozen=True)
class ImageSpec:
    """width, height: of the model's input, pixels. channels: 1 is grey, 3 red, green and blue. fit: "crop" to the
    largest middle part of the model's proportions, or "stretch". multiplier_q8, offset: int8 = value * multiplier_q8 /
    256 + offset, of a value of 0 to 255. Raises UsageError when one is out of its range."""

    width: int = 32
    height: int = 32
    channels: int = 1
    fit: str = "crop"
    multiplier_q8: int = 256
    offset: int = -128

    def __post_init__(self) -> None:
        sizes = 1 <= self.width <= 1024 and 1 <= self.height <= 1024 and self.channels in (1, 3)
        values = 1 <= self.multiplier_q8 <= 65535 and -32768 <= self.offset <= 32767
        if not sizes or not values or self.fit not in FITS:
            raise UsageError(
                f"picture: {self.width}x{self.height} with {self.channels} channels, fit {self.fit!r}, multiplier "
                f"{self.multiplier_q8}, offset {self.offset}; use sides of 1 to 1024, 1 or 3 channels, crop or stretch"
            )

    @property
    def shape(self) -> tuple[int, ...]:
        """Of a picture's features: [height, width], with colours [height, width, 3]."""
        return (self.height, self.width) if self.channels == 1 else (self.height, self.width, 3)

    def features(self, picture: np.ndarray) -> np.ndarray:
        """uint8 [h, w] (grey) or [h, w, 3] (red, green, blue) -> int8 of `shape`."""
        values = self._of_model(picture)
        top, left, height, width = self.part(*picture.shape[:2])
        rows = edges(height, self.height) + top
        columns = edges(width, self.width) + left
        counts = np.outer(rows[1] - rows[0], columns[1] - columns[0])[..., np.newaxis]
        means = (_box_sums(values, rows, columns) + (counts >> 1)) // counts
        scaled = ((means * self.multiplier_q8 + 128) >> 8) + self.offset
        return np.clip(scaled, -128, 127).astype(np.int8).reshape(self.shape)

    def part(self, height: int, width: int) -> tuple[int, int, int, int]:
        """What of a picture is looked at: top, left, height, width."""
        if self.fit == "stretch":
            return 0, 0, height, width
        if width * self.height > height * self.width:
            kept = max(height * self.width // self.height, 1)
            return 0, (width - kept) // 2, height, kept
        kept = max(width * self.height // self.width, 1)
        return (height - kept) // 2, 0, kept, width

    def _of_model(self, picture: np.ndarray) -> np.ndarray:
        """int64 [h, w, channels]."""
        if picture.dtype != np.uint8 or not picture.size or picture.shape[2:] not in ((), (3,)):
            raise TypeError(f"a picture must be uint8 [h, w] or [h, w, 3], not {picture.dtype} {list(picture.shape)}")
        values = picture.astype(np.int64)
        if picture.ndim == 2:
            return np.repeat(values[..., np.newaxis], self.channels, axis=2)
        return (values @ _GREY + 128 >> 8)[..., np.newaxis] if self.channels == 1 else values

    def to_section(self) -> bytes:
        """The IMAGE section of a `.smg`."""
        sizes = (self.width, self.height, self.channels, FITS.index(self.fit))
        return struct.pack(_IMAGE, *sizes, self.multiplier_q8, self.offset, 0)

    @classmethod
    def from_section(cls, section: bytes) -> ImageSpec:
        """The spec of an IMAGE section. Raises SectionError when it is malformed, or of an unknown kind."""
        if len(section) != struct.calcsize(_IMAGE):
            raise fmt.SectionError(f"the IMAGE section has {len(section)} bytes, not {struct.calcsize(_IMAGE)}")
        width, height, channels, fit, multiplier, offset, reserved = struct.unpack(_IMAGE, section)
        if fit >= len(FITS) or reserved:
            raise fmt.SectionError(f"the IMAGE section has fit {fit}, reserved {reserved}; update the smidgen package")
        try:
            return cls(width, height, channels, FITS[fit], multiplier, offset)
        except UsageError as error:
            raise fmt.SectionError(f"the IMAGE section is malformed: {error}") from error


def edges(size: int, count: int) -> np.ndarray:
    """int64 [2, count]: where each of `count` boxes along `size` pixels begins and ends."""
    places = np.arange(count + 1, dtype=np.int64) * size // count
    return np.stack([places[:-1], np.maximum(places[1:], places[:-1] + 1)])


def _box_sums(values: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """int64 [h, w, c] -> the sum over each box, int64 [rows, columns, c]."""
    table = np.zeros((values.shape[0] + 1, values.shape[1] + 1, values.shape[2]), np.int64)
    table[1:, 1:] = values.cumsum(axis=0).cumsum(axis=1)
    bands = table[rows[1]] - table[rows[0]]
    return bands[:, columns[1]] - bands[:, columns[0]]


def from_rgb565(frame: bytes, width: int, height: int, order: str = "<") -> np.ndarray:
    """A frame of RGB565 as uint8 [height, width, 3]. order: of a pixel's two bytes, "<" low first, or ">"."""
    pixels = np.frombuffer(frame, order + "u2").reshape(height, width).astype(np.int64)
    red, green, blue = pixels >> 11, pixels >> 5 & 63, pixels & 31
    return np.stack([red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2], axis=-1).astype(np.uint8)


def to_rgb565(picture: np.ndarray, order: str = "<") -> bytes:
    """uint8 [h, w, 3] as a camera gives it: a frame of RGB565."""
    red, green, blue = (picture[..., i].astype(np.uint16) for i in range(3))
    return (red >> 3 << 11 | green >> 2 << 5 | blue >> 3).astype(order + "u2").tobytes()
