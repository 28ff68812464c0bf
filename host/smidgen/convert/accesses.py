"""Which bytes of a program's values are written and read when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from smidgen import _format as fmt
from smidgen.convert.grid import Grid
from smidgen.convert.program import Instruction, Program, Value

BEFORE_ALL = -1  # the step at which the caller writes the inputs; after the last instruction it reads the outputs


@dataclass(frozen=True)
class Run:
    """Bytes from `low` to before `high` of a root value."""

    root: Value
    low: int
    high: int

    @property
    def is_whole(self) -> bool:
        return (self.low, self.high) == (0, self.root.nbytes)


@dataclass(frozen=True)
class Access:
    """Instruction `step` reads or writes the bytes from `low` to before `high` of a root value."""

    step: int
    low: int
    high: int
    writes: bool

    def meets(self, run: Run) -> bool:
        return self.low < run.high and run.low < self.high


class Accesses:
    """All accesses by root value. `move` keeps them true when a root value becomes a view."""

    def __init__(self, program: Program):
        self._by_root: dict[Value, list[Access]] = defaultdict(list)
        for value in program.inputs:
            self._add(BEFORE_ALL, _whole(value), True)
        for step, instruction in enumerate(program.instructions):
            for values, writes in ((instruction.inputs, False), (instruction.outputs, True)):
                for value in values:
                    copies = instruction.name == "COPY"
                    self._add(step, copied_run(instruction, writes) if copies else _whole(value), writes)
        for value in program.outputs:
            self._add(len(program.instructions), _whole(value), False)

    def _add(self, step: int, run: Run, writes: bool) -> None:
        self._by_root[run.root].append(Access(step, run.low, run.high, writes))

    def of(self, root: Value) -> list[Access]:
        """Those of a root value."""
        return self._by_root[root]

    def forget(self, step: int, *roots: Value) -> None:
        """Instruction `step`, which accesses `roots`, is no more."""
        for root in roots:
            self._by_root[root] = [a for a in self._by_root[root] if a.step != step]

    def move(self, view: Value, base: Value, offset: int) -> None:
        """The root value `view` now lies in the root value `base`, `offset` bytes from its start."""
        moved = self._by_root.pop(view)
        self._by_root[base] += [Access(a.step, a.low + offset, a.high + offset, a.writes) for a in moved]


def _whole(value: Value) -> Run:
    return Run(value.root, value.root_offset, value.root_offset + value.nbytes)


def copied_run(copy: Instruction, writes: bool) -> Run:
    """The run that a COPY writes, or reads, from the first byte to the last."""
    value = copy.outputs[0] if writes else copy.inputs[0]
    grid, unit = Grid.of(copy), fmt.TYPE_BYTES[value.type]
    spans = [(extent - 1) * (dst_step if writes else src_step) for extent, src_step, dst_step in grid.axes]
    first = grid.dst if writes else grid.src
    low, high = first + sum(min(s, 0) for s in spans), first + sum(max(s, 0) for s in spans) + 1
    return Run(value.root, value.root_offset + low * unit, value.root_offset + high * unit)
