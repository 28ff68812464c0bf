"""Program + memory plan -> Blob."""

from __future__ import annotations

import numpy as np

from smidgen import _format as fmt
from smidgen.blob import Blob, OperatorRecord, TensorRecord
from smidgen.convert.plan import Plan
from smidgen.convert.program import Instruction, Program, Value


class _Constants:
    """The DATA section under construction. Equal bytes are stored once."""

    def __init__(self) -> None:
        self.content = bytearray()
        self.known: dict[bytes, int] = {}

    def add(self, content: bytes) -> int:
        if content not in self.known:
            self.content += bytes(-len(self.content) % 8)
            self.known[content] = len(self.content)
            self.content += content
        return self.known[content]


def constant_bytes(value: Value) -> bytes:
    """A constant's bytes as the file holds them."""
    data = np.ascontiguousarray(value.data)
    if value.type == "INT4":
        nibbles = np.append(data.reshape(-1).view(np.uint8) & 15, np.zeros(data.size % 2, np.uint8)).reshape(-1, 2)
        return (nibbles[:, 0] | nibbles[:, 1] << 4).astype(np.uint8).tobytes()
    return data.astype(data.dtype.newbyteorder("<")).tobytes()


class _Emitter:
    def __init__(self, program: Program, plan: Plan):
        self.program, self.plan = program, plan
        self.constants = _Constants()
        self.tensors: list[TensorRecord] = []
        self.index: dict[Value, int] = {}

    def record(self, value: Value) -> TensorRecord:
        root = value.root
        if root.data is not None:
            place, offset = "DATA", self.constants.add(constant_bytes(root))
        elif root.initial is not None:
            place, offset = "STATE", self.plan.state[root]
        else:
            place, offset = "ARENA", self.plan.arena[root]
        return TensorRecord(
            value.type, place, offset + value.root_offset, value.shape, value.zero_point, value.scale, value.layout
        )

    def tensor(self, value: Value) -> int:
        if value not in self.index:
            self.index[value] = len(self.tensors)
            self.tensors.append(self.record(value))
        return self.index[value]

    def operator(self, instruction: Instruction) -> OperatorRecord:
        params = dict(instruction.params)
        if instruction.channels is not None:
            params["channels"] = self.constants.add(instruction.channels.to_bytes())
            params["scales"] = instruction.channels.multiplier.size
            params["bias_type"] = fmt.TYPES["INT64" if instruction.channels.bias.dtype == np.int64 else "INT32"]
        inputs, outputs = [self.tensor(v) for v in instruction.inputs], [self.tensor(v) for v in instruction.outputs]
        return OperatorRecord(instruction.name, inputs, outputs, params, instruction.trailer)

    def blob(self) -> Blob:
        for value in self.program.inputs:
            self.tensor(value)
        # An output record of its own, so that outputs follow inputs even where one value is both.
        self.tensors += [self.record(value) for value in self.program.outputs]
        for i, value in enumerate(self.program.outputs):
            self.index.setdefault(value, len(self.program.inputs) + i)
        operators = [self.operator(instruction) for instruction in self.program.instructions]
        state = b"".join(_padded(constant_bytes(Value(v.type, v.shape, data=v.initial))) for v in self.plan.state)
        counts = len(self.program.inputs), len(self.program.outputs)
        macs = sum(instruction.macs for instruction in self.program.instructions)
        return Blob(self.tensors, operators, *counts, macs, bytes(self.constants.content), state)


def _padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 8)


def emit(program: Program, plan: Plan) -> Blob:
    """The file's contents, without sections that are not the engine's."""
    return _Emitter(program, plan).blob()
