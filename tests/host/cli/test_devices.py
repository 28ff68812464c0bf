"""`smidgen devices`, `doctor`, `run-on` and `flash`, with a simulated board and with made-up ports."""

from __future__ import annotations

import json

import pytest
from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from smidgen.cli import devices as devices_verb
from smidgen.device import connect, drives
from smidgen.sim import SimBoard
from tests.device.test_firmware import RP2040, RP2350, uf2
from tests.host.cli.conftest import fails_with_one_line


@pytest.fixture(scope="module")
def url():
    with SimBoard() as board:
        yield board.url


@pytest.fixture
def two_picos(monkeypatch):
    """Two Picos and a serial port that is no board."""
    found = []
    for name, number in (("/dev/ttyACM0", "E660D4A0A7"), ("/dev/ttyACM1", "E660D4A0B8"), ("/dev/ttyS0", None)):
        port = ListPortInfo(name)
        port.vid, port.pid = (0x2E8A, 0x0005) if number else (None, None)
        port.serial_number, port.description = number, "Board in FS mode"
        found.append(port)
    monkeypatch.setattr(list_ports, "comports", lambda: found)
    monkeypatch.setattr(drives, "mounts", lambda: [])


def test_ports_are_listed_with_what_they_may_be(smidgen, two_picos):
    said = smidgen("devices").stdout
    assert max(map(len, said.splitlines())) <= 80
    assert "/dev/ttyACM0" in said and "E660D4A0B8" in said and "pico" in said and "ttyS0" not in said
    listed = json.loads(smidgen("devices", "--json").stdout)["ports"]
    assert [port["serial_number"] for port in listed] == ["E660D4A0A7", "E660D4A0B8"]
    assert "pico" in listed[0]["candidates"] and listed[0]["identity"] is None


def test_a_board_is_meant_by_its_serial_number(smidgen, two_picos, monkeypatch):
    fails_with_one_line(smidgen("run-on", "x.py"), "x.py", "No such file")
    (smidgen.folder / "x.py").write_text("print(1)")
    fails_with_one_line(smidgen("run-on", "x.py"), "several boards are plugged in", "/dev/ttyACM1")
    fails_with_one_line(smidgen("run-on", "x.py", "--port", "E660D4A0B8"), "/dev/ttyACM1", "no board there")


def test_without_boards_it_says_what_to_do(smidgen, monkeypatch):
    monkeypatch.setattr(list_ports, "comports", lambda: [])
    monkeypatch.setattr(devices_verb, "boot_drives", lambda: [])
    monkeypatch.setattr(devices_verb, "circuitpython_drives", lambda: [])
    assert "smidgen sim" in smidgen("devices").stdout


def test_a_board_that_is_asked_says_what_it_runs(smidgen, url):
    told = json.loads(smidgen("devices", "--port", url, "--json").stdout)["ports"][0]
    assert told["identity"]["implementation"] == "micropython" and told["identity"]["engine"] == "wasm"
    said = smidgen("devices", "--port", url).stdout
    assert "simulated" in said and "wasm" in said
    told = json.loads(smidgen("devices", "--port", "/dev/there-is-none", "--json").stdout)["ports"][0]
    assert told["identity"] is None and "no board there" in told["problem"]


def test_doctor_examines_machine_and_board(smidgen, url, two_picos):
    healthy = smidgen("doctor", "--port", url, "--json")
    findings = {each["what"]: each for each in json.loads(healthy.stdout)["findings"]}
    assert findings["engine"]["state"] == "ok" and findings["simulator"]["state"] == "ok"
    assert findings[url]["text"].startswith("MicroPython 1.") and findings[url]["text"].endswith("on a simulated board")
    assert findings["its engine"]["text"] == "wasm" and "its kind" not in findings
    assert findings["/dev/ttyACM0"]["state"] == "wrong" and healthy.returncode == 1  # nobody may open it: it is made up
    broken = smidgen("doctor", "--port", "/dev/there-is-none")
    assert broken.returncode == 1 and "WRONG" in broken.stdout and "no board there" in broken.stdout


def test_a_script_runs_on_the_board_and_its_output_comes_back(smidgen, url):
    (smidgen.folder / "count.py").write_text("for i in range(3):\n    print('line', i)\n")
    assert smidgen("run-on", "count.py", "--port", url).stdout == "line 0\nline 1\nline 2\n"
    (smidgen.folder / "bad.py").write_text("print('before')\n1 / 0\n")
    failed = smidgen("run-on", "bad.py", "--port", url)
    fails_with_one_line(failed, "ZeroDivisionError")
    assert failed.stdout == "before\n"
    with connect(url) as board:
        assert "count.py" not in board.listdir("/")


def test_flash_copies_what_is_right_and_refuses_what_is_not(smidgen, tmp_path):
    drive = tmp_path / "RPI-RP2"
    drive.mkdir()
    (smidgen.folder / "pico.uf2").write_bytes(uf2(RP2040))
    (smidgen.folder / "pico2.uf2").write_bytes(uf2(RP2350))
    fails_with_one_line(smidgen("flash", "pico.uf2", "--drive", drive), str(drive), "not a boot loader's drive")
    (drive / "INFO_UF2.TXT").write_text("UF2 Bootloader v3.0\nBoard-ID: RPI-RP2\n")
    fails_with_one_line(smidgen("flash", "pico2.uf2", "--drive", drive), "nothing was copied")
    assert "firmware for RP2040" in smidgen("flash", "pico.uf2", "--drive", drive).stdout
    assert (drive / "FIRMWARE.UF2").read_bytes() == uf2(RP2040)
    fails_with_one_line(smidgen("flash", "none.uf2"), "none.uf2", "No such file")


def test_the_shell_completes_verbs(smidgen):
    shown = smidgen.apart("--show-completion", "bash")
    assert "_SMIDGEN_COMPLETE" in shown.stdout
