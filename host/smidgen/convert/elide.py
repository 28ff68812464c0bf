"""Copies that need not be made.

A COPY of a run of bytes is needless when source and destination can be the same memory: the parts of a concatenation
are computed where they belong, a slice is a view, a variable is read in place. Two values may share memory when no
write to one of them is ever seen through the other. The rules are per run of bytes, so that views beside each other do
not disturb.
"""

from __future__ import annotations

from dataclasses import dataclass

from smidgen import _format as fmt
from smidgen.convert.grid import Grid
from smidgen.convert.program import Instruction, Program, Value

BEFORE_ALL = -1  # the step at which the caller writes the inputs


@dataclass(frozen=True)
class _Run:
    """Bytes from `low` to before `high` of a root value."""

    root: Value
    low: int
    high: int

    @property
    def is_whole(self) -> bool:
        return (self.low, self.high) == (0, self.root.nbytes)

    def meets(self, other: _Run) -> bool:
        return self.root is other.root and self.low < other.high and other.low < self.high


@dataclass(frozen=True)
class _Access:
    """Instruction `step` reads or writes a run."""

    step: int
    run: _Run
    writes: bool


def elide(program: Program) -> None:
    """Take out every needless COPY; values become views instead."""
    for copy in [i for i in program.instructions if i.name == "COPY" and Grid.of(i).is_contiguous]:
        source, target = _copied(copy, copy.inputs[0], writes=False), _copied(copy, copy.outputs[0], writes=True)
        if source == target or _share(program, copy, source, target):
            program.instructions.remove(copy)


def _share(program: Program, copy: Instruction, source: _Run, target: _Run) -> bool:
    """Make one of the two a view of the other, if that is safe."""
    accesses = _accesses(program)
    step = program.instructions.index(copy)
    if source.root is target.root:
        return False
    if _is_view(accesses, step, source, target):
        target.root.base, target.root.offset = source.root, source.low
    elif _is_part(accesses, step, source, target):
        source.root.base, source.root.offset = target.root, target.low
    else:
        return False
    return True


def _is_view(accesses: list[_Access], step: int, source: _Run, target: _Run) -> bool:
    """May the target be a view of the source? It is written by this COPY alone, and the source stays as it is while the
    target is read."""
    if not target.is_whole or not _is_scratch(target.root):
        return False
    others = [a for a in accesses if a.run.root is target.root and a.step != step]
    last = max((a.step for a in others), default=step)
    changed = any(a.writes and step < a.step <= last and a.run.meets(source) for a in accesses)
    return not changed and not any(a.writes for a in others)


def _is_part(accesses: list[_Access], step: int, source: _Run, target: _Run) -> bool:
    """May the source be computed in the target at once? Nothing else touches that place between the source's first
    write and this COPY, and nothing writes there while the source is still read."""
    if not source.is_whole or not _is_scratch(source.root):
        return False
    own = [a for a in accesses if a.run.root is source.root]
    first, last = min(a.step for a in own), max(a.step for a in own)
    if first == BEFORE_ALL and not _is_scratch(target.root):
        return False  # the caller writes inputs into the arena, and only there
    others = [a for a in accesses if a.run.meets(target) and a.step != step]
    return not any(first <= a.step < step or (a.writes and step < a.step <= last) for a in others)


def _is_scratch(root: Value) -> bool:
    return root.data is None and root.initial is None


def _accesses(program: Program) -> list[_Access]:
    found = [_Access(BEFORE_ALL, _whole(value), True) for value in program.inputs]
    for step, instruction in enumerate(program.instructions):
        for values, writes in ((instruction.inputs, False), (instruction.outputs, True)):
            for value in values:
                copies = instruction.name == "COPY"
                run = _copied(instruction, value, writes) if copies else _whole(value)
                found.append(_Access(step, run, writes))
    found += [_Access(len(program.instructions), _whole(value), False) for value in program.outputs]
    return found


def _whole(value: Value) -> _Run:
    return _Run(value.root, value.root_offset, value.root_offset + value.nbytes)


def _copied(copy: Instruction, value: Value, writes: bool) -> _Run:
    """The run that a COPY touches, from the first byte to the last."""
    grid, unit = Grid.of(copy), fmt.TYPE_BYTES[value.type]
    spans = [(extent - 1) * (dst_step if writes else src_step) for extent, src_step, dst_step in grid.axes]
    first = grid.dst if writes else grid.src
    low, high = first + sum(min(s, 0) for s in spans), first + sum(max(s, 0) for s in spans) + 1
    return _Run(value.root, value.root_offset + low * unit, value.root_offset + high * unit)
