"""QUADS, for ARMv6-M: eight output channels of a dense layer in two words, in chunks whose sums fit 16 bits.

The kernel multiplies an input by four weights in two products. The bytes are described in docs/blob-format.md;
firmware/engine/kernels/armv6m/quads.h names the same limits.
"""

from __future__ import annotations

import struct

import numpy as np

from smidgen.convert.pack.chunks import chunks
from smidgen.convert.pack.factors import FACTOR, factors
from smidgen.convert.pack.layer import Layer

CHANNELS, CHUNK, BATCH = 8, 20, 12  # of a group, most taps of a chunk, most chunks of a batch
TAP = 30
END = TAP * CHUNK + 34
ORDER = [0, 1, 4, 5, 2, 3, 6, 7]  # channels of a tap's bytes
FACTORS = FACTOR * CHANNELS
LONGEST = 1024  # inputs: they lie widened in the arena, and so much memory is the most that a dense layer is worth


class Quads:
    """See the module."""

    name = "QUADS"
    grows = True

    def fits(self, layer: Layer) -> bool:
        dense = layer.op.name == "FULLY_CONNECTED" and layer.filters.shape[1] <= LONGEST
        return dense and layer.scales_down

    def scratch_words(self, layer: Layer) -> int:
        return layer.filters.shape[1]

    def pack(self, layer: Layer) -> bytes:
        filters, groups = layer.filters, []
        rows = factors(layer)
        for i in range(0, len(filters), CHANNELS):
            group = np.zeros((CHANNELS, filters.shape[1]), np.int32)
            group[: len(filters) - i] = filters[i : i + CHANNELS]
            last = np.minimum(np.arange(i, i + CHANNELS), len(filters) - 1)
            groups.append(batches(group) + rows[last].tobytes())
        first_half = groups[: len(groups) // 2]
        return struct.pack("<I", 4 + sum(map(len, first_half))) + b"".join(groups)

    def unpack(self, content: bytes, dims: tuple[int, ...]) -> np.ndarray:
        filters, at = [], 4
        for _ in range(0, dims[0], CHANNELS):
            group, at = _read_batches(content, at, dims[1])
            at += FACTORS
            filters.append(group)
        return np.vstack(filters)[: dims[0]].reshape(dims)


QUADS = Quads()


def batches(group: np.ndarray) -> bytes:
    """The chunks of a group of filters, int32 [8, taps]: controls, and for each tap two words of weights + 128."""
    weights = (group[ORDER].T + 128).astype(np.uint8)
    content, at = b"", 0
    lengths = chunks(group, CHUNK)
    for first in range(0, len(lengths), BATCH):
        batch = lengths[first : first + BATCH]
        for length in batch:
            content += struct.pack("<I", TAP * (CHUNK - length)) + weights[at : at + length].tobytes()
            at += length
        content += struct.pack("<II", END, BATCH - len(batch))
    return content


def _read_batches(content: bytes, at: int, taps: int) -> tuple[np.ndarray, int]:
    """(int8 [8, taps], position behind them)."""
    weights, control = b"", 0
    while len(weights) < CHANNELS * taps or control != END:
        (control,) = struct.unpack_from("<I", content, at)
        size = 4 if control == END else CHANNELS * (CHUNK - control // TAP)
        weights += b"" if control == END else content[at + 4 : at + 4 + size]
        at += 4 + size
    rows = np.frombuffer(weights, np.uint8).reshape(taps, CHANNELS).T[np.argsort(ORDER)]
    return (rows.astype(np.int16) - 128).astype(np.int8), at
