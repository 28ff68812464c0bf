"""A real firmware on an emulated RP2040 (npm's rp2040js): what the user has to give, and what the emulator is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from smidgen.errors import UsageError
from smidgen.sim import runtime

ROM_BYTES = 16384
_ROM_MARK = b"Mu\x01"  # RP2040 data sheet, 2.8.3
_WHAT_TO_GIVE = (
    "give it --firmware, a .uf2 for the Raspberry Pi Pico from MicroPython's or CircuitPython's page of downloads, and "
    "--bootrom, the chip's boot ROM as a .bin from the releases of Raspberry Pi's repository pico-bootrom-rp2040"
)


def config(firmware: str | Path | None, bootrom: str | Path | None) -> dict[str, Any]:
    """The emulator's part of a board's configuration. Raises UsageError for files that are missing or not these."""
    if firmware is None or bootrom is None:
        raise UsageError(f"the emulated RP2040 runs the firmware that you have: {_WHAT_TO_GIVE}")
    for path in map(Path, (firmware, bootrom)):
        if not path.is_file():
            raise UsageError(f"{path}: no such file; {_WHAT_TO_GIVE}")
    rom = Path(bootrom).read_bytes()
    if len(rom) != ROM_BYTES or rom[0x10:0x13] != _ROM_MARK:
        raise UsageError(f"{bootrom}: not the boot ROM of an RP2040, {ROM_BYTES:,} bytes; {_WHAT_TO_GIVE}")
    return {
        "firmware": str(Path(firmware).resolve()),
        "bootrom": str(Path(bootrom).resolve()),
        "rp2040js": str(runtime.node_module("rp2040js")),
    }
