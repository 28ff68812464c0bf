"""Run a graph with the definitions."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Graph, Op
from smidgen.reference import conv, pool, shape, softmax
from smidgen.reference.table import DEFINITIONS

__all__ = ["DEFINITIONS", "Reference", "evaluate"]

_FAMILIES = (conv, pool, shape, softmax)  # imported for what they define


def evaluate(op: Op, values: list[np.ndarray | None]) -> list[np.ndarray]:
    """One operator. Raises KeyError when it has no definition."""
    return DEFINITIONS[op.name](op, *values)


class Reference:
    """A graph with its state. `invoke` takes and gives values in each tensor's dtype and shape."""

    def __init__(self, graph: Graph):
        self.graph = graph

    def invoke(self, inputs: list[np.ndarray]) -> list[np.ndarray]:
        values = {t.index: t.data for t in self.graph.tensors if t.data is not None}
        for tensor, value in zip(self.graph.inputs, inputs, strict=True):
            values[tensor.index] = np.asarray(value).reshape(tensor.shape)
        for op in self.graph.ops:
            results = evaluate(op, [None if t is None else values[t.index] for t in op.inputs])
            values.update((t.index, result) for t, result in zip(op.outputs, results, strict=True))
        return [values[t.index] for t in self.graph.outputs]
