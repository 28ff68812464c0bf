"""FILTERS, for ARMv6-M: 3x3 depthwise filters, each with the two products that requantise its sums.

The rows of a band of outputs come first; the kernel copies what a band sees to scratch memory. The bytes are
described in docs/blob-format.md; firmware/engine/kernels/armv6m/depthwise.c reads them.
"""

from __future__ import annotations

import struct

import numpy as np

from smidgen.convert.pack.layer import Layer
from smidgen.convert.pack.two_products import Scaling, TwoProducts, two_products

HEAD, FILTER = struct.Struct("<II"), struct.Struct("<iiH9sB")
BAND = 32  # outputs of one channel that are worth the change to another filter
FULL_RANGE = (-128, 127)


class Filters:
    """See the module."""

    name = "FILTERS"
    grows = True

    def fits(self, layer: Layer) -> bool:
        p = layer.op.params
        kernel = layer.is_whole("DEPTHWISE_CONV_2D") and layer.weights.dims[1:3] == (3, 3)
        if not kernel or (p["act_min"], p["act_max"]) != FULL_RANGE:
            return False
        return _moves_evenly(layer) and None not in _requantisations(layer)

    def scratch_words(self, layer: Layer) -> int:
        rows = (band_rows(layer) - 1) * layer.op.params["stride_h"] + 3
        return -(-rows * layer.x.dims[2] * layer.x.dims[3] // 4)

    def pack(self, layer: Layer) -> bytes:
        content = HEAD.pack(band_rows(layer), 0)
        for weights, r in zip(layer.filters.astype(np.int8), _requantisations(layer), strict=True):
            if r is None:
                raise ValueError("a layer that does not fit")
            content += FILTER.pack(r.offset, r.high, r.low, weights.tobytes(), r.shift)
        return content

    def unpack(self, content: bytes, dims: tuple[int, ...]) -> np.ndarray:
        records = content[HEAD.size : HEAD.size + dims[3] * FILTER.size]
        filters = [np.frombuffer(record[3], np.int8) for record in FILTER.iter_unpack(records)]
        return np.stack(filters, axis=-1).reshape(dims)


FILTERS = Filters()


def band_rows(layer: Layer) -> int:
    """Rows of the output that are computed from one filling of the scratch memory."""
    _, height, width, _ = layer.out.dims
    return min(height, max(4, -(-BAND // width)))


def _moves_evenly(layer: Layer) -> bool:
    """Stride 1 or 2, and windows that stick out by at most one element at either end, as padding SAME makes them."""
    p = layer.op.params
    stride = p["stride_h"]
    axes = [
        (p[f"pad_{side}"], p[f"stride_{axis}"], p[f"dilation_{axis}"], layer.x.dims[i], layer.out.dims[i])
        for i, side, axis in ((1, "top", "h"), (2, "left", "w"))
    ]
    return stride in (1, 2) and all(
        (step, dilation, pad, out) == (stride, 1, int(stride == 1 or size % 2 == 1), -(-size // stride))
        for pad, step, dilation, size, out in axes
    )


def _requantisations(layer: Layer) -> list[TwoProducts | None]:
    """One for each channel. Sums are of inputs as they are stored; what their zero point adds is in the bias."""
    c = layer.channels
    found = []
    for filter_, bias, multiplier, shift in zip(layer.filters, c.bias, c.multiplier, c.shift, strict=True):
        up, down = int(filter_.clip(0).sum()), int(filter_.clip(None, 0).sum())
        whole = int(bias) - layer.x.zero_point * (up + down)
        wanted = Scaling(whole, int(multiplier), int(shift), layer.out.zero_point)
        found.append(two_products(wanted, 127 * down - 128 * up, 127 * up - 128 * down))
    return found
