"""I2S microphones against a fake of MicroPython's: samples, wires that come off, what is told of silence and noise, and
wirings that make no sense."""

from __future__ import annotations

import json
from array import array

import numpy as np
import pytest

from tests.device_package.fakes import Pin

SECOND = 16000
I2S = {"bus": "I2S", "sck": 16, "ws": 17, "sd": 18}


class FakeI2S:
    """machine.I2S; what it gives is set from outside. `fault`: the OSError of a port whose wires are off."""

    RX, MONO = "rx", "mono"
    opened: list[FakeI2S] = []  # noqa: RUF012
    sound = np.zeros(0, np.int16)
    fault: OSError | None = None

    def __init__(self, number, **settings):
        self.number, self.settings = number, settings
        FakeI2S.opened.append(self)

    def readinto(self, buf):
        if FakeI2S.fault:
            raise FakeI2S.fault
        part, FakeI2S.sound = FakeI2S.sound[: len(buf)], FakeI2S.sound[len(buf) :]
        buf[: len(part)] = array("h", part.tolist())
        return 2 * len(part)

    def deinit(self):
        self.settings = None


@pytest.fixture
def i2s(firmware):
    firmware.add("machine", I2S=FakeI2S, Pin=Pin)
    FakeI2S.opened, FakeI2S.fault = [], None
    return FakeI2S


def heard(microphone, samples: np.ndarray) -> list[str]:
    """Play int16 [n] to a fake I2S; the status after each second."""
    FakeI2S.sound = samples.astype(np.int16)
    buf, said = array("h", bytes(640)), []
    for _ in range(len(samples) // SECOND):
        for _ in range(SECOND // 320):
            assert microphone.readinto(buf) == 640
        said.append(microphone.status)
    return said


def test_i2s_is_opened_as_wiring_json_says_and_its_samples_come_through(python_package, i2s, tmp_path):
    (tmp_path / "wiring.json").write_text(json.dumps({"microphone": {"part": "INMP441", **I2S}}))
    microphone = python_package.Microphone()
    settings = i2s.opened[0].settings
    assert (settings["mode"], settings["bits"], settings["format"], settings["rate"]) == ("rx", 16, "mono", 16000)
    assert [settings[name].number for name in ("sck", "ws", "sd")] == [16, 17, 18]
    assert (18, "in", "down") in Pin.made
    i2s.sound = np.arange(-5, 5, dtype=np.int16)
    buf = array("h", bytes(20))
    assert microphone.readinto(buf) == 20 and buf.tolist() == list(range(-5, 5))
    assert microphone.rate_hz == 16000 and microphone.status == "ok" and microphone.missed == 0


def test_silence_clipping_and_a_wire_that_is_off_are_a_status_and_so_is_their_end(python_package, i2s):
    rng = np.random.default_rng(1)
    noise = rng.normal(0, 300, SECOND)
    seconds = {
        "ok": noise,
        "silent": rng.integers(-1, 2, SECOND),
        "clipping": np.clip(noise * 400, -32768, 32767),
        "unplugged": np.full(SECOND, -1),
    }
    order = ["ok", "silent", "ok", "clipping", "unplugged", "ok"]
    microphone = python_package.Microphone(I2S)
    assert heard(microphone, np.concatenate([seconds[name] for name in order])) == order


def test_a_microphone_that_does_not_answer_is_a_named_error_and_comes_back(python_package, i2s):
    microphone = python_package.Microphone(I2S)
    i2s.fault = OSError(5, "EIO")
    buf = array("h", bytes(640))
    for _ in range(2):
        with pytest.raises(python_package.SensorError, match=r"^microphone: does not answer .*; check its wires$"):
            microphone.readinto(buf)
    i2s.fault, i2s.sound = None, np.full(320, 7, np.int16)
    assert microphone.readinto(buf) == 640 and buf[0] == 7
    assert len(i2s.opened) == 3 and i2s.opened[0].settings is None  # opened anew, and the old one let go


def test_pins_that_the_port_refuses_and_wirings_that_make_no_sense_are_named(python_package, firmware, i2s, tmp_path):
    def refuse(*_, **__):
        raise ValueError("invalid pin")

    with pytest.raises(python_package.SmidgenError, match="the microphone on I2S lacks 'sd'"):
        python_package.Microphone({"bus": "I2S", "sck": 16, "ws": 17})
    with pytest.raises(python_package.SmidgenError, match="no input for DVP; use one of I2S, PDM, ADC"):
        python_package.Microphone({"bus": "DVP"})
    with pytest.raises(python_package.SmidgenError, match="PDM only on RP2040 and RP2350; connect an I2S microphone"):
        python_package.Microphone({"bus": "PDM", "clock": 23, "data": 22})
    (tmp_path / "wiring.json").write_text("{")
    with pytest.raises(python_package.SensorError, match=r"wiring\.json: is not JSON"):
        python_package.Microphone()
    firmware.add("machine", I2S=type("I2S", (FakeI2S,), {"__init__": refuse}), Pin=Pin)
    with pytest.raises(python_package.SensorError, match=r"I2S cannot be opened \(invalid pin\); check its pins"):
        python_package.Microphone(I2S)
