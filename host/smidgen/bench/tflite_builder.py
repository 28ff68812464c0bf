"""Write small .tflite files without TensorFlow.

    m = ModelBuilder()
    x = m.input("INT8", (1, 8), scale=0.5, zero_point=3)
    y = m.output("INT8", (1, 8), scale=0.25, zero_point=-7)
    m.op("LOGISTIC", [x], [y])
    content = m.build()

Options are given by the schema's field names: m.op("CONV_2D", ..., options="Conv2DOptions", padding=0, strideH=1, ...).
"""

from __future__ import annotations

from typing import Any

import flatbuffers
import numpy as np
from ai_edge_litert import schema_py_generated as schema

DTYPES: dict[str, Any] = {"INT8": np.int8, "UINT8": np.uint8, "INT16": np.int16, "INT32": np.int32, "INT64": np.int64}
DTYPES |= {"FLOAT32": np.float32, "BOOL": np.bool_}


class ModelBuilder:
    """One subgraph (add more with `subgraph`); tensors are handed around by index."""

    def __init__(self, parent: ModelBuilder | None = None):
        self.parent = parent
        self.root: ModelBuilder = parent.root if parent else self
        self.graph = schema.SubGraphT()
        self.graph.tensors, self.graph.operators, self.graph.inputs, self.graph.outputs = [], [], [], []
        self.graph.name = b"main"
        if parent is None:
            self.codes: list[Any] = []
            self.buffers = [schema.BufferT()]
            self.graphs = [self.graph]

    def subgraph(self) -> ModelBuilder:
        """A further subgraph (for CALL_ONCE); its index is len(graphs) - 1."""
        child = ModelBuilder(self)
        self.root.graphs.append(child.graph)
        return child

    def tensor(
        self, kind: str, shape: tuple[int, ...], scale: Any = None, zero_point: Any = 0, axis: int = 0, buffer: int = 0
    ) -> int:
        """A tensor. scale: one float, a sequence for per-channel, or None for none."""
        t = schema.TensorT()
        t.name = f"t{len(self.graph.tensors)}".encode()
        t.type = getattr(schema.TensorType, kind)
        t.shape = list(shape)
        t.buffer = buffer
        if scale is not None:
            t.quantization = schema.QuantizationParametersT()
            t.quantization.scale = np.atleast_1d(np.asarray(scale, np.float32)).tolist()
            zero_points = np.broadcast_to(np.asarray(zero_point, np.int64), len(t.quantization.scale))
            t.quantization.zeroPoint = zero_points.tolist()
            t.quantization.quantizedDimension = axis
        self.graph.tensors.append(t)
        return len(self.graph.tensors) - 1

    def input(self, kind: str, shape: tuple[int, ...], scale: Any = None, zero_point: Any = 0) -> int:
        index = self.tensor(kind, shape, scale, zero_point)
        self.graph.inputs.append(index)
        return index

    def output(self, kind: str, shape: tuple[int, ...], scale: Any = None, zero_point: Any = 0) -> int:
        index = self.tensor(kind, shape, scale, zero_point)
        self.graph.outputs.append(index)
        return index

    def variable(self, kind: str, shape: tuple[int, ...], scale: Any = None, zero_point: Any = 0) -> int:
        """A tensor in which an operator keeps its state."""
        index = self.tensor(kind, shape, scale, zero_point)
        self.graph.tensors[index].isVariable = True
        return index

    def constant(self, kind: str, data: Any, scale: Any = None, zero_point: Any = 0, axis: int = 0) -> int:
        """A constant; INT4 takes int8 values and packs them."""
        values = np.asarray(data, np.int8 if kind == "INT4" else DTYPES[kind])
        raw = values
        if kind == "INT4":
            flat = np.append(values.reshape(-1).view(np.uint8) & 15, np.zeros(values.size % 2, np.uint8)).reshape(-1, 2)
            raw = (flat[:, 0] | flat[:, 1] << 4).astype(np.uint8)
        buffer = schema.BufferT()
        buffer.data = np.frombuffer(raw.tobytes(), np.uint8)
        self.root.buffers.append(buffer)
        return self.tensor(kind, values.shape, scale, zero_point, axis, len(self.root.buffers) - 1)

    def op(self, name: str, inputs: list[int], outputs: list[int], options: str = "", **fields: Any) -> None:
        """An operator; -1 is an absent input. `options` names the schema's option table, `fields` its fields."""
        o = schema.OperatorT()
        o.opcodeIndex = self.root._code(name)
        o.inputs, o.outputs = list(inputs), list(outputs)
        if options:
            table = getattr(schema, options + "T")()
            for key, value in fields.items():
                if not hasattr(table, key):
                    raise KeyError(f"{options} has no field {key}")
                setattr(table, key, value)
            o.builtinOptions = table
            o.builtinOptionsType = getattr(schema.BuiltinOptions, options)
        self.graph.operators.append(o)

    def _code(self, name: str) -> int:
        builtin = getattr(schema.BuiltinOperator, name)
        for i, code in enumerate(self.codes):
            if code.builtinCode == builtin:
                return i
        code = schema.OperatorCodeT()
        code.builtinCode = builtin
        code.deprecatedBuiltinCode = min(builtin, 127)
        code.version = 1
        self.codes.append(code)
        return len(self.codes) - 1

    def build(self) -> bytes:
        model = schema.ModelT()
        model.version = 3
        model.description = b"seeded"
        model.operatorCodes = self.codes
        model.subgraphs = self.graphs
        model.buffers = self.buffers
        builder = flatbuffers.Builder(1024)
        builder.Finish(model.Pack(builder), b"TFL3")
        return bytes(builder.Output())
