"""One-operator models for tests of operators that work element by element, and strategies for their numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder

# (type, shape, scale, zero point); scale None is no quantisation.
Described = tuple[str, tuple[int, ...], float | None, int]

SEEDS = st.integers(0, 2**32 - 1)
SCALES = st.floats(-3, 0.5).map(lambda power: float(np.float32(10**power)))
SCALES_BELOW_1 = st.floats(-3, -0.01).map(lambda power: float(np.float32(10**power)))
ZERO_POINTS = {"INT8": st.integers(-128, 127), "UINT8": st.integers(0, 255)}
EVERY_INT8 = np.arange(-128, 128).astype(np.int8)


def model(name: str, inputs: list[Described], output: Described, options: str = "", **fields: Any) -> bytes:
    """An operator between the inputs and the output of a model."""
    m = ModelBuilder()
    m.op(name, [m.input(*one) for one in inputs], [m.output(*output)], options, **fields)
    return m.build()


def quantised(kind: str, shape: tuple[int, ...], draw: Any, scales: Any = SCALES) -> Described:
    """A tensor with drawn quantisation parameters; none for types that are not quantised."""
    if kind not in ("INT8", "UINT8", "INT16"):
        return kind, shape, None, 0
    return kind, shape, draw(scales), draw(ZERO_POINTS[kind]) if kind in ZERO_POINTS else 0


@st.composite
def broadcast_shapes(draw: Any, count: int = 2) -> tuple[list[tuple[int, ...]], tuple[int, ...]]:
    """(shapes that broadcast, the shape that they broadcast to), up to six axes."""
    whole = draw(st.lists(st.integers(1, 4), max_size=6))
    shapes = []
    for _ in range(count):
        shape = [n if draw(st.booleans()) else 1 for n in whole]
        shapes.append(tuple(shape[draw(st.integers(0, len(shape))) if draw(st.booleans()) else 0 :]))
    return shapes, np.broadcast_shapes(*shapes)
