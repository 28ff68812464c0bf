"""The table of definitions, apart from the modules that fill it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from smidgen.graph import DTYPES, Op, Tensor

Definition = Callable[..., list[np.ndarray]]
DEFINITIONS: dict[str, Definition] = {}


def defines(*names: str) -> Callable[[Definition], Definition]:
    """Enter `definition(op, *input_values) -> [output_values]` under TFLite operator names."""

    def enter(definition: Definition) -> Definition:
        for name in names:
            DEFINITIONS[name] = definition
        return definition

    return enter


def operand(op: Op, i: int = 0) -> Tensor:
    """Input `i` of an operator that cannot do without it."""
    tensor = op.inputs[i]
    if tensor is None:
        raise ValueError(f"{op} lacks its input {i}")
    return tensor


def clamped(op: Op, x: np.ndarray, low: int, high: int) -> list[np.ndarray]:
    """`x` clamped, in the dtype and shape of the operator's first output."""
    out = op.outputs[0]
    return [np.clip(x, low, high).astype(DTYPES[out.type]).reshape(out.shape)]
