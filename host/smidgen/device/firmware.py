"""Firmware files: which chip one is for, whether it is whole, and how it comes onto a board."""

from __future__ import annotations

import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from smidgen import boards
from smidgen.device.drives import BootDrive, boot_drives
from smidgen.errors import DeviceError, MissingExtra, UsageError

# UF2 (github.com/microsoft/uf2): blocks of 512 bytes.
_UF2_BLOCK = 512
_UF2_MAGIC = (0x0A324655, 0x9E5D5157, 0x0AB16F30)
_UF2_HAS_FAMILY = 0x2000
_ABSOLUTE = 0xE48BFF57  # a block at an absolute address, which RP2350 files begin with; says nothing of the chip
FAMILIES = {
    **{0xE48BFF56: "RP2040", 0xE48BFF59: "RP2350 (Arm)", 0xE48BFF5A: "RP2350 (RISC-V)", 0xE48BFF5B: "RP2350 (Arm)"},
    **{0xADA52840: "nRF52840", 0xC47E5767: "ESP32-S3", 0xBFDD4EEE: "ESP32-S2", 0x1C5F21B0: "ESP32"},
    **{0xD42BA06C: "ESP32-C3", 0x68ED2B88: "SAMD21", 0x55114460: "SAMD51"},
}
# ESP image header (esptool's documentation, "Firmware Image Format"): magic, and the chip in its extended part.
_ESP_MAGIC = 0xE9
_ESP_CHIPS = {0: "esp32", 2: "esp32s2", 5: "esp32c3", 9: "esp32s3", 12: "esp32c2", 13: "esp32c6", 16: "esp32h2"}
_ESP_OFFSETS = {"esp32": 0x1000, "esp32s2": 0x1000}
_DRIVE_SECONDS = 15.0


@dataclass(frozen=True)
class Firmware:
    """A firmware file. kind: "uf2" or "esp". chip: what it is for, as people say it. family: of a UF2, else 0."""

    path: Path
    content: bytes
    kind: str
    chip: str
    family: int = 0

    @property
    def offset(self) -> int:
        """Where in an ESP's flash it begins."""
        return _ESP_OFFSETS.get(self.chip, 0)


def read_firmware(path: Path) -> Firmware:
    """Look at a file. Raises UsageError when it is no firmware, damaged or cut short; OSError."""
    content = path.read_bytes()
    if struct.pack("<2I", *_UF2_MAGIC[:2]) == content[:8]:
        family = _uf2_family(content, path)
        return Firmware(path, content, "uf2", FAMILIES.get(family, f"family 0x{family:08x}"), family)
    if content[:1] == bytes([_ESP_MAGIC]) and len(content) >= 24:
        chip = _ESP_CHIPS.get(struct.unpack_from("<H", content, 12)[0])
        if chip:
            return Firmware(path, content, "esp", chip)
    raise UsageError(f"{path}: not a firmware file; give the .uf2 or .bin that you downloaded for your board")


def _uf2_family(content: bytes, path: Path) -> int:
    """Check every block. Returns the family."""
    families = set()
    starts = range(0, len(content), _UF2_BLOCK)
    for at in starts:
        block = content[at : at + _UF2_BLOCK]
        if len(block) < _UF2_BLOCK:
            raise UsageError(f"{path}: cut short; download it again")
        first, second, flags, _, size, _, _, family = struct.unpack_from("<8I", block)
        end = struct.unpack_from("<I", block, _UF2_BLOCK - 4)[0]
        if (first, second, end) != _UF2_MAGIC or size > 476:
            raise UsageError(f"{path}: damaged at byte {at}; download it again")
        if flags & _UF2_HAS_FAMILY:
            families.add(family)
    promised = max((struct.unpack_from("<I", content, at + 24)[0] for at in starts), default=0)
    if len(starts) < promised:
        raise UsageError(f"{path}: cut short, {len(starts)} of {promised} blocks; download it again")
    families.discard(_ABSOLUTE)
    if len(families) != 1:
        raise UsageError(f"{path}: does not say which one chip it is for; download it for your board")
    return families.pop()


def flash_uf2(firmware: Firmware, drive: BootDrive) -> None:
    """Copy a UF2 to a boot loader. Raises UsageError when it is for another chip, DeviceError when the copy fails."""
    known = [board for board in boards.load_all() if board.flashing.board_id == drive.board_id]
    taken = {family for board in known for family in board.flashing.family_ids}
    if known and firmware.family not in taken:
        raise UsageError(
            f"{firmware.path}: for {firmware.chip}, but {drive.path} is the drive of {known[0].chip}; "
            "nothing was copied"
        )
    target = drive.path / "FIRMWARE.UF2"
    try:
        target.write_bytes(firmware.content)
    except OSError as error:
        if drive.path.exists() and (drive.path / "INFO_UF2.TXT").exists():
            raise DeviceError(f"{drive.path}: the copy failed ({error.strerror}); try again") from error
        # Else all is well: the board restarts with the last block and takes its drive away, sometimes a little early.


def wait_for_drive(seconds: float = _DRIVE_SECONDS) -> BootDrive:
    """The one boot loader's drive, waiting for it a while. Raises DeviceError when there is none, or more than one."""
    end = time.monotonic() + seconds
    while True:
        found = boot_drives()
        if len(found) == 1:
            return found[0]
        if len(found) > 1:
            places = ", ".join(str(drive.path) for drive in found)
            raise DeviceError(f"several boot loaders are plugged in ({places}); choose one with --drive")
        if time.monotonic() > end:
            raise DeviceError(
                "no board waits for firmware; hold BOOTSEL (or double-tap reset) while plugging it in, or give --drive"
            )
        time.sleep(0.2)


def esptool_command(firmware: Firmware, port: str, erase: bool) -> list[str]:
    """What writes a firmware to an ESP; esptool itself refuses a board with another chip. Raises MissingExtra."""
    if find_spec("esptool") is None:
        raise MissingExtra("flashing an ESP32", "flash")
    start = [sys.executable, "-m", "esptool", "--chip", firmware.chip, "--port", port, "write-flash"]
    return [*start, *(["--erase-all"] if erase else []), hex(firmware.offset), str(firmware.path)]


def flash_esp(firmware: Firmware, port: str, erase: bool) -> None:
    """Write a firmware to an ESP. Raises MissingExtra, or DeviceError with esptool's reason."""
    done = subprocess.run(
        esptool_command(firmware, port, erase), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if done.returncode != 0:
        lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
        why = next(
            (line for line in reversed(lines) if "error" in line.lower()), lines[-1] if lines else "no reason given"
        )
        raise DeviceError(f"{port}: {why} (hold BOOT while you press RESET, then try again)")
