"""PAIRS, for ARMv6-M: two output channels side by side, in chunks of taps whose sums fit 16 bits.

The kernel holds the inputs of two positions in one word and multiplies both by a weight at once. That is exact as long
as no sum leaves 16 bits, whatever the inputs are; where it might, the sums are put away and a new chunk begins. The
bytes are described in docs/blob-format.md; firmware/engine/kernels/armv6m/pairs.h names the same limits.
"""

from __future__ import annotations

import struct

import numpy as np

from smidgen.convert.pack.chunks import chunks, factors
from smidgen.convert.pack.layer import Layer
from smidgen.convert.pack.two_products import Scaling, two_products

CHUNK, BATCH = 16, 16  # most taps of a chunk, most chunks of a batch
END = 2 * CHUNK + 2
FACTORS = 24  # bytes of a pair's biases, multipliers and shifts
TWO_PRODUCTS = 1 << 24
FULL_RANGE = (-128, 127)
PATCH_WORDS = 3


class Pairs:
    """See the module."""

    name = "PAIRS"
    grows = True

    def fits(self, layer: Layer) -> bool:
        whole = layer.op.name == "CONV_2D" and layer.weights.dims[3] == layer.x.dims[3]
        return whole and layer.scales_down

    def scratch_words(self, layer: Layer) -> int:
        return layer.filters.shape[1] * PATCH_WORDS

    def pack(self, layer: Layer) -> bytes:
        filters, rows = layer.filters, short_factors(layer)
        if len(filters) % 2:
            filters, rows = np.vstack([filters, np.zeros_like(filters[:1])]), np.vstack([rows, rows[-1:]])
        content = b""
        for i in range(0, len(filters), 2):
            content += batches(filters[i : i + 2])
            content += bytes(-len(content) % 4) + rows[i : i + 2].tobytes()
        return content

    def unpack(self, content: bytes, dims: tuple[int, ...]) -> np.ndarray:
        taps = int(np.prod(dims[1:]))
        filters, at = [], 0
        for _ in range(0, dims[0], 2):
            pair, at = _read_batches(content, at, taps)
            at += -at % 4 + FACTORS
            filters.append(pair)
        return np.vstack(filters)[: dims[0]].astype(np.int8).reshape(dims)


PAIRS = Pairs()


def short_factors(layer: Layer) -> np.ndarray:
    """int32 [out_c, 3]: two products for a channel where they are found, else the factor as it is."""
    rows, k, p = factors(layer), layer.channels, layer.op.params
    if (p["act_min"], p["act_max"]) != FULL_RANGE:
        return rows
    for i, filter_ in enumerate(layer.filters):
        up, down = int(filter_.clip(0).sum()), int(filter_.clip(None, 0).sum())
        wanted = Scaling(int(rows[i, 0]), int(k.multiplier[i]), int(k.shift[i]), layer.out.zero_point)
        found = two_products(wanted, 127 * down - 128 * up, 127 * up - 128 * down)
        if found is not None:
            rows[i] = found.offset, found.high, TWO_PRODUCTS | found.low << 8 | found.shift
    return rows


def batches(pair: np.ndarray) -> bytes:
    """The chunks of a pair of filters, int32 [2, taps]: controls and weights, of two channels in a half-word."""
    weights = pair.T.astype(np.int8)
    content, at = b"", 0
    lengths = chunks(pair, CHUNK)
    for first in range(0, len(lengths), BATCH):
        batch = lengths[first : first + BATCH]
        for length in batch:
            content += struct.pack("<H", 2 * (CHUNK - length)) + weights[at : at + length].tobytes()
            at += length
        content += struct.pack("<HH", END, BATCH - len(batch))
    return content


def _read_batches(content: bytes, at: int, taps: int) -> tuple[np.ndarray, int]:
    """(int8 [2, taps], position behind them)."""
    weights, control = b"", 0
    while len(weights) < 2 * taps or control != END:
        (control,) = struct.unpack_from("<H", content, at)
        length = 1 if control == END else CHUNK - control // 2
        weights += b"" if control == END else content[at + 2 : at + 2 + 2 * length]
        at += 2 + 2 * length
    return np.frombuffer(weights, np.int8).reshape(taps, 2).T, at
