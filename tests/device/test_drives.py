"""CircuitPython's files are written by the computer, onto its drive: the same sets, the same promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from smidgen.device import Part, drives, install
from smidgen.device.drives import Drive, circuitpython_drives
from smidgen.errors import DeployError, DeviceError, PortError

PARTS = [Part("model", {"model.smg": b"m" * 5000}), Part("program", {"main.py": b"print('new')\n"})]


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    text = "Adafruit CircuitPython 9.2.1 on 2024-11-20; Raspberry Pi Pico with rp2040\r\nBoard ID:raspberry_pi_pico\r\n"
    (tmp_path / "boot_out.txt").write_text(text)
    (tmp_path / "code.py").write_text("print('Hello World!')\n")
    return tmp_path


def test_a_set_arrives_and_the_program_that_was_there_is_kept(drive: Path):
    done = install(Drive(drive), PARTS, starts=True)
    assert (drive / "code.py").read_text().startswith("# Placed by `smidgen deploy`")
    kept = drive / done.kept["/code.py"].lstrip("/")
    assert kept.read_text() == "print('Hello World!')\n"
    folders = (drive / ".smidgen" / "current").read_text().split("\n")
    assert (drive / ".smidgen" / folders[0] / "model.smg").read_bytes() == b"m" * 5000
    assert install(Drive(drive), PARTS, starts=True).bytes_sent == 0
    assert not list(drive.rglob("*.new"))


def test_a_full_drive_is_one_clear_line_and_nothing_is_touched(drive: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Drive, "room", lambda self: (4096, 4096))
    with pytest.raises(DeployError, match="bytes are needed"):
        install(Drive(drive), PARTS, starts=True)
    assert sorted(path.name for path in drive.iterdir()) == ["boot_out.txt", "code.py"]


def test_a_drive_that_vanishes_is_named(drive: Path):
    target = Drive(drive)
    for path in drive.iterdir():
        path.unlink()
    drive.rmdir()
    drive.parent.joinpath(drive.name).write_text("no longer a folder")
    with pytest.raises(DeviceError):
        install(target, PARTS)


def test_what_is_no_circuitpython_drive_is_refused(drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(drives, "mounts", lambda: [drive, drive / "none"])
    assert circuitpython_drives() == [drive]
    with pytest.raises(PortError, match="not a CircuitPython board's drive"):
        Drive(drive / "none")
    (drive / "boot_out.txt").write_text("Adafruit CircuitPython 8.2.6 on 2023-09-12; Pico\n")
    with pytest.raises(DeviceError, match=r"CircuitPython 8\.2\.6; Smidgen needs 9\.0"):
        Drive(drive)
