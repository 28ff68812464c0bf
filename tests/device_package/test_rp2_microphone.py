"""PDM and analogue microphones on a fake RP2040, whose PIO, ADC and DMA work while time passes: their sound, what comes
too late, what stays away; and their filters, exactly."""

from __future__ import annotations

import ctypes
import sys
import types
from array import array

import numpy as np
import pytest

from tests.device_package.fakes import Clock, Firmware, Pin

SECOND = 16000
PDM = {"bus": "PDM", "clock": 23, "data": 22}


class Chip:
    """An RP2040: time passes while a program asks for it, and DMA moves a peripheral's bytes meanwhile."""

    def __init__(self, firmware: Firmware, content: bytes, rate: int):
        self.content, self.rate, self.now, self.taken, self.stuck = content, rate, 1_000_000, 0, False
        self.channels: list[Dma] = []
        self.machines: list[tuple] = []
        self.registers: dict[int, int] = {}
        self.program: list[str] = []
        self.claimed = {4}
        constants = types.SimpleNamespace(OUT_LOW="low", SHIFT_RIGHT="right", JOIN_RX="rx")
        firmware.add("rp2", asm_pio=self._assemble, PIO=constants, DMA=self._channel, StateMachine=self._machine)
        firmware.add("machine", Pin=Pin, ADC=lambda pin: None, mem32=Registers(self.registers))
        firmware.add("uctypes", addressof=address)
        firmware.name("Raspberry Pi Pico with RP2040")

    def pass_us(self, us: int) -> None:
        self.now += us
        if not self.stuck:
            due = us * self.rate // 1_000_000 // 4 * 4
            for channel in self.channels:
                channel.move(self.content[self.taken : self.taken + due])
            self.taken += due

    def ticks_us(self) -> int:
        self.pass_us(500)
        return self.now

    def _channel(self) -> Dma:
        self.channels.append(Dma())
        return self.channels[-1]

    def _machine(self, number, program, **settings):
        if number in self.claimed:
            raise ValueError("StateMachine claimed by external resource")
        self.machines.append((number, settings))
        return types.SimpleNamespace(active=lambda on: None)

    def _assemble(self, **settings):
        """The body of a PIO program as text, with what it drives its clock to."""
        steps = self.program

        def instruction(name):
            step = types.SimpleNamespace(side=lambda level: steps.append(f"{name} side {level}"))
            return lambda *_: step

        def decorate(function):
            names = {"nop": instruction("nop"), "in_": instruction("in"), "pins": "pins"}
            exec(function.__code__, names)
            return settings

        return decorate


class Registers(dict):
    """machine.mem32; a register that nobody wrote is 0."""

    def __init__(self, kept):
        self.kept = kept

    def __getitem__(self, place):
        return self.kept.get(place, 0)

    def __setitem__(self, place, value):
        self.kept[place] = value & 0xFFFFFFFF


class Dma:
    """rp2.DMA into a ring. It stops after `count` transfers, as RP2040's does."""

    def pack_ctrl(self, **fields):
        return fields

    def config(self, write, read=None, count=0, ctrl=None, trigger=False):
        if not isinstance(write, int):
            self.ring, self.base, self.at = write, address(write), 0
            assert self.base % len(write) == 0 and len(write) == 1 << ctrl["ring_size"] and ctrl["ring_sel"]
        else:
            assert write == self.write
        self.read, self.count, self.ctrl, self.running = read, count, ctrl, trigger

    @property
    def write(self) -> int:
        return self.base + self.at

    def active(self) -> bool:
        return self.running

    def move(self, content: bytes) -> None:
        for byte in content if self.running else b"":
            self.ring[self.at] = byte
            self.at = (self.at + 1) % len(self.ring)

    def close(self) -> None:
        self.running = False


def address(buf) -> int:
    return ctypes.addressof((ctypes.c_char * memoryview(buf).nbytes).from_buffer(buf))


def on_chip(firmware, python_package, monkeypatch, content: bytes, rate: int) -> Chip:
    """The chip, and the package's drivers for it, loaded anew."""
    chip = Chip(firmware, content, rate)
    name = f"{python_package.root.__name__}.rp2_inputs"
    monkeypatch.setitem(sys.modules, name, chip)  # so that it is gone after the test
    del sys.modules[name]
    module = python_package.module("rp2_inputs")
    clock = Clock()
    clock.ticks_us = chip.ticks_us
    monkeypatch.setattr(module, "time", clock)
    return chip


def density(samples: np.ndarray, over: int = 128) -> bytes:
    """A second-order sigma-delta modulator: float [n] of -1 to 1 as bits, the lowest of a byte first."""
    bits, first, second = [], 0.0, 0.0
    for value in np.repeat(samples, over).tolist():
        bit = second >= 0
        bits.append(bit)
        first += value - (1 if bit else -1)
        second += first - (1 if bit else -1)
    return np.packbits(bits, bitorder="little").tobytes()


def read(microphone, count: int, hop: int = 320) -> np.ndarray:
    buf, parts = array("h", bytes(2 * hop)), []
    for _ in range(count // hop):
        assert microphone.readinto(buf) == 2 * hop
        parts.append(np.array(buf))
    return np.concatenate(parts)


def test_a_pdm_microphone_s_bits_become_its_sound(python_package, firmware, monkeypatch):
    t = np.arange(2240) / SECOND
    chip = on_chip(firmware, python_package, monkeypatch, density(0.5 * np.sin(2 * np.pi * 1000 * t)), 256_000)
    microphone = python_package.Microphone(PDM)
    found = read(microphone, 1920)[640:]
    spectrum = np.abs(np.fft.rfft(found * np.hanning(len(found))))
    peak = int(spectrum.argmax())
    assert peak * SECOND / len(found) == 1000
    assert abs(np.abs(found).max() / 32768 - 0.5) < 0.02
    rest = np.delete(spectrum, [*range(6), *range(peak - 3, peak + 4)])  # from 75 Hz on
    assert 10 * np.log10(spectrum[peak] ** 2 / (rest**2).sum()) > 55
    number, settings = chip.machines[0]
    assert number == 5, "the first state machine is taken"
    assert settings["freq"] == 2 * 2_048_000
    assert chip.channels[0].ctrl["treq_sel"] == 8 + 4 + 1  # PIO 1, RX FIFO of machine 1
    assert chip.program == ["nop side 0", "in side 1"]
    assert microphone.missed == 0 and microphone.status == "ok"


def test_what_comes_while_a_program_is_busy_is_kept_and_what_is_too_much_is_counted(
    python_package, firmware, monkeypatch
):
    loud = np.zeros(SECOND // 4)
    chip = on_chip(firmware, python_package, monkeypatch, density(loud), 256_000)
    microphone = python_package.Microphone(PDM)
    read(microphone, 320)
    chip.pass_us(40_000)
    read(microphone, 640)
    assert microphone.missed == 0
    chip.pass_us(70_000)
    read(microphone, 320)
    assert microphone.missed == 1


def test_pdm_that_stays_away_is_a_named_error_and_comes_back(python_package, firmware, monkeypatch):
    chip = on_chip(firmware, python_package, monkeypatch, density(np.zeros(SECOND // 2)), 256_000)
    microphone = python_package.Microphone(PDM)
    chip.stuck = True
    with pytest.raises(python_package.SensorError, match="its samples stay away; check its wires"):
        read(microphone, 320)
    chip.stuck = False
    assert len(read(microphone, 320)) == 320
    assert len(chip.machines) == 2 and not chip.channels[0].running


@pytest.mark.parametrize("bus", ["PDM", "ADC"])
def test_a_wire_that_comes_off_is_told_and_so_is_that_it_is_back(python_package, firmware, monkeypatch, bus):
    tone = 0.3 * np.sin(2 * np.pi * 525 * np.arange(640) / SECOND)
    wiring, rate, sound = PDM, 256_000, density(tone)
    if bus == "ADC":
        wiring, rate, sound = {"bus": "ADC", "pin": 26}, 32_000, np.rint(2000 + 1000 * tone).astype("<u2").tobytes()
    chip = on_chip(firmware, python_package, monkeypatch, sound * 10 + bytes(len(sound) * 15) + sound * 10, rate)
    microphone = python_package.Microphone(wiring)
    monkeypatch.setattr(microphone._level, "_whole", 100)  # a tenth of a second
    said = []
    while chip.taken < len(chip.content) - rate // 10:
        read(microphone, 320)
        said.append(microphone.status)
    changes = [now for before, now in zip(["", *said], said, strict=False) if now != before]
    assert [status for status in changes if status != "clipping"] == [
        "ok",
        "unplugged",
        "ok",
    ]  # it falls off with a bang


def test_dma_that_has_ended_is_started_again_where_it_was(python_package, firmware, monkeypatch):
    chip = on_chip(firmware, python_package, monkeypatch, density(np.zeros(SECOND // 4)), 256_000)
    microphone = python_package.Microphone(PDM)
    read(microphone, 320)
    chip.channels[0].running = False  # after 18 hours
    assert len(read(microphone, 640)) == 640


def test_an_analogue_microphone_gives_its_measurements_less_their_middle(python_package, firmware, monkeypatch):
    t = np.arange(SECOND // 2) / SECOND
    volts = np.rint(1900 + 1000 * np.sin(2 * np.pi * 500 * t)).astype("<u2")
    chip = on_chip(firmware, python_package, monkeypatch, volts.tobytes(), 32_000)
    microphone = python_package.Microphone({"bus": "ADC", "pin": 27})
    found = read(microphone, 6400)[-3200:]
    assert abs(found.mean()) < 40 and abs(found.max() - 16000) < 50
    base = 0x4004C000
    assert chip.registers[base] & 0x7008 == 0x1008  # input 1, measuring on and on
    assert chip.registers[base + 0x10] == (48_000_000 // SECOND - 1) << 8
    assert chip.channels[0].ctrl["treq_sel"] == 36 and chip.channels[0].read == base + 0x0C
    with pytest.raises(python_package.SensorError, match="pin 5 is not analogue"):
        python_package.Microphone({"bus": "ADC", "pin": 5})


def test_the_filters_are_a_third_order_cic_and_a_half_band_fir_exactly(python_package):
    loops = python_package.module("sound_loops")
    rng, count = np.random.default_rng(2), 40
    content = rng.integers(0, 256, 16 * count).astype(np.uint8)
    content[:200] = 255  # as far as it goes
    half = array("i", bytes(4 * (loops.TAPS - 1 + 2 * count)))
    state, out = array("i", bytes(4 * loops.SINC)), array("h", bytes(2 * count))
    loops.sinc(0, 0, content, 0, 30, loops.sinc_table(), state, half, loops.TAPS - 1)
    loops.sinc(0, 0, content, 240, 2 * count - 30, loops.sinc_table(), state, half, loops.TAPS - 1 + 30)
    ones = np.ones(64, np.int64)
    bits = np.unpackbits(content, bitorder="little").astype(np.int64)
    cic = np.convolve(bits, np.convolve(np.convolve(ones, ones), ones))[63 : len(bits) : 64]
    expected = cic >> 2
    assert half[loops.TAPS - 1 :].tolist() == expected.tolist() and expected.max() == 65536
    middle, *side = 9166, 5422, -689, -2041, 250, 1050, -122, -563, 40, 262
    padded = np.concatenate([np.zeros(loops.TAPS - 1, np.int64), expected])
    fir = (np.convolve(padded, [*side[::-1], middle, *side], "valid")[: 2 * count : 2] + 8192) >> 14
    total = loops.halve(half, 0, out, count, 32760)
    assert out.tolist() == np.clip(fir - 32760, -32768, 32767).tolist() and total == sum(out)
    assert half[: loops.TAPS - 1].tolist() == expected[-(loops.TAPS - 1) :].tolist()
