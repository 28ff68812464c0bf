"""The boards that Smidgen knows: one folder of `boards/` each, described by its `board.toml`.

    board = load("pico")
    board.title, board.heap_bytes
    board.sources["heap_bytes"]         where that figure comes from
    identify("Raspberry Pi Pico with RP2040", "RPI_PICO")

`boards/board.schema.json` says what a `board.toml` holds; `boards/README.md` how to add one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from smidgen import resources
from smidgen.errors import SmidgenError, UsageError


@dataclass(frozen=True)
class Firmware:
    """What stock MicroPython on a board says of itself.

    port: `sys.platform`. build, machine, mpy: `sys.implementation._build`, `._machine`, `._mpy`. usb_ids: "2e8a:0005",
    what the port may show; several boards share one. download: a page. circuitpython: its `board.board_id` there.
    """

    port: str
    build: str
    machine: str
    mpy: int
    usb_ids: tuple[str, ...] = ()
    download: str | None = None
    circuitpython: str | None = None


@dataclass(frozen=True)
class Flashing:
    """How firmware comes onto a board.

    how: "uf2" (a drive; family_ids, drive and board_id say which files and which drive), "esptool" (chip, offset),
    "bossac" (offset) or "none".
    """

    how: str
    family_ids: tuple[int, ...] = ()
    drive: str = ""
    board_id: str = ""
    chip: str = ""
    offset: int = 0


@dataclass(frozen=True)
class Board:
    """A board as far as the host has to know it.

    name              its folder in `boards/`
    title             what people call it
    chip              the microcontroller
    architecture      what native code is made for: "armv6m", "armv7emsp", "xtensawin", ...; "host" when there is none
    cores             processor cores
    clock_hz          of the processor as stock firmware sets it
    ram_bytes         of the chip
    heap_bytes        free in one piece after start, with stock MicroPython
    flash_bytes       of the board
    filesystem_bytes  of the flash, for files
    romfs_bytes       of the flash, for ROMFS; 0 where stock firmware has none
    simulator         which rung of the ladder runs it: "wasm", "qemu", "rp2040"; None when it cannot be simulated
    emulator          the command that emulates it, for the "qemu" rung: program and machine
    pins              what is where: "led", "i2c_sda", ... -> what machine.Pin takes
    sensors           on the board: {"kind": "microphone", "part": ..., "bus": ..., pins}
    wiring            where to connect what the board lacks: "microphone" -> {"part": ..., "bus": ..., pins}
    sources           where each fact comes from, by its name
    """

    name: str
    title: str
    chip: str
    architecture: str
    cores: int
    clock_hz: int
    ram_bytes: int
    heap_bytes: int
    flash_bytes: int
    filesystem_bytes: int
    romfs_bytes: int
    firmware: Firmware
    flashing: Flashing
    pins: Mapping[str, int | str]
    sources: Mapping[str, str]
    simulator: str | None = None
    emulator: tuple[str, ...] = ()
    sensors: tuple[Mapping[str, Any], ...] = ()
    wiring: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def connected(self) -> dict[str, Mapping[str, Any]]:
        """Where a program finds each kind of sensor: on the board, else where `wiring` says to connect one."""
        own = {str(part["kind"]): {key: part[key] for key in part if key != "kind"} for part in self.sensors}
        return {**self.wiring, **own}


def names() -> list[str]:
    """All boards, sorted."""
    return sorted(path.parent.name for path in resources.find("boards").glob("*/board.toml"))


def load(name: str) -> Board:
    """A board by its name. Raises UsageError when there is none of that name."""
    if name not in names():
        raise UsageError(f"{name}: no such board; there are {', '.join(names())}")
    path = resources.find("boards") / name / "board.toml"
    try:
        return _board(name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise SmidgenError(f"{path}: not a board's description ({error}); install the smidgen package again") from error


def load_all() -> list[Board]:
    """Every board, by name."""
    return [load(name) for name in names()]


def identify(machine: str, build: str | None = None, circuitpython: str | None = None) -> Board | None:
    """The board whose stock firmware says so of itself; None when we know none.

    machine, build: `sys.implementation._machine` and `._build`; firmware before 1.25 has no build. circuitpython: its
    `board.board_id` there.
    """
    for wanted, field_name in ((build, "build"), (circuitpython, "circuitpython"), (machine, "machine")):
        for board in load_all():
            if wanted and getattr(board.firmware, field_name) == wanted:
                return board
    return None


def _board(name: str, values: dict[str, Any]) -> Board:
    firmware, flashing = values.pop("firmware"), values.pop("flashing")
    return Board(
        name=name,
        firmware=Firmware(**{**firmware, "usb_ids": tuple(firmware.get("usb_ids", ()))}),
        flashing=Flashing(**{**flashing, "family_ids": tuple(flashing.get("family_ids", ()))}),
        sensors=tuple(values.pop("sensors", ())),
        emulator=tuple(values.pop("emulator", ())),
        **values,
    )
