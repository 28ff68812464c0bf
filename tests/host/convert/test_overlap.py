"""How far outputs of operators over a grid may reach into their inputs, against a simulation byte by byte."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.convert import strides
from smidgen.convert.overlap import overlap_distance
from smidgen.convert.program import Instruction, Value
from tests.support.elementwise import broadcast_shapes

TYPES = {"INT8": 1, "INT16": 2, "INT32": 4}


def first_clobbered_read(reads: list[np.ndarray], distance: int, in_unit: int, out_unit: int) -> int | None:
    """The output element for which an input element is read that lies under an output already written."""
    for element, elements in enumerate(reads):
        written = element * out_unit - distance  # the end of what is written, from the input's start
        if (elements * in_unit < written).any() and element:
            return element
    return None


def add(shapes, out, in_kind, out_kind):
    axes = strides.broadcast(out, shapes)
    inputs = [Value(in_kind, shape) for shape in shapes]
    return Instruction("ADD", inputs, [Value(out_kind, out)], {"rank": len(axes)}, strides.trailer(axes))


@settings(max_examples=200, deadline=None)
@given(broadcast_shapes(), st.sampled_from(sorted(TYPES)), st.sampled_from(sorted(TYPES)))
def test_broadcast_operands_are_read_before_they_are_written_over(shapes, in_kind, out_kind):
    instruction = add(*shapes, in_kind, out_kind)
    for operand, shape in enumerate(shapes[0]):
        numbers = np.broadcast_to(np.arange(int(np.prod(shape))).reshape(shape), shapes[1]).reshape(-1)
        reads = [np.array([n]) for n in numbers]
        distance = overlap_distance(instruction, operand)
        assert first_clobbered_read(reads, distance, TYPES[in_kind], TYPES[out_kind]) is None
        if distance > 0:
            assert first_clobbered_read(reads, distance - 1, TYPES[in_kind], TYPES[out_kind]) is not None


@settings(max_examples=200, deadline=None)
@given(st.data(), st.lists(st.integers(1, 4), min_size=1, max_size=5), st.sampled_from(["INT8", "INT16"]))
def test_reduced_values_are_read_before_they_are_written_over(data, shape, kind):
    along = tuple(sorted(data.draw(st.sets(st.integers(0, len(shape) - 1), min_size=1))))
    kept, reduced = strides.reduction(tuple(shape), along)
    out = tuple(n for i, n in enumerate(shape) if i not in along)
    params = {"rank": len(kept), "reduced": len(reduced)}
    instruction = Instruction(
        "SUM", [Value(kind, tuple(shape))], [Value(kind, out)], params, strides.trailer([*kept, *reduced])
    )
    numbers = np.moveaxis(np.arange(int(np.prod(shape))).reshape(shape), along, range(len(along)))
    reads = list(numbers.reshape(-1, int(np.prod(out, dtype=int))).T)
    distance = overlap_distance(instruction, 0)
    assert first_clobbered_read(reads, distance, TYPES[kind], TYPES[kind]) is None
    if distance > 0:
        assert first_clobbered_read(reads, distance - 1, TYPES[kind], TYPES[kind]) is not None


def test_same_shapes_share_their_memory():
    instruction = add([(2, 3, 4), (2, 3, 4)], (2, 3, 4), "INT8", "INT8")
    assert [overlap_distance(instruction, i) for i in (0, 1)] == [0, 0]


@pytest.mark.parametrize("name", ["RESCALE", "DEQUANTIZE", "CAST"])
def test_wider_outputs_start_earlier_by_what_they_grow(name):
    instruction = Instruction(name, [Value("INT8", (10,))], [Value("INT32", (10,))])
    assert overlap_distance(instruction, 0) == 30


def test_shapes_that_do_not_broadcast_are_an_error():
    with pytest.raises(ValueError, match="broadcast to another shape"):
        strides.broadcast((2, 3), [(3,), (1, 3)])
