"""Run a graph with the definitions."""

from __future__ import annotations

from typing import Any

import numpy as np

from smidgen.graph import Graph, Op
from smidgen.reference import (
    binary,
    blocks,
    conv,
    conversion,
    log_softmax,
    moves,
    pool,
    real,
    recurrent,
    reduce,
    rescale,
    resize,
    shape,
    softmax,
    unary,
)
from smidgen.reference.table import DEFINITIONS
from smidgen.reference.variables import VARIABLE_OPS, Contents, default_contents, evaluate_variable

__all__ = ["DEFINITIONS", "Reference", "evaluate", "initial_contents"]

# Imported for what they define.
_FAMILIES = (
    binary,
    blocks,
    conv,
    conversion,
    log_softmax,
    moves,
    pool,
    real,
    recurrent,
    reduce,
    rescale,
    resize,
    shape,
    softmax,
    unary,
)


def evaluate(op: Op, values: list[np.ndarray | None]) -> list[np.ndarray]:
    """One operator without state. Raises KeyError when it has no definition."""
    return DEFINITIONS[op.name](op, *values)


def initial_contents(graph: Graph) -> Contents:
    """Every variable before the first inference: its default, unless a subgraph of a CALL_ONCE assigns it."""
    contents = default_contents([*graph.ops, *graph.initial])
    _execute(graph.initial, {}, contents)
    return contents


def _execute(ops: list[Op], values: dict[int, Any], contents: Contents) -> None:
    """Run `ops`; `values` by tensor index and the variables' `contents` change as they say."""
    for op in ops:
        operands = [None if t is None else t.data if t.data is not None else values[t.index] for t in op.inputs]
        stateful = op.name in VARIABLE_OPS
        results = evaluate_variable(op, operands, contents) if stateful else evaluate(op, operands)
        values.update((t.index, result) for t, result in zip(op.outputs, results, strict=True))


class Reference:
    """A graph with its state. `invoke` takes and gives values in each tensor's dtype and shape."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.reset()

    def reset(self) -> None:
        """Back to the state before the first inference."""
        self._contents = initial_contents(self.graph)
        self._state = {t.index: t.initial for t in self.graph.tensors if t.variable}

    def invoke(self, inputs: list[np.ndarray]) -> list[np.ndarray]:
        """One inference, which changes the state."""
        values = {t.index: t.data for t in self.graph.tensors if t.data is not None} | self._state
        for tensor, value in zip(self.graph.inputs, inputs, strict=True):
            values[tensor.index] = np.asarray(value).reshape(tensor.shape)
        _execute(self.graph.ops, values, self._contents)
        return [values[t.index] for t in self.graph.outputs]
