"""Instructions that need not run: those that nobody reads, and copies.

A COPY of a run of bytes is needless when source and destination can be the same memory: the parts of a concatenation
are computed where they belong, a slice is a view, a variable is read in place. Two values may share memory when no
write to one of them is ever seen through the other. The rules are per run of bytes, so that views beside each other do
not disturb.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smidgen import _format as fmt
from smidgen.convert.grid import Grid
from smidgen.convert.program import Instruction, Program, Value

MAX_TRIALS = 64
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


@dataclass(frozen=True)
class _Elision:
    """A COPY that need not be made, for the root value `view` can be a view of `base`, `offset` bytes into it."""

    copy: Instruction
    view: Value
    base: Value
    offset: int

    def apply(self, applied: bool) -> None:
        self.view.base, self.view.offset = (self.base, self.offset) if applied else (None, 0)


def drop_unread(program: Program) -> None:
    """Take out the instructions whose results nobody reads."""
    needed = {value.root for value in program.outputs}
    kept = []
    for instruction in reversed(program.instructions):
        if any(value.root in needed or value.root.initial is not None for value in instruction.outputs):
            kept.append(instruction)
            needed.update(value.root for value in instruction.inputs)
    program.instructions = kept[::-1]


def elide(program: Program, arena_size: Callable[[Program], int]) -> None:
    """Take out needless COPYs; values become views instead. A view keeps all of the memory that it lies in alive, so a
    COPY stays where `arena_size` of the program is smaller with it."""
    order = list(program.instructions)
    elisions = _elide_all(program)
    needless = [i for i in order if i not in program.instructions and all(i is not e.copy for e in elisions)]

    def size_with(applied: set[_Elision]) -> int:
        for elision in elisions:
            elision.apply(elision in applied)
        gone = {*map(id, needless), *(id(e.copy) for e in applied)}
        program.instructions = [i for i in order if id(i) not in gone]
        return arena_size(program)

    size_with(_choose(elisions, size_with))


def _choose(elisions: list[_Elision], size_with: Callable[[set[_Elision]], int]) -> set[_Elision]:
    """The elisions that make the arena small: from all of them downwards, and from none upwards. Any subset of all is
    safe: without one, memory is shared less and for a shorter time."""
    chosen, tried = set(elisions), elisions[-MAX_TRIALS:]
    smallest = size_with(chosen)
    for elision in reversed(tried):
        size = size_with(chosen - {elision})
        if size < smallest:
            smallest, chosen = size, chosen - {elision}
    fewer = set(elisions) - set(tried)
    size = size_with(fewer)
    for elision in tried:
        larger = size_with(fewer | {elision})
        if larger <= size:
            size, fewer = larger, fewer | {elision}
    return fewer if size < smallest else chosen


def _elide_all(program: Program) -> list[_Elision]:
    done = []
    for copy in [i for i in program.instructions if i.name == "COPY" and Grid.of(i).is_contiguous]:
        source, target = _copied(copy, copy.inputs[0], writes=False), _copied(copy, copy.outputs[0], writes=True)
        elision = None if source.root is target.root else _sharing(program, copy, source, target)
        if elision is not None:
            elision.apply(True)
            done.append(elision)
        if elision is not None or source == target:
            program.instructions.remove(copy)
    return done


def _sharing(program: Program, copy: Instruction, source: _Run, target: _Run) -> _Elision | None:
    """One of the two as a view of the other, if that is safe."""
    accesses = _accesses(program)
    step = program.instructions.index(copy)
    if _is_view(accesses, step, source, target):
        return _Elision(copy, target.root, source.root, source.low)
    if _is_part(accesses, step, source, target):
        return _Elision(copy, source.root, target.root, target.low)
    return None


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
