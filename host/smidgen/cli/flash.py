"""`smidgen flash`: MicroPython or CircuitPython onto a board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from smidgen.cli.console import console, say
from smidgen.cli.options import OptionalPort
from smidgen.device import connect
from smidgen.device.drives import BootDrive, boot_drive
from smidgen.device.firmware import Firmware, flash_esp, flash_uf2, read_firmware, wait_for_drive
from smidgen.device.ports import port_named
from smidgen.errors import UsageError

File = Annotated[Path, typer.Argument(help="The .uf2 or .bin that you downloaded.", metavar="FILE", show_default=False)]
DriveOption = Annotated[
    Path | None, typer.Option("--drive", help="The boot loader's drive; default is the only one.", show_default=False)
]
Erase = Annotated[bool, typer.Option("--erase", help="ESP: erase all of the flash first, your files too.")]


def flash(firmware: File, port: OptionalPort = None, drive: DriveOption = None, erase: Erase = False) -> None:
    """Put firmware onto a board.

    A .uf2 goes by its boot loader's drive, a .bin for an ESP by esptool. The file is checked first: that it is whole,
    and that it is for the chip that is there. With --port a board that runs MicroPython is sent into its boot loader;
    otherwise hold BOOTSEL while plugging it in.
    """
    found = read_firmware(firmware)
    say(f"{firmware}: firmware for {found.chip}")
    if found.kind == "esp":
        where = port_named(port)
        with console.status(f"writing to {where}"):
            flash_esp(found, where, erase)
    else:
        with console.status("waiting for the boot loader's drive"):
            place = _drive(found, port, drive)
        with console.status(f"copying to {place.path}"):
            flash_uf2(found, place)
    say("done; the board restarts. Next: smidgen devices")


def _drive(firmware: Firmware, port: str | None, drive: Path | None) -> BootDrive:
    if drive is not None:
        given = boot_drive(drive)
        if given is None:
            raise UsageError(f"{drive}: not a boot loader's drive (no INFO_UF2.TXT); hold BOOTSEL while plugging in")
        return given
    if port is not None:
        with connect(port) as board:
            board.start_boot_loader()
    return wait_for_drive()
