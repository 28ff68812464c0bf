"""The parameters of a COPY: which elements go where."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from smidgen.convert.program import Instruction

MAX_RANK = 6
_AXIS = struct.Struct("<Iii")

# (elements, step in the source, step in the destination); the outermost axis comes first in a grid.
Axis = tuple[int, int, int]


@dataclass(frozen=True)
class Grid:
    """out[dst + i * dst_steps] = in[src + i * src_steps], i over all axes. In elements."""

    src: int
    dst: int
    axes: tuple[Axis, ...]

    @classmethod
    def of(cls, instruction: Instruction) -> Grid:
        """What a COPY instruction does."""
        return cls(instruction.params["src"], instruction.params["dst"], tuple(_AXIS.iter_unpack(instruction.trailer)))

    @property
    def trailer(self) -> bytes:
        return b"".join(_AXIS.pack(*axis) for axis in self.axes)

    @property
    def is_contiguous(self) -> bool:
        """One run of neighbours to one run of neighbours, in order."""
        return len(self.axes) == 1 and self.axes[0] in ((1, 0, 0), (self.axes[0][0], 1, 1))

    @property
    def elements(self) -> int:
        return int(np.prod([extent for extent, _, _ in self.axes], dtype=np.int64))

    def positions(self) -> tuple[np.ndarray, np.ndarray]:
        """(sources, destinations), int64 [lines, elements of the innermost axis], in the order of the engine."""
        source, target = np.full(1, self.src, np.int64), np.full(1, self.dst, np.int64)
        for extent, src_step, dst_step in self.axes:
            steps = np.arange(extent, dtype=np.int64)
            source = (source[:, None] + steps * src_step).reshape(-1)
            target = (target[:, None] + steps * dst_step).reshape(-1)
        line = self.axes[-1][0]
        return source.reshape(-1, line), target.reshape(-1, line)


def factor(source: np.ndarray, target: np.ndarray) -> Grid | None:
    """The grid that visits these pairs of positions in this order, or None when none of at most six axes does.

    From the innermost axis outwards: an axis ends where the step changes, which for a grid can only be at an axis' end.
    """
    first, axes = (int(source[0]), int(target[0])), []
    while source.size > 1:
        steps = np.stack([np.diff(source), np.diff(target)])
        changes = np.flatnonzero((steps != steps[:, :1]).any(axis=0))
        extent = int(changes[0]) + 1 if changes.size else source.size
        if source.size % extent:
            return None
        step = steps[:, 0]
        along = np.arange(extent)
        for positions, by in zip((source, target), step, strict=True):
            if (positions.reshape(-1, extent) != positions[::extent, None] + along * by).any():
                return None
        axes.append((extent, int(step[0]), int(step[1])))
        source, target = source[::extent], target[::extent]
    return Grid(*first, tuple(reversed(axes or [(1, 0, 0)]))) if len(axes) <= MAX_RANK else None
