"""What a named malformed operator is made of."""

from __future__ import annotations

import struct

from smidgen import _format as fmt
from tests.evil.mutate import Change, File

Entry = tuple[str, Change, type[fmt.ModelError]]


def param(operator: str, field: str, value: int) -> Change:
    return lambda f: f.set_param(operator, field, value)


def operand(operator: str, which: int, field: str, value: int, element: int = 0) -> Change:
    """Change a field of the tensor that is the operator's operand `which`."""

    def change(f: File) -> None:
        index = struct.unpack_from("<H", f.content, f.operator(operator) + 4 + 2 * which)[0]
        f.set("tensor", f.tensor(index), field, value, element)

    return change


def typed(operator: str, which: int, kind: str) -> Change:
    """Another type for the operator's operand `which`, with the zero point that goes with it."""

    def change(f: File) -> None:
        operand(operator, which, "type", fmt.TYPES[kind])(f)
        operand(operator, which, "zero_point", 0)(f)

    return change


def scaling(operator: str, at: int, code: str, value: int) -> Change:
    """Change a number of the operator's channel block, `at` bytes from its start."""

    def change(f: File) -> None:
        position, kind = f.param_at(operator, "channels")
        block = f.section("DATA")[1] + struct.unpack_from("<" + kind, f.content, position)[0]
        struct.pack_into("<" + code, f.content, block + at, value)

    return change
