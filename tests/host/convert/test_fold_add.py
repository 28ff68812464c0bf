"""ADD as one linear function: where it is used, and that it is the same step function."""

from __future__ import annotations

import numpy as np
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from smidgen.convert import convert
from smidgen.convert.fold_add import VALUES, linear_sum, sums
from smidgen.convert.program import Instruction, Value
from smidgen.quantise import quantise_multiplier
from tests.support.elementwise import model

SHAPE = (2, 3, 4)
ZERO_POINTS = st.integers(-128, 127)


def add(
    scales: tuple[float, float, float], zeros: tuple[int, int, int], low: int = -128, high: int = 127
) -> Instruction:
    largest = 2 * max(scales[:2])
    factors = [
        quantise_multiplier(r) for r in (scales[0] / largest, scales[1] / largest, largest / (scales[2] * 2**20))
    ]
    params = {"left_shift": 20, "act_min": low, "act_max": high}
    for end, (multiplier, shift) in zip(("_a", "_b", ""), factors, strict=True):
        params |= {f"multiplier{end}": multiplier, f"shift{end}": shift}
    values = [Value("INT8", SHAPE, zero) for zero in zeros]
    return Instruction("ADD", values[:2], values[2:], params)


def line(p: dict[str, int]) -> np.ndarray:
    """What the kernel computes for every pair, int64 [256, 256]. Nothing exceeds 32 bits."""
    t = VALUES[:, None] * p["factor_a"] + VALUES * p["factor_b"] + p["constant"]
    t = t - (t < 0) + p["offset"]
    assert t.min() >= -(2**31) and t.max() < 2**31
    return p["act_min"] + (t >> p["shift"]).clip(0, p["act_max"] - p["act_min"])


@seed(0)
@settings(max_examples=40, deadline=None)
@given(
    st.tuples(*[st.floats(0.01, 1.0)] * 3),
    st.tuples(ZERO_POINTS, ZERO_POINTS, ZERO_POINTS),
    st.tuples(st.integers(-128, 0), st.integers(0, 127)),
)
def test_a_line_is_the_sum_for_every_pair(scales, zeros, clamp):
    instruction = add(scales, zeros, *clamp)
    found = linear_sum(instruction)
    if found is not None:
        np.testing.assert_array_equal(line(found), sums(instruction).clip(*clamp))


def test_lines_are_found_for_nearly_all_scales():
    rng = np.random.default_rng(0)
    found = [linear_sum(add(tuple(rng.uniform(0.02, 0.2, 3)), tuple(rng.integers(-128, 128, 3)))) for _ in range(40)]
    assert sum(p is not None for p in found) >= 36


def test_halves_go_away_from_zero():
    found = linear_sum(add((0.1, 0.1, 0.2), (0, 0, 0)))
    assert [int(line(found)[128 + a, 128]) for a in (-3, -1, 1, 3)] == [-2, -1, 1, 2]


def names(shapes: tuple[tuple[int, ...], tuple[int, ...]]) -> list[str]:
    inputs = [("INT8", shape, 0.1, 3) for shape in shapes]
    return [op.name for op in convert(model("ADD", inputs, ("INT8", SHAPE, 0.15, 0), "AddOptions"), "x").operators]


def test_operands_of_one_size_are_added_by_a_line_and_broadcast_ones_are_not():
    assert names((SHAPE, SHAPE)) == ["ADD_INT8"]
    assert names((SHAPE, (1, 3, 1))) == ["ADD"]
