"""Requantisation with two products of 32 bits, exact for every sum that can occur.

TensorFlow Lite Micro brings a sum to an int8 value with a product of 64 bits and two roundings (smg_scale in the
engine). As a function of the sum that is a staircase: it never falls and has at most 255 steps. So is

    floor((floor(sum * low / 2^low_bits) + sum * high + offset) / 2^shift), clamped to 0..255, less 128

for any low, high >= 0. Two staircases that agree on both sides of every step of the first are one function, so 510 sums
prove what no list of inputs could. The factor high * 2^low_bits + low is searched for near
scale * 2^(shift + low_bits), with the largest shift that 32 bits allow; for each the steps leave an interval of
offsets, mostly a wide one. The larger the sums, the fewer bits leave their product with `low` 32 bits.

Behind RELU one is found for nearly every channel. Where values on both sides of the zero point count there is mostly
none: smg_scale rounds halves away from zero, which moves the steps below by one sum against those above.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from smidgen.reference.arith import scale

LOW_BITS = 13  # where nothing else is asked for
LARGEST_SHIFT = 24
LEVELS = np.arange(-127, 128, dtype=np.int64)  # each step of the staircase: the first sum that gives so much
NEARBY = np.array(sorted(range(-64, 65), key=abs))
INT32 = 1 << 31


@dataclass(frozen=True)
class Scaling:
    """How a sum becomes a value: value = clamp(smg_scale(sum + bias, multiplier, shift) + zero_point)."""

    bias: int
    multiplier: int
    shift: int
    zero_point: int

    def values(self, sums: np.ndarray) -> np.ndarray:
        """int64 of any shape to the same, not clamped."""
        return scale(sums + self.bias, self.multiplier, self.shift) + self.zero_point

    def never_falls(self, lowest: int, highest: int) -> bool:
        """For the sums in this range: nothing is shifted to the left, nothing wraps."""
        return self.shift <= 0 and max(abs(lowest), abs(highest)) + abs(self.bias) < INT32


@dataclass(frozen=True)
class TwoProducts:
    """The same by two products."""

    low: int
    high: int
    offset: int
    shift: int
    low_bits: int

    def values(self, sums: np.ndarray) -> np.ndarray:
        """int64 of any shape to the same, clamped to int8."""
        x = ((sums * self.low) >> self.low_bits) + sums * self.high + self.offset
        return (x >> self.shift).clip(0, 255) - 128

    def fits(self, sum_: int) -> bool:
        """Does every number on the way fit 32 bits?"""
        first, second = sum_ * self.low, (sum_ * self.low >> self.low_bits) + sum_ * self.high
        seen = (first, sum_ * self.high, second, second + self.offset, self.offset, self.high)
        return min(seen) >= -INT32 and max(seen) < INT32


def two_products(
    wanted: Scaling, lowest: int, highest: int, low_bits: Sequence[int] = (LOW_BITS,)
) -> TwoProducts | None:
    """Equal to `wanted` for all sums from `lowest` to `highest`, with the first of `low_bits` that allows it.

    None when none is found.
    """
    if not wanted.never_falls(lowest, highest):
        return None
    steps = _steps(wanted, lowest, highest)
    real = wanted.multiplier * 2.0 ** (wanted.shift - 31)
    room = INT32 / (256 + real * (max(-lowest, highest) + abs(wanted.bias)))
    shift = min(int(np.log2(room)), LARGEST_SHIFT)
    middle = round((wanted.bias * real + wanted.zero_point + 128.5) * 2.0**shift)
    for bits in low_bits if shift >= 0 else ():
        nearest = round(real * 2.0 ** (bits + shift))
        for nearby in (NEARBY[:1], NEARBY[1:]):  # mostly it is the nearest
            for found in _with_factors(nearest + nearby, bits, shift, middle, steps, lowest, highest):
                if found.fits(lowest) and found.fits(highest):
                    return found
    return None


def _steps(wanted: Scaling, lowest: int, highest: int) -> np.ndarray:
    """The first sum whose value reaches each of LEVELS; highest + 1 where none does."""
    multiplier = max(wanted.multiplier, 1)
    real = (LEVELS - wanted.zero_point - 0.5) * 2.0 ** (31 - wanted.shift) / multiplier - wanted.bias
    near = 2 + (1 << 30) // multiplier  # sums: further off does the second rounding of smg_scale move no step
    first, end = (np.clip(np.rint(real) + d, lowest, highest + 1).astype(np.int64) for d in (-near, near))
    while (first < end).any():
        middle = (first + end) // 2
        reached = wanted.values(middle) >= LEVELS
        first, end = np.where(reached, first, np.minimum(middle + 1, end)), np.where(reached, middle, end)
    return first


def _with_factors(
    factors: np.ndarray, low_bits: int, shift: int, offset: int, steps: np.ndarray, lowest: int, highest: int
) -> Iterator[TwoProducts]:
    """With those of int64 [n] for which there is an offset, the allowed one that is next to `offset`.

    Where no step lies in the range, it is bounded on one side.
    """
    factors = factors[factors >= 0, np.newaxis]
    goals = (LEVELS + 128) << shift
    at, before = steps * factors >> low_bits, (steps - 1) * factors >> low_bits
    least = (goals - at).max(axis=1, where=steps <= highest, initial=-INT32)
    most = (goals - 1 - before).min(axis=1, where=steps > lowest, initial=INT32 - 1)
    for i in np.flatnonzero(least <= most):
        high, low = divmod(int(factors[i, 0]), 1 << low_bits)
        yield TwoProducts(low, high, int(np.clip(offset, least[i], most[i])), shift, low_bits)
