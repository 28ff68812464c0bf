"""Accelerometers as sources of motion.

A source is any object with

    rate_hz           samples a second; without it, it is trusted to have the model's rate
    readinto(buf)     wait for motion, write samples of three int16 (milli-g along x, y, z) into the bytearray or array
                      buf, return the bytes written: whole samples, at most its size; 0 at the end of a recording
    wait_ms()         optional: how long readinto would wait, so that other tasks may run meanwhile

    imu = IMU()       the board's own: on a simulated board what is played to it, else the first one found on the bus
                      that wiring.json tells of
    imu = IMU(I2C(1, sda=Pin(6), scl=Pin(7)))       on another bus, of machine's or CircuitPython's busio
"""

import struct

from .clock import sleep_us, ticks_add, ticks_diff, ticks_us
from .errors import SensorError
from .wiring import part as wired

_SAMPLE = 6  # bytes of three int16
_STILL = 50  # samples that never change: no accelerometer is that calm, see Accelerometer._still


_TIMEOUTS = (110, 116)  # ETIMEDOUT, by lwIP's numbers and by newlib's


class Part:
    """A kind of accelerometer: where it answers, how it is told from others, what sets it to 4 g and about 100 samples
    a second, where its data lies, and milli-g = raw * multiplier / divisor."""

    def __init__(self, name, addresses, id_register, ids, setup, data, order, multiplier, divisor):
        self.name, self.addresses, self.id_register, self.ids = name, addresses, id_register, ids
        self.setup, self.data, self.format = setup, data, order + "hhh"
        self.multiplier, self.divisor = multiplier, divisor


# Registers as the data sheets have them: ST DocID026899 (LSM6DS3; DS3TR-C, DSL, DSR, DSO and DSOX alike), DocID025715
# (LSM9DS1), InvenSense RM-MPU-6000A-00, Analog Devices ADXL345 rev. E.
PARTS = (
    Part("LSM6DS", (0x6A, 0x6B), 0x0F, (0x69, 0x6A, 0x6B, 0x6C), ((0x12, 0x44), (0x10, 0x48)), 0x28, "<", 122, 1000),
    Part("LSM9DS1", (0x6A, 0x6B), 0x0F, (0x68,), ((0x22, 0x44), (0x20, 0x70)), 0x28, "<", 122, 1000),
    Part(
        "MPU-6050",
        (0x68, 0x69),
        0x75,
        (0x68,),
        ((0x6B, 0x01), (0x1A, 0x03), (0x19, 0x09), (0x1C, 0x08)),
        0x3B,
        ">",
        1000,
        8192,
    ),
    Part("ADXL345", (0x53, 0x1D), 0x00, (0xE5,), ((0x2C, 0x0A), (0x31, 0x09), (0x2D, 0x08)), 0x32, "<", 1000, 256),
)


class Accelerometer:
    """A sensor on I2C that gives its latest measurement `rate_hz` times a second.

    part: which; missed: samples that a busy program came too late for; restarts: how often the sensor had to be set up
    anew, because it had lost its power. readinto raises SensorError when the sensor does not answer, and tries to set
    it up again when it is called next: catch it and go on.
    """

    def __init__(self, i2c, part, address, rate_hz=25):
        self.part, self.rate_hz = part, rate_hz
        self.missed = self.restarts = 0
        self._i2c, self._address = i2c, address
        self._period_us = round(1000000 / rate_hz)
        self._raw, self._before = bytearray(_SAMPLE), bytearray(_SAMPLE)
        self._check = bytearray(1)
        self._alike = 0
        self._is_set = False
        self._set_up()
        self._due = ticks_us()

    def wait_ms(self):
        """Milliseconds until the next sample is due."""
        return max(0, ticks_diff(self._due, ticks_us()) // 1000)

    def readinto(self, buf):
        """One sample: 6 bytes, after it was waited for."""
        wait = ticks_diff(self._due, ticks_us())
        if wait > 0:
            sleep_us(wait)
        elif wait < -self._period_us:
            self.missed += -wait // self._period_us
            self._due = ticks_us()
        self._due = ticks_add(self._due, self._period_us)
        if not self._is_set:
            self.restarts += 1
            self._set_up()
        self._measure()
        part = self.part
        x, y, z = struct.unpack(part.format, self._raw)
        half = part.divisor // 2
        struct.pack_into(
            "<hhh",
            buf,
            0,
            (x * part.multiplier + half) // part.divisor,
            (y * part.multiplier + half) // part.divisor,
            (z * part.multiplier + half) // part.divisor,
        )
        return _SAMPLE

    def _measure(self):
        try:
            self._i2c.readfrom_mem_into(self._address, self.part.data, self._raw)
        except OSError as error:
            raise self._lost(error)
        if self._raw != self._before:
            self._before[:] = self._raw
            self._alike = 0
            return
        self._alike += 1
        if self._alike >= _STILL:
            self._alike = 0
            self._still()

    def _still(self):
        """The same value for long: did the sensor lose its power and with it its settings?"""
        register, value = self.part.setup[-1]
        try:
            self._i2c.readfrom_mem_into(self._address, register, self._check)
        except OSError as error:
            raise self._lost(error)
        if self._check[0] != value:
            self.restarts += 1
            self._set_up()

    def _set_up(self):
        try:
            self._i2c.readfrom_mem_into(self._address, self.part.id_register, self._check)
            if self._check[0] not in self.part.ids:
                raise SensorError("imu: another sensor answers in place of the " + self.part.name)
            for register, value in self.part.setup:
                self._i2c.writeto_mem(self._address, register, bytes([value]))
        except OSError as error:
            raise self._lost(error)
        self._is_set = True

    def _lost(self, error):
        self._is_set = False
        return _failure(error, "the " + self.part.name)


def _failure(error, what):
    if error.args and error.args[0] in _TIMEOUTS:
        return SensorError(
            "imu: the I2C bus is stuck; check its wires and pull-up resistors, then power the sensor off and on"
        )
    return SensorError("imu: %s does not answer; check its wires" % what)


def find(i2c, rate_hz=25):
    """The first accelerometer of a known kind on a bus. Raises SensorError when there is none, or the bus is stuck."""
    if hasattr(i2c, "try_lock"):
        from .busio_i2c import BusioI2C

        i2c = BusioI2C(i2c)
    check = bytearray(1)
    heard = None
    for part in PARTS:
        for address in part.addresses:
            try:
                i2c.readfrom_mem_into(address, part.id_register, check)
            except OSError as error:
                if error.args and error.args[0] in _TIMEOUTS:
                    raise _failure(error, part.name)
                continue
            if check[0] in part.ids:
                return Accelerometer(i2c, part, address, rate_hz)
            heard = address
    if heard is None:
        raise SensorError("imu: nothing answers on the I2C bus; check wires and power")
    raise SensorError("imu: the sensor at address 0x%x is not known; give Watcher a source as in imu.py" % heard)


class _Simulated:
    """What is played to a simulated board, to the end."""

    def __init__(self, read):
        self.readinto = read


def _bus():
    """The I2C bus that wiring.json tells of; bus 0 on its usual pins where it tells of none."""
    place = wired("imu")
    try:
        from machine import I2C, Pin
    except ImportError:
        from .busio_i2c import open_bus

        return open_bus(place)
    if place is None:
        return I2C(0)
    pins = {"sda": Pin(place["sda"]), "scl": Pin(place["scl"])}
    try:
        return I2C(0, **pins)
    except ValueError:  # on some chips each pair of pins belongs to one of two buses
        return I2C(1, **pins)


def IMU(i2c=None, rate_hz=25):
    """The board's own accelerometer; i2c: a machine.I2C or a busio.I2C, default what
    wiring.json tells of. Raises SensorError."""
    if i2c is None:
        try:
            from _sim import imu_readinto

            return _Simulated(imu_readinto)
        except ImportError:
            i2c = _bus()
    return find(i2c, rate_hz)
