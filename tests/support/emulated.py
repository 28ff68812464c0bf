"""Firmware of emulated boards for tests: built once, from Debian's packages."""

from __future__ import annotations

from pathlib import Path

from tests.support.debian import micropython, need, tool


def firmware(board: str, modules: Path | None = None) -> Path:
    """The firmware of a board that QEMU emulates, with user modules; ends the test when it cannot be built."""
    need("boards")
    micropython()
    built: Path = tool("sim_boards").build(board, modules)
    return built
