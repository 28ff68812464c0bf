"""Chunks of taps, for layouts that keep sums in the halves of words."""

from __future__ import annotations

import numpy as np

# What a half may hold: with -2^15 in the upper one a negative lower one would take the word below -2^31.
LOW, HIGH = 1 - (1 << 15), (1 << 15) - 1
X_LOW, X_HIGH = -128, 127


def chunks(filters: np.ndarray, most: int) -> list[int]:
    """How many taps each chunk of filters, int32 [channels, taps], has: as many as fit, at most `most`, one by one.

    In a chunk no channel's sum of weights times inputs leaves 16 bits, whatever the inputs are.
    """
    positive, negative = np.maximum(filters, 0), np.minimum(filters, 0)
    lowest = (positive * X_LOW + negative * X_HIGH).T.cumsum(axis=0, dtype=np.int64)
    highest = (positive * X_HIGH + negative * X_LOW).T.cumsum(axis=0, dtype=np.int64)
    lengths, at, before = [], 0, (0, 0)
    while at < len(highest):
        here = slice(at, at + most)
        fit = (lowest[here] - before[0] >= LOW).all(axis=1) & (highest[here] - before[1] <= HIGH).all(axis=1)
        lengths.append(int(fit.sum()))  # with every tap the sums grow
        at += lengths[-1]
        before = lowest[at - 1], highest[at - 1]
    return lengths
