"""Read and write `.smg` files: the format of docs/blob-format.md as plain Python values.

`Blob` mirrors the file: tensors, operators with their parameters, raw sections. `Blob.to_bytes` computes sizes, counts
and the checksum; `Blob.from_bytes` refuses what the format refuses (the C engine's `smg_open` is stricter: it also
checks every operator). Everything here is a view of bytes; meaning lives in `convert` and in the engine.
"""

from __future__ import annotations

import json
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from smidgen import _format as fmt

TYPE_NAMES = {code: name for name, code in fmt.TYPES.items()}
PLACE_NAMES = {code: name for name, code in fmt.PLACES.items()}
LAYOUT_NAMES = {code: name for name, code in fmt.LAYOUTS.items()}
OPERATOR_NAMES = {code: name for name, code in fmt.OPERATORS.items()}
SECTION_NAMES = {code: name for name, code in fmt.SECTIONS.items()}
TARGET_NAMES = {code: name for name, code in fmt.TARGETS.items()}

NEEDED = {"TENSORS", "OPERATORS"}
MAX_STATE = 1 << 28  # beyond any board's memory, and a laptop can hold it

_HEADER = struct.Struct(fmt.RECORDS["header"][0])
_SECTION = struct.Struct(fmt.RECORDS["section"][0])
_TENSOR = struct.Struct(fmt.RECORDS["tensor"][0])
_OPERATOR = struct.Struct(fmt.RECORDS["operator"][0])


@dataclass
class TensorRecord:
    """A typed view of arena, data or state. Names of type, place and layout are those of the format."""

    type: str
    place: str
    offset: int
    dims: tuple[int, ...]
    zero_point: int = 0
    scale: float = 0.0
    layout: str = "PLAIN"

    @property
    def elements(self) -> int:
        count = 1
        for size in self.dims:
            count *= size
        return count

    @property
    def nbytes(self) -> int:
        return (self.elements + 1) // 2 if self.type == "INT4" else self.elements * fmt.TYPE_BYTES[self.type]


@dataclass
class OperatorRecord:
    """One operator: tensor indices and parameters by field name; `trailer` is what follows the fixed parameters."""

    name: str
    inputs: list[int]
    outputs: list[int]
    params: dict[str, int] = field(default_factory=dict)
    trailer: bytes = b""


@dataclass
class Blob:
    """A whole model file. `data` is the DATA section, `state` the initial state, `sections` all others by name."""

    tensors: list[TensorRecord]
    operators: list[OperatorRecord]
    input_count: int
    output_count: int
    macs: int
    data: bytes = b""
    state: bytes = b""
    target: str = "PORTABLE"
    sections: dict[str, bytes] = field(default_factory=dict)

    @property
    def arena_size(self) -> int:
        return max((t.offset + t.nbytes for t in self.tensors if t.place == "ARENA"), default=0)

    @property
    def labels(self) -> list[str]:
        """Class names; empty when the file names none."""
        return self.sections.get("LABELS", b"").decode().splitlines()

    @property
    def card(self) -> dict[str, Any]:
        """The model card."""
        return json.loads(self.sections.get("CARD", b"{}"))

    def to_bytes(self) -> bytes:
        """The file. Deterministic: equal blobs give equal bytes."""
        contents = {
            "TENSORS": b"".join(map(_pack_tensor, self.tensors)),
            "OPERATORS": b"".join(map(_pack_operator, self.operators)),
            "DATA": self.data,
            "STATE": self._told_state(),
            **self.sections,
        }
        contents = {name: content for name, content in contents.items() if content or name in NEEDED}
        ordered = sorted(contents.items(), key=lambda item: fmt.SECTIONS[item[0]])
        at = _HEADER.size + _SECTION.size * len(ordered)
        table, body = b"", b""
        for name, content in ordered:
            body += bytes(-(at + len(body)) % 8)
            table += _SECTION.pack(fmt.SECTIONS[name], 0, at + len(body), len(content))
            body += content
        return self._with_header(table + body, len(ordered))

    def _told_state(self) -> bytes:
        """The initial state up to where it is what an engine assumes anyway."""
        assumed = assumed_state(self.tensors, len(self.state))
        differs = [i for i, (told, byte) in enumerate(zip(self.state, assumed, strict=True)) if told != byte]
        return self.state[: differs[-1] + 1] if differs else b""

    def _with_header(self, rest: bytes, section_count: int) -> bytes:
        counts = (self.arena_size, len(self.state), min(self.macs, 0xFFFFFFFF), self.input_count, self.output_count)
        versions = (fmt.MAJOR, fmt.MINOR, fmt.TARGETS[self.target], section_count)
        header = _HEADER.pack(*fmt.MAGIC, 0, *versions, _HEADER.size + len(rest), *counts)
        checksum = zlib.crc32(header[8:] + rest)
        return header[:4] + struct.pack("<I", checksum) + header[8:] + rest

    @classmethod
    def from_bytes(cls, content: bytes, source: str = "") -> Blob:
        """Parse a file's bytes; `source` names the file in errors. Raises a ModelError of `_format`."""
        header = _read_header(content, source)
        sections = _read_sections(content, header["section_count"], source)
        if not sections.keys() >= NEEDED:
            raise fmt.error_for(fmt.SectionError.code, source)
        if not len(sections.get("STATE", b"")) <= header["state_size"] <= MAX_STATE:
            raise fmt.error_for(fmt.HeaderError.code, source)
        try:
            tensors = [_unpack_tensor(record) for record in _TENSOR.iter_unpack(sections.pop("TENSORS"))]
            operators = list(_unpack_operators(sections.pop("OPERATORS")))
        except (struct.error, KeyError, IndexError) as error:
            raise fmt.error_for(fmt.OperatorError.code, source) from error
        told = sections.pop("STATE", b"")
        return cls(
            tensors,
            operators,
            header["input_count"],
            header["output_count"],
            header["macs"],
            sections.pop("DATA", b""),
            told + assumed_state(tensors, header["state_size"])[len(told) :],
            TARGET_NAMES.get(header["target"], "PORTABLE"),
            sections,
        )

    @classmethod
    def load(cls, path: str | Path) -> Blob:
        """Read a `.smg` file. Raises OSError when it cannot be read, ModelError when it is malformed."""
        return cls.from_bytes(Path(path).read_bytes(), str(path))


def assumed_state(tensors: list[TensorRecord], size: int) -> bytes:
    """The state memory before an inference where the file does not say otherwise: real zeros."""
    state = bytearray(size)
    for t in tensors:
        if t.place == "STATE" and fmt.TYPE_BYTES[t.type] == 1:
            count = max(0, min(t.offset + t.nbytes, size) - t.offset)
            state[t.offset : t.offset + count] = bytes([t.zero_point & 255]) * count
    return bytes(state)


def _pack_tensor(t: TensorRecord) -> bytes:
    kinds = (fmt.TYPES[t.type], fmt.PLACES[t.place], len(t.dims), fmt.LAYOUTS[t.layout])
    return _TENSOR.pack(*kinds, t.offset, t.zero_point, t.scale, *t.dims, *[0] * (6 - len(t.dims)))


def _unpack_tensor(record: tuple) -> TensorRecord:
    kind, place, rank, layout, offset, zero_point, scale, *dims = record
    names = TYPE_NAMES[kind], PLACE_NAMES[place]
    return TensorRecord(*names, offset, tuple(dims[:rank]), zero_point, scale, LAYOUT_NAMES[layout])


def _pack_operator(op: OperatorRecord) -> bytes:
    layout, names = fmt.PARAMS[op.name]
    operands = [*op.inputs, *op.outputs]
    operands += [0] * (len(operands) % 2)
    body = struct.pack(f"<{len(operands)}H", *operands)
    body += struct.pack(layout, *(op.params.get(name, 0) for name in names)) + op.trailer
    words, rest = divmod(_OPERATOR.size + len(body), 4)
    if rest or words > 255:
        raise ValueError(
            f"{op.name} takes {_OPERATOR.size + len(body)} bytes; a record has a multiple of 4, at most 1020"
        )
    return _OPERATOR.pack(fmt.OPERATORS[op.name], len(op.inputs), len(op.outputs), words) + body


def _unpack_operators(section: bytes):
    at = 0
    while at < len(section):
        code, inputs, outputs, words = _OPERATOR.unpack_from(section, at)
        if words * 4 < _OPERATOR.size:
            raise IndexError("an operator record without length")
        count = inputs + outputs
        operands = list(struct.unpack_from(f"<{count}H", section, at + _OPERATOR.size))
        name = OPERATOR_NAMES[code]
        layout, names = fmt.PARAMS[name]
        params_at = at + _OPERATOR.size + (count + 1) // 2 * 4
        params = dict(zip(names, struct.unpack_from(layout, section, params_at), strict=True))
        trailer = section[params_at + struct.calcsize(layout) : at + words * 4]
        yield OperatorRecord(name, operands[:inputs], operands[inputs:], params, trailer)
        at += words * 4


def _read_header(content: bytes, source: str) -> dict[str, int]:
    if len(content) < _HEADER.size:
        raise fmt.error_for(fmt.TruncatedError.code, source)
    values = _HEADER.unpack_from(content)
    header = dict(zip(fmt.RECORDS["header"][1][1:], values[4:], strict=True))
    if bytes(values[:4]) != fmt.MAGIC:
        raise fmt.error_for(fmt.MagicError.code, source)
    if (header["major"], header["minor"]) > (fmt.MAJOR, fmt.MINOR) or header["major"] != fmt.MAJOR:
        raise fmt.error_for(fmt.VersionError.code, source)
    if header["size"] > len(content):
        raise fmt.error_for(fmt.TruncatedError.code, source)
    if zlib.crc32(content[8 : header["size"]]) != header["crc"]:
        raise fmt.error_for(fmt.CrcError.code, source)
    return header


def _read_sections(content: bytes, count: int, source: str) -> dict[str, bytes]:
    sections = {}
    for i in range(count):
        at = _HEADER.size + i * _SECTION.size
        if at + _SECTION.size > len(content):
            raise fmt.error_for(fmt.SectionError.code, source)
        kind, _, offset, size = _SECTION.unpack_from(content, at)
        if offset + size > len(content):
            raise fmt.error_for(fmt.SectionError.code, source)
        sections[SECTION_NAMES.get(kind, str(kind))] = content[offset : offset + size]
    return sections
