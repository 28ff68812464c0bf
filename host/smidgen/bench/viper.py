"""Cycles of the board package's viper functions on the emulated RP2040, without MicroPython around them.

Viper asks MicroPython for the number or the address in each argument, and to make an object of what it returns. Here
arguments are numbers and addresses, and whatever helper is asked gives back what it was given.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import tempfile
from pathlib import Path

from smidgen.bench.measure import run_script
from smidgen.device.viper import compiled

_RAM = 0x20000000
_HELPER, _STOP = _RAM, _RAM + 2
_HELPERS = 64  # more than MicroPython's table of them up to those that are asked


class Chip:
    """An RP2040's RAM with the functions of a file. functions: their addresses, in the file's order."""

    def __init__(self, source: Path):
        """source: one of the package's viper_*.py. Raises EngineError with the compiler's reason when it refuses."""
        self._calls: list[tuple[int, list[int]]] = []
        self._ram = bytearray(struct.pack("<2H", 0x4770, 0xBE00))  # _HELPER: bx lr. _STOP: bkpt
        helpers = self.put(struct.pack("<I", _HELPER | 1) * _HELPERS)
        # A function object's second word leads to its module, whose fourth to constants, whose first to the helpers:
        # all of them are one object here.
        here = _RAM + len(self._ram)
        self._object = self.put(struct.pack("<4I", helpers, here, 0, here))
        self.functions = [self.put(code) for code in _machine_code(compiled(source, "armv6m"))]

    def put(self, content: bytes) -> int:
        """Bytes into RAM; their address, a multiple of four."""
        at = _RAM + len(self._ram)
        self._ram += content + bytes(-len(content) % 4)
        return at

    def get(self, at: int, size: int) -> bytes:
        """So many bytes of RAM."""
        return bytes(self._ram[at - _RAM :][:size])

    def call(self, function: int, *arguments: int) -> None:
        """What `run` is to do next. arguments: int32, and addresses."""
        values = self.put(struct.pack(f"<{len(arguments)}i", *arguments))
        self._calls.append((function, [self._object, len(arguments), 0, values]))

    def run(self) -> list[int]:
        """The cycles of each call. Raises SmidgenError when the emulator fails."""
        with tempfile.TemporaryDirectory() as folder:
            image = Path(folder) / "ram.bin"
            image.write_bytes(self._ram)
            counted = run_script("emulate_viper.mjs", image, json.dumps(self._calls), str(_STOP))
        self._ram = bytearray(base64.b64decode(counted["ram"]))
        return counted["cycles"]


def _machine_code(mpy: bytes) -> list[bytes]:
    """Each function's, of a .mpy that has none but viper's (MicroPython's py/persistentcode.c)."""
    stream = io.BytesIO(mpy[4:])
    names, objects = _number(stream), _number(stream)
    for _ in range(names):
        size = _number(stream)
        if not size & 1:  # else it is one that MicroPython has
            stream.read(size // 2 + 1)
    stream.read(objects)  # of a byte: the helpers
    stream.read(_number(stream) >> 3)  # the bytecode that defines the functions
    functions = []
    for _ in range(_number(stream)):
        functions.append(stream.read(_number(stream) >> 3))
        _number(stream)  # flags
    return functions


def _number(stream: io.BytesIO) -> int:
    """Seven bits a byte, the highest first, all bytes but the last above 127."""
    value, byte = 0, 128
    while byte > 127:
        byte = stream.read(1)[0]
        value = value << 7 | byte & 127
    return value
