"""Firmware files are looked at before they are copied: whole, and for the chip that is there."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from smidgen import boards
from smidgen.device import drives, firmware
from smidgen.device.drives import BootDrive, boot_drive
from smidgen.device.firmware import Firmware, esptool_command, flash_uf2, read_firmware
from smidgen.errors import DeviceError, SmidgenError, UsageError

RP2040, RP2350, ABSOLUTE = 0xE48BFF56, 0xE48BFF59, 0xE48BFF57


def uf2(*families: int, blocks: int = 3) -> bytes:
    """Blocks of each family, numbered family by family as real files are."""
    made = b""
    for family in families:
        for number in range(blocks):
            head = (0x0A324655, 0x9E5D5157, 0x2000, 0x10000000 + 256 * number, 256, number, blocks, family)
            made += struct.pack("<8I", *head) + bytes(476) + struct.pack("<I", 0x0AB16F30)
    return made


def esp(chip: int) -> bytes:
    return struct.pack("<4BI4BHB9B", 0xE9, 3, 2, 0x20, 0x400805DC, *[0] * 4, chip, *[0] * 10) + bytes(200)


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def pico_drive(tmp_path: Path) -> BootDrive:
    (tmp_path / "RPI-RP2").mkdir()
    text = "UF2 Bootloader v3.0\nModel: Raspberry Pi RP2\nBoard-ID: RPI-RP2\n"
    (tmp_path / "RPI-RP2" / "INFO_UF2.TXT").write_text(text)
    found = boot_drive(tmp_path / "RPI-RP2")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("content", "chip"),
    [
        (uf2(RP2040), "RP2040"),
        (uf2(ABSOLUTE, RP2350, blocks=1), "RP2350 (Arm)"),
        (esp(0), "esp32"),
        (esp(5), "esp32c3"),
        (esp(9), "esp32s3"),
    ],
)
def test_a_file_says_which_chip_it_is_for(tmp_path, content, chip):
    assert read_firmware(written(tmp_path, "firmware", content)).chip == chip


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (uf2(RP2040)[:-1], "cut short"),
        (uf2(RP2040)[:-512], "cut short, 2 of 3 blocks"),
        (uf2(RP2040)[:1020] + bytes(4) + uf2(RP2040)[1024:], "damaged at byte 512"),
        (uf2(RP2040, RP2350), "does not say which one chip"),
        (b"MZ" + bytes(600), "not a firmware file"),
        (b"", "not a firmware file"),
        (esp(999), "not a firmware file"),
    ],
)
def test_a_damaged_or_foreign_file_is_named(tmp_path, content, text):
    path = written(tmp_path, "firmware.uf2", content)
    with pytest.raises(UsageError, match=text) as caught:
        read_firmware(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_firmware_for_the_chip_is_copied_to_its_drive(tmp_path, pico_drive):
    content = uf2(RP2040)
    flash_uf2(read_firmware(written(tmp_path, "pico.uf2", content)), pico_drive)
    assert (pico_drive.path / "FIRMWARE.UF2").read_bytes() == content


def test_firmware_for_another_chip_is_refused_and_nothing_copied(tmp_path, pico_drive):
    found = read_firmware(written(tmp_path, "pico2.uf2", uf2(RP2350)))
    with pytest.raises(
        UsageError, match=r"for RP2350 \(Arm\), but .*RPI-RP2 is the drive of RP2040; nothing was copied"
    ):
        flash_uf2(found, pico_drive)
    assert [path.name for path in pico_drive.path.iterdir()] == ["INFO_UF2.TXT"]


def test_a_drive_that_goes_with_the_last_block_is_no_failure_but_a_full_one_is(tmp_path, pico_drive, monkeypatch):
    found = read_firmware(written(tmp_path, "pico.uf2", uf2(RP2040)))

    def fails(self: Path, content: bytes) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "write_bytes", fails)
    with pytest.raises(DeviceError, match="the copy failed"):
        flash_uf2(found, pico_drive)
    (pico_drive.path / "INFO_UF2.TXT").unlink()
    flash_uf2(found, pico_drive)


def test_the_one_boot_loader_is_found_and_several_are_a_question(pico_drive, monkeypatch):
    monkeypatch.setattr(drives, "mounts", lambda: [pico_drive.path, pico_drive.path.parent])
    assert firmware.wait_for_drive(0) == pico_drive
    monkeypatch.setattr(drives, "mounts", lambda: [pico_drive.path, pico_drive.path])
    with pytest.raises(DeviceError, match="several boot loaders"):
        firmware.wait_for_drive(0)
    monkeypatch.setattr(drives, "mounts", lambda: [])
    with pytest.raises(DeviceError, match="no board waits for firmware; hold BOOTSEL"):
        firmware.wait_for_drive(0)


@pytest.mark.parametrize("board", [b for b in boards.load_all() if b.flashing.how == "esptool"], ids=lambda b: b.name)
def test_esptool_is_told_chip_and_place_as_the_board_says(board, tmp_path):
    content = {"esp32": esp(0), "esp32s3": esp(9), "esp32c3": esp(5)}[board.flashing.chip]
    found = read_firmware(written(tmp_path, "firmware.bin", content))
    assert (found.chip, found.offset) == (board.flashing.chip, board.flashing.offset)
    command = esptool_command(found, "/dev/ttyUSB0", erase=True)
    assert command[3:] == [
        *("--chip", board.flashing.chip, "--port", "/dev/ttyUSB0", "write-flash"),
        *("--erase-all", hex(board.flashing.offset), str(found.path)),
    ]


def test_esptool_s_own_reason_is_passed_on(tmp_path):
    found = Firmware(tmp_path / "none.bin", b"", "esp", "esp32")
    with pytest.raises(SmidgenError, match=r"/dev/there-is-none: .*hold BOOT"):
        firmware.flash_esp(found, "/dev/there-is-none", erase=False)
