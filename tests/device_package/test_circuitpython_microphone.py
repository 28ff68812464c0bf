"""Microphones of CircuitPython against fakes of audiobusio and analogbufio: samples, rates, and what it lacks."""

from __future__ import annotations

import types
from array import array

import pytest

from tests.support.keyword_model import keyword_model

SECOND = 16000


class CircuitPython:
    """audiobusio.PDMIn or analogbufio.BufferedIn: unsigned values that count up, at a rate of its own."""

    true_hz, fault = SECOND, None
    taken: set[tuple] = set()  # noqa: RUF012  # pins

    def __init__(self, *pins, sample_rate, **settings):
        if pins in self.taken:
            raise ValueError(f"{pins[0]} in use")
        self.taken.add(pins)
        self.pins, self.sample_rate, self._next = pins, self.true_hz, 32758
        assert sample_rate == SECOND and settings in ({"bit_depth": 16}, {})

    def deinit(self):
        self.taken.remove(self.pins)

    def record(self, words, count):
        if self.fault:
            raise self.fault
        words[:] = array("H", range(self._next, self._next + count))
        self._next += count

    def readinto(self, words):
        self.record(words, len(words))


@pytest.fixture(params=["PDM", "ADC"])
def circuitpython(request, firmware):
    """A wiring, on a board that runs CircuitPython."""
    CircuitPython.taken.clear()
    firmware.add("board", D1="d1")
    firmware.add("microcontroller", pin=types.SimpleNamespace(GPIO26="26", GPIO22="22", P0_23="23"))
    firmware.add("audiobusio", PDMIn=CircuitPython)
    firmware.add("analogbufio", BufferedIn=CircuitPython)
    return {"PDM": {"bus": "PDM", "clock": 23, "data": 22}, "ADC": {"bus": "ADC", "pin": 26}}[request.param]


def test_circuitpython_s_inputs_give_signed_samples(python_package, circuitpython):
    microphone = python_package.Microphone(circuitpython)
    buf = array("h", bytes(20))
    assert microphone.readinto(buf) == 20 and buf.tolist() == list(range(-10, 0))
    assert microphone.readinto(buf) == 20 and buf.tolist() == list(range(10))


def test_one_that_fails_is_a_named_error_and_is_opened_anew(python_package, circuitpython, monkeypatch):
    microphone, buf = python_package.Microphone(circuitpython), array("h", bytes(20))
    monkeypatch.setattr(CircuitPython, "fault", OSError(5))
    with pytest.raises(python_package.SensorError, match="microphone: does not answer"):
        microphone.readinto(buf)
    monkeypatch.setattr(CircuitPython, "fault", None)
    assert microphone.readinto(buf) == 20 and buf[0] == -10


def test_a_wire_that_is_off_is_told(python_package, circuitpython, monkeypatch):
    monkeypatch.setattr(CircuitPython, "record", lambda self, words, count: None)  # they stay as they were
    microphone, buf = python_package.Microphone(circuitpython), array("h", bytes(640))
    for _ in range(SECOND // 320):
        microphone.readinto(buf)
    assert microphone.status == "unplugged"


@pytest.mark.parametrize(("true_hz", "told"), [(15900, 16000), (22050, 22050)])
def test_a_rate_that_is_off_by_more_than_a_percent_is_told_and_refused(
    python_package, circuitpython, monkeypatch, true_hz, told
):
    monkeypatch.setattr(CircuitPython, "true_hz", true_hz)
    microphone = python_package.Microphone(circuitpython)
    assert microphone.rate_hz == told
    if told != SECOND:
        with pytest.raises(python_package.error("InputError"), match="gives 22050 samples a second, the model wants"):
            python_package.Listener(python_package.Model(bytearray(keyword_model())), microphone)


def test_i2s_on_circuitpython_and_pins_that_it_lacks_are_named(python_package, circuitpython):
    with pytest.raises(python_package.SmidgenError, match="no input for I2S; use one of PDM, ADC"):
        python_package.Microphone({"bus": "I2S", "sck": 16, "ws": 17, "sd": 18})
    with pytest.raises(python_package.SensorError, match="this board has no pin 99"):
        python_package.Microphone({"bus": "PDM", "clock": 99, "data": 22})
