"""A model of a whole window becomes one that takes a few new frames a step and keeps what it needs of the others.

Of every tensor in time a step computes the last columns only; the ones before them, as far as a later operator reads
them, come from a variable and go back to it, moved on. Once a whole window has been heard the answers are exactly those
of the first model on a window that slides by as many frames, for every column is computed from the same numbers in the
same way. The idea is that of Rybakov et al., "Streaming keyword spotting on mobile devices", Interspeech 2020.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from smidgen.convert.timeline import Need, NotStreamable, Timeline, need_of
from smidgen.errors import ConvertError
from smidgen.graph import Graph, Op, Tensor

_STATEFUL = {"ASSIGN_VARIABLE", "CALL_ONCE", "READ_VARIABLE", "SVDF", "VAR_HANDLE"}


def stream(graph: Graph, hop: int) -> Graph:
    """The same model in steps of `hop` frames: input [1, hop, ...] instead of [1, frames, ...].

    Raises ConvertError that names every operator in the way, or when `hop` is not a multiple of `smallest_hop` and at
    most the window.
    """
    smallest, frames = smallest_hop(graph), window_of(graph)
    if hop < 1 or hop % smallest or hop > frames:
        raise ConvertError(
            graph.source, [f"cannot move on by {hop} frames; use a multiple of {smallest}, at most {frames}"]
        )
    return _Rewriting(graph, hop).graph()


def window_of(graph: Graph) -> int:
    """Frames of a whole window: what a stream must have heard before its answers count."""
    return graph.inputs[0].shape[1]


def smallest_hop(graph: Graph) -> int:
    """The fewest frames by which a stream can move on: a window's columns must fall on those of the one before.

    Raises ConvertError that names every operator in the way.
    """
    times, _ = _analysed(graph)
    return math.lcm(*(time.stride for time in times.values()))


def _analysed(graph: Graph) -> tuple[dict[int, Timeline], dict[int, Need]]:
    """The timeline of each tensor in time, by its index, and what each operator that reads one needs, by position."""
    problems: list[str] = []
    x = graph.inputs[0]
    if len(graph.inputs) != 1 or len(x.shape) < 3 or x.shape[0] != 1 or x.shape[1] < 2:
        problems.append(f"cannot be streamed: its input must be one window [1, frames, ...], not {x}")
    problems += [f"{op} cannot be streamed: it keeps a state already" for op in graph.ops if _is_stateful(op)]
    if problems:
        raise ConvertError(graph.source, problems)
    times, needs = {x.index: Timeline(x.shape[1], 1)}, {}
    for position, op in enumerate(graph.ops):
        known = {times[t.index] for t in op.inputs if t is not None and t.index in times}
        if not known:
            continue
        try:
            if len(known) > 1:
                raise NotStreamable("joins branches of different lengths or strides in time")
            (time,) = known
            need = needs[position] = need_of(op, time, times)
            times.update({t.index: need.out for t in op.outputs if need.out is not None})
        except NotStreamable as reason:
            problems.append(f"{op} cannot be streamed: it {reason}")
            times.update({t.index: Timeline(t.shape[1], 1) for t in op.outputs if len(t.shape) > 1})
    if problems:
        raise ConvertError(graph.source, problems)
    return times, needs


def _is_stateful(op: Op) -> bool:
    return op.name in _STATEFUL or any(t is not None and t.variable for t in op.inputs)


class _Rewriting:
    """The graph under construction. `tensors` holds the new one in place of each old one, by index."""

    def __init__(self, graph: Graph, hop: int):
        self.old, self.hop = graph, hop
        self.times, self.needs = _analysed(graph)
        self.tensors = [self._shortened(t) for t in graph.tensors]
        self.ops: list[Op] = []
        self.reach = self._reaches()
        self.seen: dict[int, Tensor] = {}

    def graph(self) -> Graph:
        """Run through the operators; each tensor in time is joined to what is kept of it as soon as it is there."""
        self._join(self.old.inputs[0].index)
        for position, op in enumerate(self.old.ops):
            operands = [t if t is None else self._operand(t, self.needs.get(position)) for t in op.inputs]
            results = [self.tensors[t.index] for t in op.outputs]
            if op.name == "STRIDED_SLICE" and op.outputs[0].index in self.times:  # its operand is cut already
                operands[1:] = self._bounds(0, results[0])
                op = replace(op, options={**op.options, **dict.fromkeys(_MASKS, 0)})
            self.ops.append(replace(op, inputs=operands, outputs=results))
            for tensor in op.outputs:
                self._join(tensor.index)
        inputs, outputs = ([self.tensors[t.index] for t in ends] for ends in (self.old.inputs, self.old.outputs))
        return Graph(self.old.source, self.tensors, self.ops, inputs, outputs, metadata=self.old.metadata)

    def _shortened(self, t: Tensor) -> Tensor:
        time = self.times.get(t.index)
        return t if time is None else replace(t, shape=(t.shape[0], time.new(self.hop), *t.shape[2:]))

    def _reaches(self) -> dict[int, int]:
        """The first column of each tensor in time that a step reads, by index."""
        reach: dict[int, int] = {}
        for position, need in self.needs.items():
            for tensor in self.old.ops[position].inputs:
                if tensor is not None and tensor.index in self.times:
                    first, _ = need.columns(self.times[tensor.index], self.hop)
                    reach[tensor.index] = min(first, reach.get(tensor.index, first))
        return reach

    def _kept(self, index: int) -> int:
        """Columns of a tensor that come from steps before."""
        time = self.times[index]
        newest = time.length - time.new(self.hop)
        return max(newest - self.reach.get(index, newest), 0)

    def _join(self, index: int) -> None:
        """Behind what was kept of a tensor comes what is new; the last of both is kept for the next step."""
        if index not in self.times:
            return
        new, kept = self.tensors[index], self._kept(index)
        self.seen[index] = new
        if not kept:
            return
        handle, old = self._new("RESOURCE", ()), self._like(new, kept)
        name = f"kept of tensor {index}".encode()
        both = self._like(new, kept + new.shape[1])
        self._emit("VAR_HANDLE", [], handle, container=b"", shared_name=name)
        self._emit("READ_VARIABLE", [handle], old)
        self._emit("CONCATENATION", [old, new], both, axis=1, fused_activation_function=0)
        self.ops.append(Op("ASSIGN_VARIABLE", len(self.ops), [handle, self._cut(both, new.shape[1], kept)], []))
        self.seen[index] = both

    def _operand(self, tensor: Tensor, need: Need | None) -> Tensor:
        """What an operator reads of a tensor: the columns that it needs."""
        time = self.times.get(tensor.index)
        if need is None or time is None:
            return self.tensors[tensor.index]
        first, end = need.columns(time, self.hop)
        seen = self.seen[tensor.index]
        return self._cut(seen, first - (time.length - seen.shape[1]), end - first)

    def _cut(self, tensor: Tensor, first: int, count: int) -> Tensor:
        """`count` columns of a tensor from `first` on."""
        if (first, count) == (0, tensor.shape[1]):
            return tensor
        part = self._like(tensor, count)
        self._emit("STRIDED_SLICE", [tensor, *self._bounds(first, part)], part, **dict.fromkeys(_MASKS, 0))
        return part

    def _bounds(self, first: int, part: Tensor) -> list[Tensor]:
        """Begin, end and strides of a STRIDED_SLICE that leaves `part`."""
        begin = [0, first, *[0] * (len(part.shape) - 2)]
        end = [a + n for a, n in zip(begin, part.shape, strict=True)]
        return [self._new("INT32", (len(v),), np.array(v, np.int32)) for v in (begin, end, [1] * len(begin))]

    def _like(self, tensor: Tensor, columns: int) -> Tensor:
        shape = (tensor.shape[0], columns, *tensor.shape[2:])
        new = replace(tensor, index=len(self.tensors), shape=shape)
        self.tensors.append(new)
        return new

    def _new(self, kind: str, shape: tuple[int, ...], data: np.ndarray | None = None) -> Tensor:
        none = np.zeros(0)
        tensor = Tensor(len(self.tensors), "", kind, shape, none.astype(np.float32), none.astype(np.int64), data=data)
        self.tensors.append(tensor)
        return tensor

    def _emit(self, name: str, inputs: list[Tensor], out: Tensor, **options: object) -> None:
        self.ops.append(Op(name, len(self.ops), [*inputs], [out], options))


_MASKS = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
