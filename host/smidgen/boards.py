"""The boards that Smidgen knows: one folder of `boards/` each, described by its `board.toml`.

    board = load("pico")
    board.title, board.heap_bytes

`board.toml` states what was measured or read from the data sheet, and where each figure comes from.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from smidgen import resources
from smidgen.errors import SmidgenError, UsageError


@dataclass(frozen=True)
class Board:
    """A board as far as the host has to know it.

    name          its folder in `boards/`
    title         what people call it
    chip          the microcontroller
    architecture  what native code is made for: "armv6m", "armv7emsp", "xtensawin", "rv32imc"; "host" when there is none
    clock_hz      of the processor as stock firmware sets it
    cores         processor cores
    ram_bytes     of the chip
    heap_bytes    free in one piece after start, with stock MicroPython
    flash_bytes   of the board's filesystem
    simulator     which rung of the ladder runs it: "wasm"; None when it cannot be simulated
    """

    name: str
    title: str
    chip: str
    architecture: str
    clock_hz: int
    cores: int
    ram_bytes: int
    heap_bytes: int
    flash_bytes: int
    simulator: str | None = None


def names() -> list[str]:
    """All boards, sorted."""
    return sorted(path.parent.name for path in _folder().glob("*/board.toml"))


def load(name: str) -> Board:
    """A board by its name. Raises UsageError when there is none of that name."""
    path = _folder() / name / "board.toml"
    if name not in names():
        raise UsageError(f"{name}: no such board; there are {', '.join(names())}")
    try:
        return _board(name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise SmidgenError(f"{path}: not a board's description ({error}); install the smidgen package again") from error


def _board(name: str, values: dict[str, Any]) -> Board:
    known = {field.name for field in fields(Board)} - {"name"}
    return Board(name=name, **{key: value for key, value in values.items() if key in known})


def _folder() -> Path:
    return resources.find("boards")
