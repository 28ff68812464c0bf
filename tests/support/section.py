"""AUDIO sections with one field changed."""

from __future__ import annotations

import struct

from smidgen.features.audio import FIELDS, HEAD


def offset_of(field: str) -> tuple[int, str]:
    """Offset and struct code of a field of the section's head."""
    codes = "".join(code * int(count or 1) for count, code in _runs(HEAD.format[1:]))
    at = FIELDS.index(field)
    return struct.calcsize("<" + codes[:at]), codes[at]


def _runs(text: str) -> list[tuple[str, str]]:
    runs, count = [], ""
    for character in text:
        if character.isdigit():
            count += character
        else:
            runs.append((count, character))
            count = ""
    return runs


def with_field(section: bytes, field: str, value: float) -> bytes:
    """The section with one field of its head replaced."""
    at, code = offset_of(field)
    changed = bytearray(section)
    struct.pack_into("<" + code, changed, at, value)
    return bytes(changed)
