"""Make a malformed file from a good one: change one field, then mend the checksum so that only the field is wrong."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable

from smidgen import _format as fmt

HEADER, SECTION, TENSOR, OPERATOR = (
    struct.calcsize(fmt.RECORDS[n][0]) for n in ("header", "section", "tensor", "operator")
)


class File:
    """A `.smg` file's bytes, to be changed by field."""

    def __init__(self, content: bytes):
        self.content = bytearray(content)

    def bytes(self, mend: bool = True) -> bytes:
        if mend:
            size = self.get("header", 0, "size")
            body = bytes(self.content[8 : max(8, min(size, len(self.content)))])
            self.set("header", 0, "crc", zlib.crc32(body))
        return bytes(self.content)

    def get(self, record: str, at: int, name: str) -> int:
        return struct.unpack_from(
            "<" + self._code(fmt.RECORDS[record], name)[1], self.content, self._at(fmt.RECORDS[record], at, name)
        )[0]

    def set(self, record: str, at: int, name: str, value: int | float, element: int = 0) -> None:
        layout = fmt.RECORDS[record]
        code = self._code(layout, name)[1]
        struct.pack_into(
            "<" + code, self.content, self._at(layout, at, name) + element * struct.calcsize("<" + code), value
        )

    def section(self, name: str) -> tuple[int, int, int]:
        """(position of the table entry, offset, size) of a section."""
        for i in range(self.get("header", 0, "section_count")):
            entry = HEADER + i * SECTION
            if self.get("section", entry, "kind") == fmt.SECTIONS[name]:
                return entry, self.get("section", entry, "offset"), self.get("section", entry, "size")
        raise KeyError(name)

    def tensor(self, index: int) -> int:
        return self.section("TENSORS")[1] + index * TENSOR

    def operator(self, code: str) -> int:
        """Position of the first operator with this name."""
        _, at, size = self.section("OPERATORS")
        end = at + size
        while at < end:
            if self.content[at] == fmt.OPERATORS[code]:
                return at
            at += self.content[at + 3] * 4
        raise KeyError(code)

    def param_at(self, code: str, name: str) -> tuple[int, str]:
        """(position, struct code) of a parameter of the first operator `code`."""
        at = self.operator(code)
        operands = self.content[at + 1] + self.content[at + 2]
        layout = fmt.PARAMS[code]
        return self._at(layout, at + OPERATOR + (operands + 1) // 2 * 4, name), self._code(layout, name)[1]

    def set_param(self, code: str, name: str, value: int) -> None:
        at, kind = self.param_at(code, name)
        struct.pack_into("<" + kind, self.content, at, value)

    def _code(self, layout: tuple[str, list[str]], name: str) -> tuple[int, str]:
        """(offset, one-element struct code) of a field."""
        offset = 0
        for field, (count, code) in zip(layout[1], _split(layout[0]), strict=True):
            if field == name:
                return offset, code
            offset += count * struct.calcsize("<" + code)
        raise KeyError(name)

    def _at(self, layout: tuple[str, list[str]], at: int, name: str) -> int:
        return at + self._code(layout, name)[0]


def _split(codes: str) -> list[tuple[int, str]]:
    found, count = [], ""
    for letter in codes.lstrip("<"):
        if letter.isdigit():
            count += letter
        else:
            found.append((int(count or 1), letter))
            count = ""
    return found


Change = Callable[[File], None]
