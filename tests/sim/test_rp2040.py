"""The emulated RP2040 says what it needs, and takes nothing else for it. A firmware to run is the user's to give."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from smidgen.errors import DeviceError, UsageError
from smidgen.sim import SimBoard
from smidgen.sim.rp2040 import ROM_BYTES

FUNCTIONS = ("IF", "EX", "RE", "RP", "FC", "CX")


def refused(firmware: Path | None, bootrom: Path | None) -> str:
    with pytest.raises((UsageError, DeviceError)) as caught:
        SimBoard("rp2040", firmware=firmware, bootrom=bootrom, pty=False).start()
    assert "\n" not in str(caught.value)
    return str(caught.value)


def rom(names: tuple[str, ...] = FUNCTIONS) -> bytes:
    """A boot ROM of nothing but its mark and a table of functions."""
    table = b"".join(name.encode() + struct.pack("<H", 0x200 + 16 * i) for i, name in enumerate(names))
    head = bytes(16) + b"Mu\x01\x02" + struct.pack("<H", 0x40)
    return (head.ljust(0x40, b"\0") + table).ljust(ROM_BYTES, b"\0")


def block(address: int = 0x10000000, family: int = 0xE48BFF56) -> bytes:
    """One block of a UF2 file."""
    head = struct.pack("<8I", 0x0A324655, 0x9E5D5157, 0x2000, address, 256, 0, 1, family)
    return head.ljust(508, b"\0") + struct.pack("<I", 0x0AB16F30)


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    firmware, bootrom = tmp_path / "firmware.uf2", tmp_path / "bootrom.bin"
    firmware.write_bytes(block())
    bootrom.write_bytes(rom())
    return firmware, bootrom


def test_what_to_give_is_said_when_it_is_not_given(files: tuple[Path, Path], tmp_path: Path) -> None:
    firmware, bootrom = files
    for given in ((None, None), (firmware, None), (None, bootrom)):
        text = refused(*given)
        assert "--firmware" in text and "--bootrom" in text and "pico-bootrom-rp2040" in text
    assert refused(tmp_path / "no.uf2", bootrom).startswith(f"{tmp_path / 'no.uf2'}: no such file; give it --firmware")


def test_another_file_for_the_boot_rom_is_refused(files: tuple[Path, Path]) -> None:
    firmware, bootrom = files
    for content in (b"", rom()[:-1], bytes(ROM_BYTES)):
        bootrom.write_bytes(content)
        assert f"{bootrom}: not the boot ROM of an RP2040, 16,384 bytes" in refused(firmware, bootrom)
    bootrom.write_bytes(rom(FUNCTIONS[1:]))
    assert "the boot ROM has no function IF" in refused(firmware, bootrom)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is not a UF2 file"),
        (block()[:-1], "is not a UF2 file, or was cut short"),
        (bytes(512), "is not a UF2 file"),
        (block(family=0xE48BFF59), "is for another chip"),
        (block(address=0x20000000), "does not lie in flash"),
    ],
)
def test_another_file_for_the_firmware_is_refused(files: tuple[Path, Path], content: bytes, text: str) -> None:
    firmware, bootrom = files
    firmware.write_bytes(content)
    assert text in refused(firmware, bootrom)
