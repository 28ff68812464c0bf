"""Arducam Mini 2MP (OV2640): frames come through the ArduChip's FIFO on SPI, the sensor is set up on I2C.

    camera = Arducam(SPI(0, baudrate=8000000), Pin(5, Pin.OUT, value=1), I2C(0))

Registers as Arducam's hardware application note (ArduCAM-M-2MP) and OmniVision's data sheet (OV2640, version 1.8) have
them; only those are set that differ from what they are after a reset.
"""

import time

from .errors import SensorError

# ArduChip: bit 7 of an address means writing.
_TEST, _FIFO, _TRIGGER, _SIZE, _BURST = 0x00, 0x04, 0x41, 0x42, 0x3C
_CLEAR, _CAPTURE, _REWIND, _DONE = 0x01, 0x02, 0x30, 0x08
_PATTERN = 0x55

_ADDRESS = 0x30
_BANK, _DSP, _SENSOR = 0xFF, 0x00, 0x01
_PRODUCT, _OV2640 = 0x0A, 0x26
_RESET = ((_BANK, _SENSOR), (0x12, 0x80))
# SVGA from the sensor (COM7), at half its clock (CLKRC); in the DSP 800x600 (HSIZE8, VSIZE8, HSIZE, VSIZE) made 160x120
# (ZMOW, ZMOH), each side divided by four first (CTRLI), as RGB565 (IMAGE_MODE), with its scaling on (CTRL2).
_SET_UP = (
    (_BANK, _SENSOR),
    (0x11, 0x01),
    (0x12, 0x40),
    (_BANK, _DSP),
    (0xE0, 0x04),
    (0xC0, 800 // 8),
    (0xC1, 600 // 8),
    (0x86, 0x3D),
    (0x50, 0x92),
    (0x51, 800 // 4),
    (0x52, 600 // 4),
    (0x53, 0x00),
    (0x54, 0x00),
    (0x55, 0x00),
    (0x5A, 160 // 4),
    (0x5B, 120 // 4),
    (0x5C, 0x00),
    (0xDA, 0x08),
    (0xD3, 0x04),
    (0x05, 0x00),
    (0xE0, 0x00),
)
_PATIENCE_MS = 1000  # for a frame


class Arducam:
    """width, height, format: of its frames. restarts: how often it had to be set up anew.

    readinto raises SensorError when the camera does not answer, gives no frame or a short one; it is set up again when
    it is next read.
    """

    width, height, format = 160, 120, "RGB565BE"

    def __init__(self, spi, select, i2c):
        """spi: a machine.SPI, at most 8 MHz. select: the Pin of its chip select. i2c: a machine.I2C."""
        self._spi, self._select, self._i2c = spi, select, i2c
        self._two = bytearray(2)
        self.restarts = 0
        self._is_set = False
        self._set_up()

    def readinto(self, buf):
        """One frame. Returns its bytes."""
        if not self._is_set:
            self.restarts += 1
            self._set_up()
        self._write(_FIFO, _CLEAR)
        self._write(_FIFO, _REWIND)
        self._write(_FIFO, _CAPTURE)
        began = time.ticks_ms()
        while not self._read(_TRIGGER) & _DONE:
            if time.ticks_diff(time.ticks_ms(), began) > _PATIENCE_MS:
                raise self._lost("gives no picture")
            time.sleep_ms(1)
        size = self._read(_SIZE) | self._read(_SIZE + 1) << 8 | (self._read(_SIZE + 2) & 0x7F) << 16
        if size < len(buf):
            raise self._lost("gave a frame of %d bytes, not %d" % (size, len(buf)))
        self._two[0] = _BURST
        self._select(0)
        self._spi.write(memoryview(self._two)[:1])
        self._spi.readinto(buf)
        self._select(1)
        return len(buf)

    def _set_up(self):
        self._write(_TEST, _PATTERN)
        if self._read(_TEST) != _PATTERN:
            raise self._lost("does not answer on SPI")
        try:
            self._registers(_RESET)
            time.sleep_ms(100)
            self._i2c.writeto(_ADDRESS, bytes((_PRODUCT,)))
            if self._i2c.readfrom(_ADDRESS, 1)[0] != _OV2640:
                raise self._lost("has another sensor than the OV2640")
            self._registers(_SET_UP)
        except OSError:
            raise self._lost("does not answer on I2C")
        self._is_set = True

    def _registers(self, pairs):
        for register, value in pairs:
            self._i2c.writeto(_ADDRESS, bytes((register, value)))

    def _write(self, register, value):
        self._two[0], self._two[1] = register | 0x80, value
        self._select(0)
        self._spi.write(self._two)
        self._select(1)

    def _read(self, register):
        self._two[0], self._two[1] = register, 0
        self._select(0)
        self._spi.write_readinto(self._two, self._two)
        self._select(1)
        return self._two[1]

    def _lost(self, what):
        self._is_set = False
        return SensorError("camera: the Arducam %s; check its wires and its power" % what)
