"""Instructions that need not run: those that nobody reads, and copies.

A COPY of a run of bytes is needless when source and destination can be the same memory: the parts of a concatenation
are computed where they belong, a slice is a view, a variable is read in place. Two values may share memory when no
write to one of them is ever seen through the other. The rules are per run of bytes, so that views beside each other do
not disturb.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smidgen.convert.accesses import BEFORE_ALL, Accesses, Run, copied_run
from smidgen.convert.grid import Grid
from smidgen.convert.program import Instruction, Program, Value

MAX_TRIALS = 64


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
    order = program.instructions
    elisions, idle = _find(program)

    def size_with(applied: set[_Elision]) -> int:
        for elision in elisions:
            elision.apply(elision in applied)
        gone = idle | {id(elision.copy) for elision in applied}
        program.instructions = [instruction for instruction in order if id(instruction) not in gone]
        return arena_size(program)

    size_with(_choose(elisions, size_with, _floor(program)))


def _floor(program: Program) -> int:
    """No arena is smaller than its largest value."""
    values = [value for i in program.instructions for value in [*i.inputs, *i.outputs] if _is_scratch(value.root)]
    return max((value.nbytes for value in values), default=0)


def _choose(elisions: list[_Elision], size_with: Callable[[set[_Elision]], int], floor: int) -> set[_Elision]:
    """The elisions that make the arena small: from all of them downwards, and from none upwards. Any subset of all is
    safe: without one, memory is shared less and for a shorter time."""
    chosen, tried = set(elisions), elisions[-MAX_TRIALS:]
    smallest = size_with(chosen)
    if smallest <= floor:
        return chosen
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


def _find(program: Program) -> tuple[list[_Elision], set[int]]:
    """(elisions that are safe together, and applied; identities of COPYs that move bytes to where they are)."""
    accesses = Accesses(program)
    found, idle = [], set()
    for step, copy in enumerate(program.instructions):
        if copy.name != "COPY" or not Grid.of(copy).is_contiguous:
            continue
        source, target = copied_run(copy, writes=False), copied_run(copy, writes=True)
        elision = None if source.root is target.root else _sharing(accesses, step, copy, source, target)
        if elision is not None:
            elision.apply(True)
            found.append(elision)
        elif source == target:
            idle.add(id(copy))
        else:
            continue
        accesses.forget(step, source.root, target.root)
        if elision is not None:
            accesses.move(elision.view, elision.base, elision.offset)
    return found, idle


def _sharing(accesses: Accesses, step: int, copy: Instruction, source: Run, target: Run) -> _Elision | None:
    """One of the two as a view of the other, if that is safe."""
    if _is_view(accesses, step, source, target):
        return _Elision(copy, target.root, source.root, source.low)
    if _is_part(accesses, step, source, target):
        return _Elision(copy, source.root, target.root, target.low)
    return None


def _is_view(accesses: Accesses, step: int, source: Run, target: Run) -> bool:
    """May the target be a view of the source? It is written by this COPY alone, and the source stays as it is while the
    target is read."""
    if not target.is_whole or not _is_scratch(target.root):
        return False
    others = [a for a in accesses.of(target.root) if a.step != step]
    last = max((a.step for a in others), default=step)
    changed = any(a.writes and step < a.step <= last and a.meets(source) for a in accesses.of(source.root))
    return not changed and not any(a.writes for a in others)


def _is_part(accesses: Accesses, step: int, source: Run, target: Run) -> bool:
    """May the source be computed in the target at once? Nothing else touches that place between the source's first
    write and this COPY, and nothing writes there while the source is still read."""
    if not source.is_whole or not _is_scratch(source.root):
        return False
    steps = [a.step for a in accesses.of(source.root)]
    first, last = min(steps), max(steps)
    if first == BEFORE_ALL and not _is_scratch(target.root):
        return False  # the caller writes inputs into the arena, and only there
    others = [a for a in accesses.of(target.root) if a.meets(target) and a.step != step]
    return not any(first <= a.step < step or (a.writes and step < a.step <= last) for a in others)


def _is_scratch(root: Value) -> bool:
    return root.data is None and root.initial is None
