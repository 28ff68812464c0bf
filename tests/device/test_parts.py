"""Which parts a board gets."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from smidgen import boards
from smidgen.blob import Blob
from smidgen.cli import deploy as deploy_verb
from smidgen.device import Identity, check_firmware, package_part, wiring_parts
from smidgen.errors import DeviceError
from smidgen.memory import packed
from tests.support.keyword_model import keyword_model

PICO = Identity("micropython", (1, 28, 0), "rp2", "Pico", "RPI_PICO", "armv6m", None, boards.load("pico"))
BLOB = Blob.from_bytes(keyword_model(), "keyword")


PACKAGE = Path(__file__).parents[2] / "firmware" / "lib" / "smidgen"


def test_the_package_is_whole():
    names = {path.name for path in PACKAGE.glob("*.py")} - {"tflm.py"}
    viper = {name for name in names if name.startswith("viper_")}
    assert set(package_part(None).files) == {f"smidgen/{name}" for name in names - viper}
    compiled = {name.replace(".py", ".mpy") for name in viper}
    assert set(package_part("armv6m").files) == {f"smidgen/{name}" for name in (names - viper) | compiled}


def test_a_firmware_with_tensorflow_lite_micro_gets_its_face():
    assert package_part(None, tflm=True).files["smidgen/tflm.py"] == (PACKAGE / "tflm.py").read_bytes()


def test_a_board_is_told_where_its_own_sensors_are_or_where_to_connect_them():
    def told(name):
        (part,) = wiring_parts(boards.load(name))
        return json.loads(part.files["wiring.json"])

    connect = told("nano-rp2040-connect")
    assert connect["microphone"] == {"part": "MP34DT06JTR", "bus": "PDM", "clock": 23, "data": 22}
    assert connect["imu"]["sda"] == 12
    assert told("pico")["microphone"] == {"part": "INMP441", "bus": "I2S", "sck": 16, "ws": 17, "sd": 18}
    assert wiring_parts(None) == wiring_parts(boards.load("qemu-m0")) == []


def test_every_wiring_has_the_pins_that_the_package_asks_for():
    pins = {"I2S": {"sck", "ws", "sd"}, "PDM": {"clock", "data"}, "I2C": {"sda", "scl"}}
    for board in boards.load_all():
        for kind in {"microphone", "imu"} & set(board.connected):
            place = board.connected[kind]
            assert pins[place["bus"]] <= set(place), (board.name, kind)


def test_a_board_without_an_engine_gets_the_module_for_its_architecture(tmp_path, monkeypatch):
    asked = []

    def choose(blob, architecture, cores):
        asked.append((blob.labels, architecture, cores))
        (tmp_path / "cnn.mpy").write_bytes(b"M\x06code")
        return tmp_path / "cnn.mpy"

    monkeypatch.setattr(deploy_verb, "choose", choose)
    (part,) = deploy_verb._native(PICO, BLOB, 2)
    assert dict(part.files) == {"_smidgen.mpy": b"M\x06code"}
    assert asked == [(["_silence_", "_unknown_", "yes", "no"], "armv6m", 2)]


@pytest.mark.parametrize("has", [{"engine": "usermod"}, {"engine": "wasm"}, {"architecture": None}])
def test_a_board_that_has_an_engine_or_takes_no_machine_code_gets_none(has):
    assert deploy_verb._native(replace(PICO, **has), BLOB, 1) == []


def test_a_model_is_packed_for_an_architecture_that_has_layouts_of_its_own():
    content = BLOB.to_bytes()
    assert Blob.from_bytes(packed(content, "m", "armv6m"), "m").target == "ARMV6M"
    assert packed(content, "m", "xtensawin") == content


@pytest.mark.parametrize(
    ("implementation", "version", "text"),
    [
        ("micropython", (1, 22, 2), r"runs MicroPython 1\.22\.2; Smidgen needs MicroPython 1\.23 or newer"),
        ("circuitpython", (8, 2, 6), r"runs CircuitPython 8\.2\.6; Smidgen needs CircuitPython 9\.0 or newer"),
        ("snakes", (1, 0, 0), r"runs snakes 1\.0\.0; Smidgen needs MicroPython"),
    ],
)
def test_wrong_firmware_is_one_clear_line(implementation, version, text):
    with pytest.raises(DeviceError, match=text) as caught:
        check_firmware(replace(PICO, implementation=implementation, version=version), "/dev/ttyACM0")
    assert "\n" not in str(caught.value) and str(caught.value).startswith("/dev/ttyACM0: ")
    check_firmware(PICO, "/dev/ttyACM0")
