"""The board's arithmetic in Python equals gemmlowp's definitions, over all 32 bits."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from smidgen.reference import arith
from tests.support.board import board_module

board = board_module("python_arith")
INT32 = st.integers(-(2**31), 2**31 - 1)
INT31 = st.integers(0, 2**31 - 1)


def exact_high_mul(a: int, b: int) -> int:
    """gemmlowp's SaturatingRoundingDoublingHighMul, as it is written there."""
    if a == b == -(2**31):
        return 2**31 - 1
    nudge = 1 << 30 if a * b >= 0 else 1 - (1 << 30)
    quotient = abs(a * b + nudge) // 2**31
    return quotient if a * b + nudge >= 0 else -quotient


@given(INT32, INT32)
@example(-(2**31), -(2**31))
@example(-(2**30), 1)
def test_high_mul_is_gemmlowps(a, b):
    assert board.high_mul(a, b) == exact_high_mul(a, b)


@given(st.one_of(INT32, st.integers(-(2**15), 2**15), st.sampled_from([2**27 - 1, 2**27, 1 - 2**27, -(2**27)])), INT31)
def test_high_mul_from_halves_is_high_mul(a, b):
    assert board.high_mul_halves(a, b >> 16, b & 0xFFFF) == exact_high_mul(a, b)


class SmallInt(int):
    """An integer that MicroPython does not allocate: 31 bits. Arithmetic that leaves them fails."""

    def __new__(cls, value: int) -> SmallInt:
        assert -(2**30) <= value < 2**30
        return super().__new__(cls, value)


for name in ("add", "mul", "and", "lshift", "rshift"):
    for method in (f"__{name}__", f"__r{name}__"):
        plain = getattr(int, method)
        setattr(SmallInt, method, lambda self, other, plain=plain: SmallInt(plain(self, other)))


@given(st.integers(1 - 2**27, 2**27 - 1), INT31)
@example(1 - 2**27, 2**31 - 1)
@example(2**27 - 1, 2**31 - 1)
def test_high_mul_from_halves_stays_in_small_integers(a, b):
    result = board.high_mul_halves(SmallInt(a), SmallInt(b >> 16), SmallInt(b & 0xFFFF))
    assert type(result) is SmallInt


@given(INT32, st.integers(0, 31))
@example(-1, 31)
def test_rounding_shift_rounds_half_away_from_zero(x, exponent):
    half = (1 << exponent) >> 1
    assert board.rounding_shift(x, exponent) == ((x + half) >> exponent if x >= 0 else -((-x + half) >> exponent))


@given(st.integers(-(2**40), 2**40))
def test_wrap_keeps_the_low_32_bits(x):
    assert board.wrap(x) == int.from_bytes((x % 2**32).to_bytes(4, "little"), "little", signed=True)


@given(st.integers(-(2**31), 0))
def test_exp_equals_the_reference(x):
    assert board.exp_on_negative(x) == int(arith.exp_on_negative(x))


@given(st.integers(1, 2**31 - 1))
def test_reciprocal_equals_the_reference(x):
    assert board.reciprocal(x, 12) == tuple(int(v[0]) for v in arith.reciprocal(np.array([x]), 12))
