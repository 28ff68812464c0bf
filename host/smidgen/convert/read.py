"""`.tflite` bytes -> `Graph`, through the flatbuffer schema that the package `tflite` was generated from.

Flatbuffers are not checked by their Python reader: offsets in a malformed file point anywhere. Every access therefore
happens inside `read`, which turns whatever goes wrong into one ConvertError, and sizes are checked before arrays are
made.
"""

from __future__ import annotations

import re
import struct
from typing import Any

import numpy as np
import tflite

from smidgen.errors import ConvertError
from smidgen.graph import DTYPES, Graph, Op, Tensor
from smidgen.quantise import LIMITS

MAX_ELEMENTS = 1 << 24  # far above any microcontroller's memory, far below a laptop's


def _names(enum: type) -> dict[int, str]:
    return {value: name for name, value in vars(enum).items() if isinstance(value, int) and not name.startswith("_")}


TYPE_NAMES = _names(tflite.TensorType)
OPERATOR_NAMES = _names(tflite.BuiltinOperator)
OPTION_NAMES = _names(tflite.BuiltinOptions)


def read(content: bytes, source: str) -> Graph:
    """Parse a `.tflite` file's bytes. Raises ConvertError when it is not one, is damaged, or has no inputs or
    outputs."""
    if len(content) < 8 or content[4:8] != b"TFL3":
        raise ConvertError(source, ["not a .tflite file; export one with TensorFlow's converter"])
    try:
        return _Reader(content, source).graph()
    except ConvertError:
        raise
    except (
        struct.error,
        IndexError,
        ValueError,
        TypeError,
        AttributeError,
        KeyError,
        OverflowError,
        UnicodeDecodeError,
    ) as error:
        raise ConvertError(
            source, [f"the .tflite file is damaged ({type(error).__name__}); export it again"]
        ) from error


class _Reader:
    def __init__(self, content: bytes, source: str):
        self.content = content
        self.source = source
        self.model = tflite.Model.GetRootAsModel(content, 0)
        self.codes = [self._operator_name(self.model.OperatorCodes(i)) for i in range(self.model.OperatorCodesLength())]

    def graph(self) -> Graph:
        if not 1 <= self.model.SubgraphsLength() <= len(self.content):
            raise ConvertError(self.source, ["the file holds no graph"])
        main = self.model.Subgraphs(0)
        tensors = self._tensors(main)
        ops = self._ops(main, tensors)
        inputs = [tensors[i] for i in self._indices(main.InputsAsNumpy(), len(tensors))]
        outputs = [tensors[i] for i in self._indices(main.OutputsAsNumpy(), len(tensors))]
        if not inputs or not outputs:
            raise ConvertError(self.source, ["the graph has no inputs or no outputs"])
        return Graph(self.source, tensors, ops, inputs, outputs, self._initial(ops))

    def _initial(self, ops: list[Op]) -> list[Op]:
        found: list[Op] = []
        for op in ops:
            if op.name == "CALL_ONCE":
                index = op.options["init_subgraph_index"]
                if not 1 <= index < self.model.SubgraphsLength():
                    raise ConvertError(self.source, [f"{op} names a subgraph that is not there"])
                graph = self.model.Subgraphs(index)
                found += self._ops(graph, self._tensors(graph))
        return found

    def _tensors(self, graph: tflite.SubGraph) -> list[Tensor]:
        if graph.TensorsLength() > len(self.content):
            raise IndexError("tensor count")
        return [self._tensor(graph.Tensors(i), i) for i in range(graph.TensorsLength())]

    def _tensor(self, t: tflite.Tensor, index: int) -> Tensor:
        kind = TYPE_NAMES[t.Type()]
        shape = tuple(int(n) for n in self._array(t.ShapeAsNumpy()))
        name = (t.Name() or b"").decode()
        if any(n < 0 for n in shape) or int(np.prod([float(n) for n in shape])) > MAX_ELEMENTS:
            raise ConvertError(self.source, [f"tensor {index} '{name}' has the absurd shape {list(shape)}"])
        quantisation = t.Quantization()
        scale = self._array(quantisation.ScaleAsNumpy() if quantisation else 0).astype(np.float32)
        zero_point = self._array(quantisation.ZeroPointAsNumpy() if quantisation else 0).astype(np.int64)
        axis = quantisation.QuantizedDimension() if quantisation else 0
        if not _can_have(kind, scale, zero_point):
            raise ConvertError(self.source, [f"tensor {index} '{name}' is quantised as {kind} values cannot be"])
        data = self._constant(t, kind, shape, name)
        return Tensor(index, name, kind, shape, scale, zero_point, axis, data, bool(t.IsVariable()))

    def _constant(self, t: tflite.Tensor, kind: str, shape: tuple[int, ...], name: str) -> np.ndarray | None:
        if not 0 <= t.Buffer() < self.model.BuffersLength():
            raise IndexError("buffer")
        content = self._array(self.model.Buffers(t.Buffer()).DataAsNumpy())
        if content.size == 0 or kind not in DTYPES:
            return None
        raw = content.astype(np.uint8).tobytes()
        count = int(np.prod(shape))
        if kind == "INT4":
            packed = np.frombuffer(raw, np.uint8)
            values = np.stack([packed & 15, packed >> 4], axis=1).reshape(-1)[:count].astype(np.int8)
            data = np.where(values > 7, values - 16, values).astype(np.int8)
        else:
            data = (
                np.frombuffer(raw, np.dtype(DTYPES[kind]).newbyteorder("<"), count)
                if count
                else np.zeros(0, DTYPES[kind])
            )
        if data.size != count:
            raise ConvertError(self.source, [f"tensor '{name}' has {data.size} values for the shape {list(shape)}"])
        return data.reshape(shape)

    def _ops(self, graph: tflite.SubGraph, tensors: list[Tensor]) -> list[Op]:
        if graph.OperatorsLength() > len(self.content):
            raise IndexError("operator count")
        return [self._op(graph.Operators(i), i, tensors) for i in range(graph.OperatorsLength())]

    def _op(self, op: tflite.Operator, index: int, tensors: list[Tensor]) -> Op:
        inputs = [None if i == -1 else tensors[self._index(i, len(tensors))] for i in self._array(op.InputsAsNumpy())]
        outputs = [tensors[i] for i in self._indices(op.OutputsAsNumpy(), len(tensors))]
        return Op(self.codes[op.OpcodeIndex()], index, inputs, outputs, _options(op))

    def _indices(self, values: Any, limit: int) -> list[int]:
        return [self._index(i, limit) for i in self._array(values)]

    @staticmethod
    def _index(value: int, limit: int) -> int:
        if not 0 <= value < limit:
            raise IndexError("tensor index")
        return int(value)

    @staticmethod
    def _array(values: Any) -> np.ndarray:
        """The generated reader gives 0 for an absent vector."""
        return values if isinstance(values, np.ndarray) else np.zeros(0, np.int64)

    def _operator_name(self, code: tflite.OperatorCode) -> str:
        value = max(code.BuiltinCode(), code.DeprecatedBuiltinCode())
        if OPERATOR_NAMES.get(value) == "CUSTOM":
            return f"custom operator {(code.CustomCode() or b'?').decode()}"
        return OPERATOR_NAMES.get(value, f"operator {value}")


def _can_have(kind: str, scale: np.ndarray, zero_point: np.ndarray) -> bool:
    """Are these quantisation parameters that a tensor of this type can have?"""
    low, high = LIMITS.get(kind, (-np.inf, np.inf))
    return bool(np.isfinite(scale).all() and (scale >= 0).all() and ((low <= zero_point) & (zero_point <= high)).all())


def _options(op: tflite.Operator) -> dict[str, Any]:
    """Every scalar and vector field of the operator's option table, by snake_case name."""
    kind = OPTION_NAMES[op.BuiltinOptionsType()]
    union = op.BuiltinOptions()
    if kind == "NONE" or union is None:
        return {}
    table = getattr(tflite, kind)()
    table.Init(union.Bytes, union.Pos)
    options = {}
    for name in dir(table):
        if (
            name == "Init"
            or name.startswith(("_", "GetRootAs"))
            or name.endswith(("Length", "IsNone", "BufferHasIdentifier"))
        ):
            continue
        if name.endswith("AsNumpy"):
            values = getattr(table, name)()
            options[_snake(name.removesuffix("AsNumpy"))] = values.tolist() if isinstance(values, np.ndarray) else []
        elif not hasattr(table, name + "AsNumpy"):
            options[_snake(name)] = getattr(table, name)()
    return options


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
