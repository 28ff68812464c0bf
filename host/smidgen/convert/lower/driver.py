"""The driver: walks the graph, folds constants, calls each operator's lowering, collects what is refused."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from smidgen import _format as fmt
from smidgen import reference
from smidgen.convert.lower.shapes import derived_shape
from smidgen.convert.program import Channels, Instruction, Program, Value
from smidgen.errors import ConvertError
from smidgen.graph import DTYPES, Graph, Op, Tensor


class Refusal(Exception):
    """An operator that the engine cannot run; the text says why and what would help."""


MAX_RANK = 6
POSITIVE = [f"{kind}_{axis}" for kind in ("kernel", "stride", "dilation") for axis in ("h", "w")]

Handler = Callable[["Lowering", Op], None]
HANDLERS: dict[str, Handler] = {}

MALFORMED = (ValueError, IndexError, KeyError, TypeError, AttributeError, ZeroDivisionError, OverflowError)


def lowers(*names: str) -> Callable[[Handler], Handler]:
    """Enter `handler(lowering, op)` under TFLite operator names."""

    def enter(handler: Handler) -> Handler:
        for name in names:
            HANDLERS[name] = handler
        return handler

    return enter


class Lowering:
    """A graph on its way to a program. `values` holds the program's value of each graph tensor, by index."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.values: dict[int, Value] = {}
        self.instructions: list[Instruction] = []
        self.problems: list[str] = []
        self.op: Op | None = None
        for tensor in graph.tensors:
            if tensor.data is not None:
                self.define(tensor, constant(tensor.type, tensor.data, tensor))
            elif tensor.variable and tensor.type in DTYPES:
                self.define(tensor, replace(computed(tensor), initial=tensor.initial))
        for tensor in graph.inputs:
            if tensor.type not in DTYPES:
                self.problems.append(f"input {tensor} has a type that boards do not compute with")
            self.define(tensor, computed(tensor))
        self.variables = self._variables()

    def _variables(self) -> dict[str, Value]:
        """The resource variables by name, with their contents before the first inference."""
        try:
            contents = reference.initial_contents(self.graph)
        except MALFORMED:
            self.problems.append("the variables' initial contents cannot be computed; export the model again")
            return {}
        names = {np.dtype(dtype): name for name, dtype in DTYPES.items() if name != "INT4"}
        return {n: Value(names[c.dtype], c.shape, _uniform(c), name=n, initial=c) for n, c in contents.items()}

    def define(self, tensor: Tensor, value: Value) -> None:
        self.values[tensor.index] = value

    def value(self, tensor: Tensor | None) -> Value:
        """The program's value of a graph tensor."""
        if tensor is None:
            raise Refusal("lacks an input that it needs")
        if tensor.index not in self.values:
            raise Refusal(f"reads {tensor} before any operator computes it")
        return self.values[tensor.index]

    def output(self, op: Op, i: int = 0) -> Value:
        """A new computed value for an output of `op`."""
        self.define(op.outputs[i], computed(op.outputs[i]))
        return self.values[op.outputs[i].index]

    def emit(
        self,
        name: str,
        inputs: list[Value],
        outputs: list[Value],
        channels: Channels | None = None,
        trailer: bytes = b"",
        macs: int = 0,
        **params: int,
    ) -> None:
        """Append an instruction; `params` are the operator's fields in the format."""
        if any(0 in value.shape or len(value.shape) > MAX_RANK for value in [*inputs, *outputs]):
            raise Refusal(f"has an operand without elements or with more than {MAX_RANK} axes")
        if any(params.get(field) == 0 for field in POSITIVE):
            raise Refusal("has a window, a stride or a dilation of 0")
        layout, fields = fmt.PARAMS[name]
        try:
            struct.pack(layout, *(params.get(field, 0) for field in fields))
        except struct.error as error:
            raise Refusal("has options larger than the format holds") from error
        origin = str(self.op)
        self.instructions.append(Instruction(name, inputs, outputs, params, trailer, channels, origin, macs))

    def lower(self, op: Op) -> None:
        """One operator. Refusals and malformed operators become problems; their outputs count as computed, so that the
        operators behind them are examined too."""
        self.op = op
        try:
            if op.name not in HANDLERS:
                raise Refusal("is not supported by the engine")
            for tensor in op.outputs:
                if tensor.index in self.values:
                    raise Refusal(f"writes {tensor}, which is a constant, an input, or written before")
            if not self._fold(op):
                HANDLERS[op.name](self, op)
            shape = derived_shape(op)
            if shape is not None and shape != op.outputs[0].shape:
                raise Refusal(f"gives {list(shape)}, which is not its output's shape")
        except Refusal as refusal:
            self._problem(op, str(refusal))
        except MALFORMED:
            self._problem(op, "is malformed: its shapes, types or options contradict each other")

    def _problem(self, op: Op, text: str) -> None:
        self.problems.append(f"{op} {text}")
        for tensor in op.outputs:
            self.values.setdefault(tensor.index, computed(tensor))

    def _fold(self, op: Op) -> bool:
        """Replace an operator whose inputs are all constant by its result."""
        operands = [None if t is None else self.value(t) for t in op.inputs]
        if (
            not operands
            or op.name not in reference.DEFINITIONS
            or not all(v is None or v.data is not None for v in operands)
        ):
            return False
        results = reference.evaluate(op, [None if v is None else v.data for v in operands])
        for tensor, result in zip(op.outputs, results, strict=True):
            self.define(tensor, constant(tensor.type, np.asarray(result), tensor))
        return True


def _uniform(contents: np.ndarray) -> int:
    """A zero point under which a variable's contents go without saying, if there is one (see `assumed_state`)."""
    first = int(contents.flat[0]) if contents.size and contents.dtype.itemsize == 1 else 0
    return first if (contents == first).all() else 0


def constant(kind: str, data: np.ndarray, tensor: Tensor | None = None) -> Value:
    """A constant value; quantisation is taken from `tensor`."""
    value = Value(kind, data.shape, data=data)
    if tensor is not None:
        per_tensor = tensor.scale.size == 1
        value.name, value.zero_point, value.scale = (
            tensor.name,
            zero_point_of(tensor) if per_tensor else 0,
            float(tensor.s) if per_tensor else 0.0,
        )
    return value


def computed(tensor: Tensor) -> Value:
    return Value(tensor.type, tensor.shape, zero_point_of(tensor), float(tensor.s), tensor.name)


def zero_point_of(tensor: Tensor) -> int:
    """The zero point that the engine sees; types that it does not quantise have none."""
    return tensor.zp if tensor.type in ("INT8", "UINT8", "INT16") else 0


def lower(graph: Graph) -> Program:
    """The whole graph. Raises ConvertError with one line for every operator that cannot be lowered."""
    lowering = Lowering(graph)
    for op in graph.ops:
        lowering.lower(op)
    outputs = []
    for tensor in graph.outputs:
        if tensor.index not in lowering.values:
            lowering.problems.append(f"output {tensor} is never computed")
        else:
            outputs.append(lowering.values[tensor.index])
    if lowering.problems:
        raise ConvertError(graph.source, lowering.problems)
    return Program([lowering.values[t.index] for t in graph.inputs], outputs, lowering.instructions)
