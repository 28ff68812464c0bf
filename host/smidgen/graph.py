"""A TensorFlow Lite model as plain Python: what `convert.read` makes, `reference` runs and `convert` lowers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

# Element types of the .smg format in NumPy; INT4 values are held unpacked.
DTYPES = {
    "INT8": np.int8,
    "UINT8": np.uint8,
    "INT16": np.int16,
    "INT32": np.int32,
    "INT64": np.int64,
    "FLOAT32": np.float32,
    "BOOL": np.bool_,
    "INT4": np.int8,
}


@dataclass
class Tensor:
    """A tensor of the graph. `type` is a name of the .smg format (INT8, ...) or TFLite's own when that has no such
    type.

    shape: sizes, empty for a scalar. scale: float32 [n] and zero_point: int64 [n], with n 1 for per-tensor and the size
    of axis `axis` for per-channel quantisation, n 0 when the tensor is not quantised. data: the constant's values in
    the type's dtype and `shape` (INT4: int8 values, unpacked), None when it is computed. variable: an operator keeps
    its state here.
    """

    index: int
    name: str
    type: str
    shape: tuple[int, ...]
    scale: np.ndarray
    zero_point: np.ndarray
    axis: int = 0
    data: np.ndarray | None = None
    variable: bool = False

    @property
    def initial(self) -> np.ndarray:
        """A variable tensor before the first inference: the zero point when it is INT8, else 0 (TFLM:
        ResetTensorData)."""
        return np.full(self.shape, self.zp if self.type == "INT8" else 0, DTYPES[self.type])

    @property
    def zp(self) -> int:
        """The zero point of a per-tensor quantised tensor; 0 when it is not quantised."""
        return int(self.zero_point[0]) if self.zero_point.size else 0

    @property
    def s(self) -> np.float32:
        """The scale of a per-tensor quantised tensor; 0 when it is not quantised."""
        return np.float32(self.scale[0]) if self.scale.size else np.float32(0)

    def __str__(self) -> str:
        return f"'{self.name}' ({self.type} {list(self.shape)})"


@dataclass
class Op:
    """An operator. `options` holds the fields of its flatbuffer table by snake_case name; absent optional inputs are
    None."""

    name: str
    index: int
    inputs: list[Tensor | None]
    outputs: list[Tensor]
    options: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        where = f" -> {self.outputs[0]}" if self.outputs else ""
        return f"{self.name} (operator {self.index}{where})"


@dataclass
class Graph:
    """A model. `ops` run in order; `initial` are the ops of the subgraphs that CALL_ONCE names, run before the first
    inference."""

    source: str
    tensors: list[Tensor]
    ops: list[Op]
    inputs: list[Tensor]
    outputs: list[Tensor]
    initial: list[Op] = field(default_factory=list)
    metadata: dict[str, bytes] = field(default_factory=dict)
