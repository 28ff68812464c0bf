"""TAPS, for ARMv6-M: depthwise filters of any size in the plain order, behind factors as in LANES.

The kernel takes one position after the other, so it suits pictures of few positions, as the steps of a stream are. The
bytes are described in docs/blob-format.md; firmware/engine/kernels/armv6m/taps.c reads them.
"""

from __future__ import annotations

import numpy as np

from smidgen.convert.pack.factors import FACTOR, short_factors
from smidgen.convert.pack.layer import Layer


class Taps:
    """See the module."""

    name = "TAPS"
    grows = True

    def fits(self, layer: Layer) -> bool:
        return layer.is_whole("DEPTHWISE_CONV_2D") and layer.scales_down

    def scratch_words(self, layer: Layer) -> int:
        return -(-layer.weights.elements // 4)

    def pack(self, layer: Layer) -> bytes:
        return short_factors(layer).tobytes() + layer.values.tobytes()

    def unpack(self, content: bytes, dims: tuple[int, ...]) -> np.ndarray:
        return np.frombuffer(content, np.int8, int(np.prod(dims)), FACTOR * dims[3]).reshape(dims)


TAPS = Taps()
