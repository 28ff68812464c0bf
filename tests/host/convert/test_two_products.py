"""Requantisation by two products is the one by a product of 64 bits, for every sum."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from smidgen.convert.pack.two_products import Scaling, two_products

INT32 = np.iinfo(np.int32)
MULTIPLIERS = st.integers(1 << 30, (1 << 31) - 1)


def as_the_kernel(found, sums):
    """In 32 bits, and nothing wraps."""
    low, high = sums * found.low, sums * found.high
    total = (low >> found.low_bits) + high + found.offset
    for seen in (low, high, (low >> found.low_bits) + high, total):
        assert seen.min() >= INT32.min and seen.max() <= INT32.max
    return (total >> found.shift).clip(0, 255) - 128


@seed(0)
@settings(max_examples=60, deadline=None)
@given(
    MULTIPLIERS,
    st.integers(-12, -3),
    st.integers(-20000, 20000),
    st.integers(-128, 127),
    st.integers(1, 140000),
    st.integers(1, 140000),
    st.integers(9, 13),
)
def test_two_products_equal_one_for_every_sum(multiplier, shift, bias, zero_point, below, above, low_bits):
    wanted = Scaling(bias, multiplier, shift, zero_point)
    found = two_products(wanted, -below, above, [low_bits])
    if found is not None:
        sums = np.arange(-below, above + 1)
        expected = wanted.values(sums).clip(-128, 127)
        np.testing.assert_array_equal(found.values(sums), expected)
        np.testing.assert_array_equal(as_the_kernel(found, sums), expected)


def test_nearly_every_scaling_behind_relu_has_two_products():
    rng = np.random.default_rng(0)
    scalings = [
        Scaling(int(rng.integers(-9999, 9999)), int(rng.integers(1 << 30, 1 << 31)), int(rng.integers(-10, -4)), -128)
        for _ in range(100)
    ]
    assert sum(two_products(s, -70000, 70000) is not None for s in scalings) >= 99


@pytest.mark.parametrize("bias", [-90_000, 90_000])
def test_a_channel_that_is_always_at_an_end_has_two_products(bias):
    wanted = Scaling(bias, 1468116864, -6, -128 if bias < 0 else 127)
    assert_equal_for_every_sum(wanted)


@pytest.mark.parametrize("multiplier", [0, 1])
def test_a_channel_that_hardly_moves_has_two_products(multiplier):
    assert_equal_for_every_sum(Scaling(123, multiplier, -1, 5))


def assert_equal_for_every_sum(wanted):
    found = two_products(wanted, -64_000, 64_000)
    sums = np.arange(-64_000, 64_001)
    np.testing.assert_array_equal(as_the_kernel(found, sums), wanted.values(sums).clip(-128, 127))


@pytest.mark.parametrize(
    "scaling",
    [Scaling(0, 1 << 30, 1, 0), Scaling((1 << 31) - 10, 1 << 30, -8, 0)],
    ids=["to the left", "a bias that wraps"],
)
def test_what_may_wrap_has_none(scaling):
    assert two_products(scaling, -1000, 1000) is None


def test_where_no_factor_is_fine_enough_there_is_none():
    """Sums of 31 bits have steps that 13 + 20 bits cannot tell apart."""
    assert two_products(Scaling(0, 1518500250, -22, 0), -(1 << 30), 1 << 30) is None
