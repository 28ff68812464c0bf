"""How sums become outputs: what packed weights have for each channel in place of the channel block."""

from __future__ import annotations

import numpy as np

from smidgen.convert.pack.layer import Layer
from smidgen.convert.pack.two_products import Scaling, two_products

FACTOR = 12  # bytes
LOW_BITS = range(13, 8, -1)  # the first ones suit nearly all, fewer the sums of large filters
FULL_RANGE = (-128, 127)


def factors(layer: Layer) -> np.ndarray:
    """int32 [out_c, 3]: the bias, with what a sum lacks because kernels do not subtract the input's zero point; the
    multiplier; the shift to the right."""
    k = layer.channels
    corrected = k.bias - layer.x.zero_point * layer.filters.sum(axis=1)
    return np.stack([corrected, k.multiplier, -k.shift.astype(np.int32)], axis=1).astype("<i4")


def short_factors(layer: Layer) -> np.ndarray:
    """int32 [out_c, 3]: two products for a channel where they are found, else the factor as it is."""
    rows, k, p = factors(layer), layer.channels, layer.op.params
    if (p["act_min"], p["act_max"]) != FULL_RANGE:
        return rows
    for i, filter_ in enumerate(layer.filters):
        up, down = int(filter_.clip(0).sum()), int(filter_.clip(None, 0).sum())
        wanted = Scaling(int(rows[i, 0]), int(k.multiplier[i]), int(k.shift[i]), layer.out.zero_point)
        found = two_products(wanted, 127 * down - 128 * up, 127 * up - 128 * down, LOW_BITS)
        if found is not None:
            rows[i] = found.offset, found.high, found.low_bits << 24 | found.low << 8 | found.shift
    return rows
