"""The axes at the end of an operator's parameters that say how it broadcasts or reduces (grid.h in the engine)."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from smidgen.convert.program import Instruction

INPUTS = 3
_AXIS = struct.Struct(f"<{1 + INPUTS}I")

# (elements, step in each input), of the outermost axis first. In elements.
Axis = tuple[int, ...]


def broadcast(shape: tuple[int, ...], inputs: Sequence[tuple[int, ...]]) -> list[Axis]:
    """The fewest axes that visit `shape` in order and in each input what broadcasting makes of it.

    Raises ValueError for inputs that do not broadcast to `shape`.
    """
    if np.broadcast_shapes(*inputs) != shape:
        raise ValueError(f"{list(inputs)} broadcast to another shape than {list(shape)}")
    steps = [_steps(shape, one) for one in inputs]
    return _fewest([(n, *(s[i] for s in steps)) for i, n in enumerate(shape)])


def reduction(shape: tuple[int, ...], along: tuple[int, ...]) -> tuple[list[Axis], list[Axis]]:
    """(axes of the output, axes that are reduced) of an input of `shape`."""
    steps = _steps(shape, shape)
    axes = [(n, steps[i]) for i, n in enumerate(shape)]
    return _fewest([a for i, a in enumerate(axes) if i not in along]), _fewest([axes[i] for i in along])


def trailer(axes: Sequence[Axis]) -> bytes:
    """The axes as the file holds them."""
    return b"".join(_AXIS.pack(*axis, *[0] * (1 + INPUTS - len(axis))) for axis in axes)


def positions(instruction: Instruction, operand: int) -> np.ndarray:
    """int64 [elements of the output]: where in an input each output's first element lies."""
    at = np.zeros(1, np.int64)
    axes = list(_AXIS.iter_unpack(instruction.trailer))[: instruction.params["rank"]]
    for extent, *steps in axes:
        at = (at[:, None] + np.arange(extent, dtype=np.int64) * steps[operand]).reshape(-1)
    return at


def _steps(shape: tuple[int, ...], one: tuple[int, ...]) -> list[int]:
    """Steps of an input of shape `one` along the axes of `shape`, 0 where it repeats."""
    one = (1,) * (len(shape) - len(one)) + one
    return [0 if n == 1 else int(np.prod(one[i + 1 :], dtype=np.int64)) for i, n in enumerate(one)]


def _fewest(axes: list[Axis]) -> list[Axis]:
    """Axes of one element left out, and neighbours joined that step alike; at least one axis."""
    kept: list[Axis] = []
    for extent, *steps in axes:
        if extent == 1:
            continue
        if kept and all(outer == extent * step for outer, step in zip(kept[-1][1:], steps, strict=True)):
            kept[-1] = (kept[-1][0] * extent, *steps)
        else:
            kept.append((extent, *steps))
    return kept or [(1,)]
