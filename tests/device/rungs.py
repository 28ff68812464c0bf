"""Every engine on every kind of board, under one face: what a test of the board's package runs on.

RUNGS names them; a new one is a line there. `python -m pytest tests/device/test_rungs.py --port NAME` runs the same
tests on the real board at that port instead.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from smidgen import boards, native
from smidgen.device import connect, deploy
from smidgen.sim import SimBoard, qemu
from tests.support.board import LIBRARY
from tests.support.emulated import firmware, flash_image, native_module, unix_port

_HEAP = "-X", "heapsize=480K"  # of 64-bit words: about what a Pico's heap holds
_SECONDS = 240
USER_MODULES = Path(__file__).resolve().parents[2] / "firmware" / "usermod"


Files = Mapping[str, bytes]  # absolute path on the device -> content


class Device(Protocol):
    """Something that runs MicroPython programs over files, which they find from where they start."""

    def run(self, program: Path) -> list[str]:
        """The lines that it prints."""
        ...


Start = Callable[[Path, Files], AbstractContextManager[Device]]


@dataclass(frozen=True)
class Rung:
    """start(folder, files): the device, running, with these files; the folder is its own. engine: asked of Model,
    label: how it calls itself. native: the architecture of its native module, None when it has the engine otherwise."""

    start: Start
    engine: str
    label: str
    native: str | None = None


class Connected:
    """A board at a port, simulated or real."""

    def __init__(self, port: str):
        self.port = port

    def run(self, program: Path) -> list[str]:
        lines: list[str] = []
        with connect(self.port) as board:
            board.run(program.read_text(encoding="utf-8"), lines.append)
        return lines


class Unix:
    """MicroPython's port for this machine, which has no serial port."""

    def __init__(self, program: Path, root: Path):
        self._program, self._root = program, root

    def run(self, program: Path) -> list[str]:
        environment = {**os.environ, "MICROPYPATH": ":.frozen:lib"}
        command = [str(self._program), *_HEAP, str(program)]
        done = subprocess.run(
            command, cwd=self._root, env=environment, capture_output=True, text=True, timeout=_SECONDS
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.splitlines()


def _write(root: Path, files: Files) -> None:
    for path, content in files.items():
        target = root / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


@contextlib.contextmanager
def _wasm(folder: Path, files: Files) -> Iterator[Device]:
    _write(folder / "files", files)
    with SimBoard("pico", state=folder, pty=False) as sim:
        yield Connected(sim.url)


def _emulated(name: str, engine: str = "c", modules: Path | None = None) -> Rung:
    @contextlib.contextmanager
    def start(folder: Path, files: Files) -> Iterator[Device]:
        image = firmware(name, modules)
        (folder / qemu.FLASH).write_bytes(flash_image(boards.load(name).filesystem_bytes, files))
        with SimBoard(name, state=folder, pty=False, firmware=image) as sim:
            yield Connected(sim.url)

    label = "python" if engine == "python" else "usermod" if modules else "native"
    return Rung(start, engine, label, boards.load(name).architecture if label == "native" else None)


def _unix(modules: Path | None = None) -> Rung:
    @contextlib.contextmanager
    def start(folder: Path, files: Files) -> Iterator[Device]:
        _write(folder, files)
        yield Unix(unix_port(modules), folder)

    return Rung(start, "c", "usermod" if modules else "native", None if modules else "x64")


def at_port(port: str) -> dict[str, Rung]:
    """The real board at a port: with Python alone, and with the native module that it loads."""

    @contextlib.contextmanager
    def start(folder: Path, files: Files) -> Iterator[Device]:
        with connect(port) as board:
            deploy(board, files)
        yield Connected(port)

    with connect(port) as board:
        architecture = native.architecture_of(board.eval("getattr(__import__('sys').implementation, '_mpy', 0)"))
    found = {"port, python": Rung(start, "python", "python")}
    return found | ({"port, native": Rung(start, "c", "native", architecture)} if architecture else {})


RUNGS = {
    "wasm": Rung(_wasm, "c", "wasm"),
    "wasm, python": Rung(_wasm, "python", "python"),
    "unix x64, native": _unix(),
    "unix x64, user module": _unix(USER_MODULES),
    "qemu-m0, native": _emulated("qemu-m0"),
    "qemu-m0, user module": _emulated("qemu-m0", modules=USER_MODULES),
    "qemu-m0, python": _emulated("qemu-m0", "python"),
    "qemu-m3, native": _emulated("qemu-m3"),
    "qemu-m4, native": _emulated("qemu-m4"),
    "qemu-m33, native": _emulated("qemu-m33"),
    "qemu-rv32, native": _emulated("qemu-rv32"),
}


def files_of(rung: Rung) -> dict[str, bytes]:
    """What a rung's device needs besides the tests' own: the package, the choice of engine, the native module."""
    package = {f"/lib/smidgen/{path.name}": path.read_bytes() for path in sorted(LIBRARY.glob("*.py"))}
    module = {"/lib/_smidgen.mpy": native_module(rung.native)} if rung.native else {}
    return {"/engine.txt": rung.engine.encode(), **package, **module}
