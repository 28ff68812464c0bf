"""CircuitPython's I2C with the face of MicroPython's, as far as imu.py asks for it."""

from .errors import SensorError
from .wiring import circuitpython_pin as pin

_ETIMEDOUT = 116
_TRIES = 1000


def open_bus(place):
    """The bus on the pins of `place`, what wiring.json says of it; without it the board's own. Raises SensorError."""
    import board
    import busio

    try:
        return busio.I2C(pin(place["scl"]), pin(place["sda"])) if place else board.I2C()
    except AttributeError:
        raise SensorError("imu: this board has no I2C bus of its own; say its pins in wiring.json")
    except (RuntimeError, ValueError) as failure:  # such as: no pull up found
        raise SensorError("imu: the I2C bus cannot be opened (%s); check its wires and pull-up resistors" % failure)


class BusioI2C:
    """Raises OSError as machine.I2C does; ETIMEDOUT too when another program keeps the bus."""

    def __init__(self, i2c):
        """i2c: a busio.I2C."""
        self._i2c = i2c
        self._register, self._pair = bytearray(1), bytearray(2)

    def readfrom_mem_into(self, address, register, buf):
        self._register[0] = register
        self._lock()
        try:
            self._i2c.writeto_then_readfrom(address, self._register, buf)
        finally:
            self._i2c.unlock()

    def writeto_mem(self, address, register, content):
        self._pair[0], self._pair[1] = register, content[0]
        self._lock()
        try:
            self._i2c.writeto(address, self._pair)
        finally:
            self._i2c.unlock()

    def _lock(self):
        for _ in range(_TRIES):
            if self._i2c.try_lock():
                return
        raise OSError(_ETIMEDOUT)
