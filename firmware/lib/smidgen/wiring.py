"""What is connected where: wiring.json, which `smidgen deploy` writes from the board's description (boards/ on the
host). A wiring.json of your own in the board's root comes first.

    {"microphone": {"bus": "I2S", "sck": 16, "ws": 17, "sd": 18}, "imu": {"bus": "I2C", "sda": 4, "scl": 5}}
"""

import json

from .errors import SensorError
from .files import find


def part(kind):
    """The description of the board's "microphone", "imu" or "camera", or None. Raises SensorError for a wiring.json
    that is no JSON."""
    try:
        with open(find("wiring.json")) as file:
            return json.load(file).get(kind)
    except ValueError:
        raise SensorError("wiring.json: is not JSON; correct it, or remove it and deploy again")
    except OSError:
        return None


def circuitpython_pin(number):
    """The pin that MicroPython knows by this number or name."""
    import board
    import microcontroller

    names = (number,) if isinstance(number, str) else ("GPIO%d" % number, "P0_%02d" % number, "GP%d" % number)
    for name in names:
        for module in (microcontroller.pin, board):
            if hasattr(module, name):
                return getattr(module, name)
    raise SensorError("wiring.json: this board has no pin %s" % number)
