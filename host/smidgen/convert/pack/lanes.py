"""LANES, for ARMv6-M: the filters of a convolution, in chunks of taps whose sums fit 16 bits.

The kernel holds the inputs of two positions in one word and multiplies both by a weight at once. That is exact as long
as no sum leaves 16 bits, whatever the inputs are; where it might, the sums are put away and a new chunk begins. The
bytes are described in docs/blob-format.md; firmware/engine/kernels/armv6m/lanes.h names the same limits.
"""

from __future__ import annotations

import struct

import numpy as np

from smidgen.convert.pack.chunks import chunks
from smidgen.convert.pack.factors import FACTOR, short_factors
from smidgen.convert.pack.layer import Layer

CHUNK, BATCH = 14, 11  # most taps of a chunk, most chunks of a batch
END = 3  # bytes
MORE, NOT_FIRST = 1, 2
PATCH_WORDS = 6
LARGEST_COPY = 4096  # bytes of arena that are worth it for a picture with its padding around it


class Lanes:
    """See the module."""

    name = "LANES"
    grows = True

    def fits(self, layer: Layer) -> bool:
        return layer.is_whole("CONV_2D") and layer.scales_down

    def scratch_words(self, layer: Layer) -> int:
        _, _, width, channels = layer.weights.dims
        return layer.filters.shape[1] * PATCH_WORDS + -(-width * channels // 2) + -(-_padded_copy(layer) // 4)

    def pack(self, layer: Layer) -> bytes:
        filters = []
        for filter_, factor in zip(layer.filters, short_factors(layer), strict=True):
            content = batches(filter_)
            filters.append(content + bytes(-len(content) % 4) + factor.tobytes())
        first_half = filters[: len(filters) // 2]
        return struct.pack("<I", 4 + sum(map(len, first_half))) + b"".join(filters)

    def unpack(self, content: bytes, dims: tuple[int, ...]) -> np.ndarray:
        taps, filters, at = int(np.prod(dims[1:])), [], 4
        for _ in range(dims[0]):
            filter_, at = _read_batches(content, at, taps)
            at += -at % 4 + FACTOR
            filters.append(filter_)
        return np.stack(filters).reshape(dims)


LANES = Lanes()


def _padded_copy(layer: Layer) -> int:
    """Bytes of the input with its padding around it, where there is any and it is small; else 0."""
    p, (_, kh, kw, channels), (n, oh, ow, _) = layer.op.params, layer.weights.dims, layer.out.dims
    height = (oh - 1) * p["stride_h"] + (kh - 1) * p["dilation_h"] + 1
    width = (ow - 1) * p["stride_w"] + (kw - 1) * p["dilation_w"] + 1
    _, rows, columns, _ = layer.x.dims
    sticks_out = p["pad_top"] > 0 or p["pad_left"] > 0 or height > rows or width > columns
    size = height * width * channels
    return size if sticks_out and n == 1 and size <= LARGEST_COPY else 0


def batches(filter_: np.ndarray) -> bytes:
    """The chunks of a filter, int32 [taps]: controls and weights."""
    weights, content = filter_.astype(np.int8), b""
    lengths, at = chunks(filter_[np.newaxis], CHUNK), 0
    for first in range(0, len(lengths), BATCH):
        batch = lengths[first : first + BATCH]
        for length in batch:
            content += bytes([-7 - 8 * length & 0xFF]) + weights[at : at + length].tobytes()
            at += length
        flags = (MORE if at < len(filter_) else 0) | (NOT_FIRST if first else 0)
        content += bytes([6 * (len(batch) - 1), 21 * (BATCH - len(batch)), flags])
    return content


def _read_batches(content: bytes, at: int, taps: int) -> tuple[np.ndarray, int]:
    """(int8 [taps], position behind the last batch)."""
    weights = b""
    while len(weights) < taps:
        control = content[at]
        length = (0x100 - 7 - control) // 8
        if control < 0x80:
            at += END
        else:
            weights += content[at + 1 : at + 1 + length]
            at += 1 + length
    return np.frombuffer(weights, np.int8), at + END
