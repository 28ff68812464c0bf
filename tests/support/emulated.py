"""MicroPython for tests, from Debian's packages: firmware of emulated boards, and a build for this machine."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from littlefs import LittleFS

from tests.support.debian import micropython, need, tool


def firmware(board: str, modules: Path | None = None) -> Path:
    """The firmware of a board that QEMU emulates, with user modules; ends the test when it cannot be built."""
    _tools()
    built: Path = tool("firmware").build(tool("sim_boards").recipe(board), modules)
    return built


def unix_port(modules: Path | None = None) -> Path:
    """MicroPython's program for this machine, with user modules; ends the test when it cannot be built."""
    _tools()
    built: Path = tool("firmware").build(tool("firmware").unix(), modules)
    return built


def native_module(architecture: str, operators: str = "full") -> bytes:
    """The engine as a native module; ends the test when it cannot be built."""
    need("native")
    path: Path = tool("native").build(architecture, micropython())[operators]
    return path.read_bytes()


def flash_image(size: int, files: Mapping[str, bytes]) -> bytes:
    """A flash with files on it, as MicroPython's VfsLfs2 would have written them. files: absolute path -> content."""
    filesystem = LittleFS(block_size=4096, block_count=size // 4096, read_size=32, prog_size=256, cache_size=1024)
    for path, content in files.items():
        filesystem.makedirs(str(PurePosixPath(path).parent), exist_ok=True)
        with filesystem.open(path, "wb") as file:
            file.write(content)
    return bytes(filesystem.context.buffer)


def _tools() -> None:
    need("boards")
    micropython()
