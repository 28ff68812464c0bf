"""The memory planner: where every computed value lies in the arena.

Two values may share bytes when they are never alive together. Beyond that, an operator that consumes its input in
raster order may write over it: its output may start `distance` bytes or more before its input (`overlap.py` computes
the distance from the operator's geometry), so that a 1x1 convolution needs the larger of its two sides rather than
their sum. Finding the best offsets is NP-hard; the planner places values greedily in several orders and keeps the best,
deterministically.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from smidgen.convert.overlap import overlap_distance
from smidgen.convert.program import Instruction, Program, Value

ALIGNMENT = 8
RESTARTS = 200


@dataclass
class Plan:
    """Offsets in bytes of root values: `arena` of computed ones, `state` of those kept between inferences, in order."""

    arena: dict[Value, int]
    state: dict[Value, int]
    size: int


@dataclass(eq=False)
class _Buffer:
    """A root value's life: from instruction `first` that writes it to instruction `last` that reads it."""

    value: Value
    size: int
    first: int
    last: int
    # Buffers that this one may begin before, by at least so many bytes, although both are alive in one instruction.
    may_precede: dict[_Buffer, int] = field(default_factory=dict)


def plan(program: Program, restarts: int = RESTARTS) -> Plan:
    """Place everything. The arena's size is exact. restarts: further orders to try, each near the best so far."""
    buffers = _lifetimes(program)
    for step, instruction in enumerate(program.instructions):
        _allow_overlap(instruction, step, buffers)
    offsets = _place(list(buffers.values()), restarts)
    size = max((offset + buffer.size for buffer, offset in offsets.items()), default=0)
    return Plan({buffer.value: offset for buffer, offset in offsets.items()}, _state(program), size)


def _lifetimes(program: Program) -> dict[Value, _Buffer]:
    buffers: dict[Value, _Buffer] = {}

    def touch(value: Value, step: int) -> None:
        root = value.root
        if root.data is None and root.initial is None:
            buffer = buffers.setdefault(root, _Buffer(root, root.nbytes, step, step))
            buffer.last = step

    for value in program.inputs:
        touch(value, -1)
    for step, instruction in enumerate(program.instructions):
        for value in [*instruction.inputs, *instruction.outputs]:
            touch(value, step)
    for value in program.outputs:
        touch(value, len(program.instructions))
    return buffers


def _allow_overlap(instruction: Instruction, step: int, buffers: dict[Value, _Buffer]) -> None:
    for out in instruction.outputs:
        for i, value in enumerate(instruction.inputs):
            source, target = buffers.get(value.root), buffers.get(out.root)
            if source is None or target is None or source is target:
                continue
            read_twice = sum(v.root is value.root for v in instruction.inputs) > 1
            if source.last != step or target.first != step or read_twice:
                continue
            distance = overlap_distance(instruction, i)
            if distance is not None:
                # Both may be views: shift from the views' starts to their roots'.
                target.may_precede[source] = distance + out.root_offset - value.root_offset


# Orders of placement that do well by turns. Where an output may overlap its input it comes to lie below it, and buffers
# are placed as low as possible: the later ones should go first.
ORDERS: list[Callable[[_Buffer], tuple[int, ...]]] = [
    lambda b: (-b.size, b.first),
    lambda b: (b.first, -b.size),
    lambda b: (-b.last, -b.size),
    lambda b: (-b.size, -b.first),
    lambda b: (b.first - b.last, -b.first),
]


def _place(buffers: list[_Buffer], restarts: int) -> dict[_Buffer, int]:
    rng = random.Random(0)
    neighbours = {buffer: _neighbours(buffer, buffers) for buffer in buffers}
    orders = [sorted(buffers, key=key) for key in ORDERS]
    best_order = orders[0]
    best: dict[_Buffer, int] = {}
    best_size = None
    floor = max((b.size for b in buffers), default=0)  # no plan is smaller than the largest buffer
    for attempt in range(len(orders) + restarts):
        order = orders[attempt] if attempt < len(orders) else _shuffled(best_order, rng)
        offsets = _greedy(order, neighbours)
        size = max((offset + b.size for b, offset in offsets.items()), default=0)
        if best_size is None or size <= best_size:
            best, best_size, best_order = offsets, size, order
        if best_size <= floor:
            break
    return best


def _shuffled(order: list[_Buffer], rng: random.Random) -> list[_Buffer]:
    """A neighbour of `order`: a few buffers moved."""
    order = list(order)
    for _ in range(rng.randint(1, 3)):
        order.insert(rng.randrange(len(order)), order.pop(rng.randrange(len(order))))
    return order


def _neighbours(buffer: _Buffer, buffers: list[_Buffer]) -> list[tuple[_Buffer, int, int]]:
    """(other, low, high) for each buffer that is alive together with this one, which must not lie strictly between
    `low` and `high` bytes behind the other."""
    found = []
    for other in buffers:
        if other is not buffer and other.first <= buffer.last and buffer.first <= other.last:
            low, high = -buffer.size, other.size
            if other in buffer.may_precede:
                low = max(low, -buffer.may_precede[other])
            if buffer in other.may_precede:
                high = min(high, other.may_precede[buffer])
            found.append((other, low, high))
    return found


def _greedy(order: list[_Buffer], neighbours: dict[_Buffer, list[tuple[_Buffer, int, int]]]) -> dict[_Buffer, int]:
    """Each buffer in turn at the lowest offset that the ones before it leave."""
    offsets: dict[_Buffer, int] = {}
    for buffer in order:
        forbidden = [(offsets[o] + low, offsets[o] + high) for o, low, high in neighbours[buffer] if o in offsets]
        offset = 0
        for low, high in sorted(forbidden):
            if low < offset < high:
                offset = -(-high // ALIGNMENT) * ALIGNMENT
        offsets[buffer] = offset
    return offsets


def _state(program: Program) -> dict[Value, int]:
    offsets: dict[Value, int] = {}
    end = 0
    for instruction in program.instructions:
        for value in [*instruction.inputs, *instruction.outputs]:
            root = value.root
            if root.initial is not None and root not in offsets:
                offsets[root] = end
                end += -(-root.nbytes // ALIGNMENT) * ALIGNMENT
    return offsets
