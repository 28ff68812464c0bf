"""Malformed operators that compute without weights, by name: name -> (sample, change)."""

from __future__ import annotations

from tests.evil.entries import operand, param, typed
from tests.evil.mutate import Change

ARITHMETIC: dict[str, tuple[str, Change]] = {
    "LOOKUP table: too short": ("lookup", operand("LOOKUP", 1, "dims", 255)),
    "LOOKUP table: of half bytes": ("lookup", typed("LOOKUP", 1, "INT4")),
    "LOOKUP operands: of different sizes": ("lookup", operand("LOOKUP", 0, "dims", 8, 1)),
    "SOFTMAX.multiplier: negative": ("keyword", param("SOFTMAX", "multiplier", -1)),
    "SOFTMAX.shift: to the right": ("keyword", param("SOFTMAX", "shift", -1)),
    "SOFTMAX.shift: 32": ("keyword", param("SOFTMAX", "shift", 32)),
    "SOFTMAX.diff_min: positive": ("keyword", param("SOFTMAX", "diff_min", 1)),
    "SOFTMAX operands: of different shapes": ("keyword", operand("SOFTMAX", 0, "dims", 2, 1)),
}
