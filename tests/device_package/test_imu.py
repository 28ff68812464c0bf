"""Accelerometers on I2C, against fakes that keep the data sheets' registers: values, rates, wires that come off."""

from __future__ import annotations

import errno
import json
import struct
import sys
import types

import pytest

from tests.device_package.fakes import Clock

ETIMEDOUT_LWIP = 110


class Chip:
    """Registers of a sensor. A fake knows only what its data sheet says: it does not share the driver's tables."""

    def __init__(
        self, address: int, data: int, order: str, awake: dict[int, tuple[int, int]], power_on: dict[int, int]
    ):
        self.address, self.data, self.order = address, data, order
        self.awake, self.power_on = awake, power_on
        self.motion = (0, 0, 0)
        self.power()

    def power(self) -> None:
        self.registers = bytearray(128)
        for register, value in self.power_on.items():
            self.registers[register] = value

    def read(self, register: int, size: int) -> bytes:
        if register == self.data and all(self.registers[r] & mask == value for r, (mask, value) in self.awake.items()):
            self.registers[register : register + 6] = struct.pack(self.order + "hhh", *self.motion)
        return bytes(self.registers[register : register + size])


# awake: what these bits must be before the sensor measures at 4 g: mode, range, addresses that count up by themselves.
CHIPS = {
    "LSM6DS3": (
        lambda: Chip(0x6A, 0x28, "<", {0x10: (0xFC, 0x48), 0x12: (0x04, 0x04)}, {0x0F: 0x69, 0x12: 0x04}),
        8197,
    ),
    "LSM6DSOX": (
        lambda: Chip(0x6B, 0x28, "<", {0x10: (0xFC, 0x48), 0x12: (0x04, 0x04)}, {0x0F: 0x6C, 0x12: 0x04}),
        8197,
    ),
    "LSM9DS1": (
        lambda: Chip(0x6B, 0x28, "<", {0x20: (0xF8, 0x70), 0x22: (0x04, 0x04)}, {0x0F: 0x68, 0x22: 0x04}),
        8197,
    ),
    "MPU-6050": (lambda: Chip(0x68, 0x3B, ">", {0x6B: (0x40, 0), 0x1C: (0x18, 0x08)}, {0x75: 0x68, 0x6B: 0x40}), 8192),
    "ADXL345": (lambda: Chip(0x53, 0x32, "<", {0x2D: (0x08, 0x08), 0x31: (0x0B, 0x09)}, {0x00: 0xE5, 0x2C: 0x0A}), 256),
}


class Bus:
    """A machine.I2C with one sensor on it, or none; `fault` is the errno of a bus that is stuck."""

    def __init__(self, chip: Chip | None = None):
        self.chip, self.fault = chip, None

    def readfrom_mem_into(self, address, register, buf):
        buf[:] = self._answering(address).read(register, len(buf))

    def writeto_mem(self, address, register, content):
        self._answering(address).registers[register] = content[0]

    def _answering(self, address) -> Chip:
        if self.fault:
            raise OSError(self.fault)
        if self.chip is None or self.chip.address != address:
            raise OSError(errno.ENODEV)
        return self.chip


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def imu(python_package, clock, monkeypatch):
    module = python_package.module("imu")
    for name in ("sleep_us", "ticks_add", "ticks_diff", "ticks_us"):
        monkeypatch.setattr(module, name, getattr(clock, name))
    return module


def sample(sensor) -> tuple[int, int, int]:
    buf = bytearray(6)
    assert sensor.readinto(buf) == 6
    return struct.unpack("<hhh", buf)


@pytest.mark.parametrize("name", CHIPS)
def test_every_sensor_is_found_and_gives_milli_g(imu, name):
    make, one_g = CHIPS[name]
    chip = make()
    sensor = imu.find(Bus(chip))
    assert name.startswith(sensor.part.name)
    chip.motion = (0, one_g, -one_g // 2)
    x, y, z = sample(sensor)
    assert x == 0 and abs(y - 1000) <= 1 and abs(z + 500) <= 1


def test_samples_come_at_the_rate_and_late_ones_are_counted(imu, clock):
    sensor = imu.find(Bus(CHIPS["ADXL345"][0]()), rate_hz=25)
    began = clock.now
    for _ in range(50):
        sample(sensor)
    assert clock.now - began == 49 * 40_000 and sensor.missed == 0
    clock.now += 410_000  # a program that was busy
    sample(sensor)
    assert sensor.missed == 9
    assert sensor.wait_ms() == 40


@pytest.mark.parametrize(("fault", "text"), [
    (errno.EIO, "the MPU-6050 does not answer; check its wires"),
    (ETIMEDOUT_LWIP, "the I2C bus is stuck"), (116, "the I2C bus is stuck"),
])  # fmt: skip
def test_a_wire_that_comes_off_is_a_named_error_and_the_sensor_comes_back(imu, python_package, fault, text):
    SensorError = python_package.error("SensorError")
    chip = CHIPS["MPU-6050"][0]()
    bus = Bus(chip)
    sensor = imu.find(bus)
    chip.motion = (8192, 0, 0)
    assert sample(sensor) == (1000, 0, 0)
    bus.fault = fault
    for _ in range(3):
        with pytest.raises(SensorError, match=text):
            sensor.readinto(bytearray(6))
    chip.power()  # asleep, as after power on
    bus.fault = None
    assert sample(sensor) == (1000, 0, 0)
    assert sensor.restarts >= 1


def test_a_sensor_that_lost_its_power_between_two_reads_is_set_up_again(imu):
    chip = CHIPS["ADXL345"][0]()
    sensor = imu.find(Bus(chip))
    chip.motion = (0, 0, 256)
    assert sample(sensor) == (0, 0, 1000)
    chip.power()
    assert sample(sensor) == (0, 0, 0)
    seen = [sample(sensor) for _ in range(60)]
    assert seen[-1] == (0, 0, 1000) and sensor.restarts == 1


def test_another_sensor_in_its_place_is_an_error(imu, python_package):
    bus = Bus(CHIPS["LSM6DS3"][0]())
    sensor = imu.find(bus)
    bus.fault = errno.EIO
    with pytest.raises(python_package.error("SensorError"), match="does not answer"):
        sensor.readinto(bytearray(6))
    bus.fault, bus.chip.power_on[0x0F] = None, 0x11
    bus.chip.power()
    with pytest.raises(python_package.error("SensorError"), match="another sensor answers in place of the LSM6DS"):
        sensor.readinto(bytearray(6))


def test_a_bus_without_a_known_sensor_is_an_error(imu, python_package):
    SensorError = python_package.error("SensorError")
    with pytest.raises(SensorError, match="nothing answers on the I2C bus"):
        imu.find(Bus())
    stranger = CHIPS["LSM6DS3"][0]()
    stranger.power_on[0x0F] = 0x33
    stranger.power()
    with pytest.raises(SensorError, match="address 0x6a is not known"):
        imu.find(Bus(stranger))
    stuck = Bus()
    stuck.fault = ETIMEDOUT_LWIP
    with pytest.raises(SensorError, match="stuck"):
        imu.find(stuck)


def test_the_bus_is_where_wiring_json_says(imu, monkeypatch, tmp_path):
    opened = []

    class I2C(Bus):
        def __init__(self, number, **pins):
            if number == 0 and pins.get("sda") == 6:
                raise ValueError("bad SDA pin")  # as the RP2040's port does: these pins belong to the other bus
            opened.append((number, pins))
            super().__init__(CHIPS["ADXL345"][0]())

    monkeypatch.setitem(sys.modules, "machine", types.SimpleNamespace(I2C=I2C, Pin=lambda number: number))
    monkeypatch.chdir(tmp_path)
    assert imu.IMU().part.name == "ADXL345"
    for sda, scl in ((4, 5), (6, 7)):
        (tmp_path / "wiring.json").write_text(json.dumps({"imu": {"sda": sda, "scl": scl}}))
        imu.IMU()
    assert opened == [(0, {}), (0, {"sda": 4, "scl": 5}), (1, {"sda": 6, "scl": 7})]


class Busio:
    """CircuitPython's busio.I2C over a `Bus`: a bus is locked before it is used."""

    def __init__(self, bus: Bus):
        self.bus, self.locked, self.kept = bus, False, False

    def try_lock(self) -> bool:
        free = not self.locked and not self.kept
        self.locked = self.locked or free
        return free

    def unlock(self) -> None:
        assert self.locked
        self.locked = False

    def writeto_then_readfrom(self, address, out, into) -> None:
        assert self.locked
        self.bus.readfrom_mem_into(address, out[0], into)

    def writeto(self, address, content) -> None:
        assert self.locked
        self.bus.writeto_mem(address, content[0], content[1:])


@pytest.mark.parametrize("name", CHIPS)
def test_on_circuitpython_every_sensor_is_found_and_comes_back_after_a_fault(imu, python_package, name):
    make, one_g = CHIPS[name]
    busio = Busio(Bus(make()))
    sensor = imu.IMU(busio)
    busio.bus.chip.motion = (one_g, 0, 0)
    assert abs(sample(sensor)[0] - 1000) <= 1
    busio.bus.fault = errno.EIO
    with pytest.raises(python_package.SensorError, match="does not answer; check its wires"):
        sample(sensor)
    busio.bus.fault, busio.kept = None, True
    with pytest.raises(python_package.SensorError, match="the I2C bus is stuck"):
        sample(sensor)
    busio.kept = False
    assert abs(sample(sensor)[0] - 1000) <= 1 and sensor.restarts >= 1 and not busio.locked


def test_circuitpython_s_bus_is_the_board_s_own_or_where_wiring_json_says(imu, python_package, firmware, tmp_path):
    opened = []

    def bus(*pins):
        if "bad" in pins:
            raise RuntimeError("No pull up found on SDA or SCL")
        opened.append(pins)
        return Busio(Bus(CHIPS["ADXL345"][0]()))

    firmware.add("machine").__dict__.clear()  # CircuitPython has none
    board = firmware.add("board", I2C=bus)
    firmware.add("microcontroller", pin=types.SimpleNamespace(GPIO4="four", GPIO5="five", GPIO6="bad"))
    firmware.add("busio", I2C=bus)
    assert imu.IMU().part.name == "ADXL345"
    (tmp_path / "wiring.json").write_text(json.dumps({"imu": {"sda": 4, "scl": 5}}))
    imu.IMU()
    assert opened == [(), ("five", "four")]
    (tmp_path / "wiring.json").write_text(json.dumps({"imu": {"sda": 6, "scl": 5}}))
    with pytest.raises(python_package.SensorError, match=r"cannot be opened \(No pull up found .*\); check its wires"):
        imu.IMU()
    (tmp_path / "wiring.json").unlink()
    del board.I2C
    with pytest.raises(python_package.SensorError, match=r"no I2C bus of its own; say its pins in wiring\.json"):
        imu.IMU()


def test_time_on_circuitpython_is_that_of_its_own_clock(python_package, monkeypatch):
    slept = []
    clock = types.ModuleType("time")
    clock.monotonic_ns, clock.sleep = lambda: 5_000_000, slept.append
    monkeypatch.setitem(sys.modules, "time", clock)
    name = f"{python_package.root.__name__}.clock"
    monkeypatch.delitem(sys.modules, name, raising=False)
    time = python_package.module("clock")
    assert time.ticks_us() == 5000 and time.ticks_diff(time.ticks_add(5000, 40), 5000) == 40
    time.sleep_us(2500)
    assert slept == [0.0025]
