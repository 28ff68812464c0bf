"""Sigmoid and tanh of INT16 values by interpolation in a table (TFLite: reference_integer_ops Logistic and Tanh)."""

from __future__ import annotations

import numpy as np

NODES = 256
STEP = 1 / 24  # of the table, in real units


def sigmoid_table() -> np.ndarray:
    """sigmoid(i / 24) in Q0.16, uint16 [256].

    Chords of a concave curve lie below it, by STEP^2 / 8 * -f'' in the middle; nodes are raised by half of that, so
    that the error of the interpolation is balanced. The last node is 1 less one unit.
    """
    f = 1 / (1 + np.exp(-STEP * np.arange(NODES)))
    second_derivative = f * (1 - f) * (1 - 2 * f)
    table = np.floor(65536 * (f - STEP**2 / 16 * second_derivative) + 0.5)
    table[-1] = 65535
    return table.astype(np.uint16)


TABLE = sigmoid_table().astype(np.int64)


def _interpolated(x: np.ndarray, bits: int, saturated: int) -> np.ndarray:
    """sigmoid(|x|) in Q0.16 with `bits` further fractional bits; |x| has `bits` below a step of the table."""
    size = np.abs(x)
    node = np.minimum(size >> bits, NODES - 2)
    between = (TABLE[node] << bits) + (size & ((1 << bits) - 1)) * (TABLE[node + 1] - TABLE[node])
    return np.where(size >> bits >= NODES - 1, saturated, between)


def logistic16(x: np.ndarray) -> np.ndarray:
    """sigmoid in Q0.15 of x in units of STEP / 512: `x` is three times a Q3.12 value."""
    y = _interpolated(x, 9, 0x7FFF << 10)
    return np.where(x >= 0, y + (1 << 9), (1 << 25) - y + (1 << 9) - 1) >> 10


def tanh16(x: np.ndarray) -> np.ndarray:
    """tanh(x) = 2 sigmoid(2 x) - 1 in Q0.15, of x in the same units."""
    y = _interpolated(x, 8, 0xFFFF << 8)
    return np.where(x >= 0, y - (1 << 23) + (1 << 7), -y + (1 << 23) + (1 << 7) - 1) >> 8
