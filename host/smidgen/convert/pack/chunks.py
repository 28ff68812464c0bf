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
    low, high = (positive * X_LOW + negative * X_HIGH).T, (positive * X_HIGH + negative * X_LOW).T
    lengths = [0]
    lowest = highest = np.zeros(len(filters), np.int64)
    for tap_low, tap_high in zip(low, high, strict=True):
        lowest, highest = lowest + tap_low, highest + tap_high
        if lowest.min() < LOW or highest.max() > HIGH or lengths[-1] == most:
            lengths.append(0)
            lowest, highest = tap_low, tap_high
        lengths[-1] += 1
    return lengths
