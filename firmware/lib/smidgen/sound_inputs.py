"""Microphones that MicroPython and CircuitPython know: from what wiring.json says of one to an object with `readinto`.

    bus   pins              MicroPython                              CircuitPython
    I2S   sck, ws, sd       machine.I2S                              -
    PDM   clock, data       RP2040 and RP2350: rp2_inputs.py         audiobusio.PDMIn
    ADC   pin               RP2040 and RP2350: rp2_inputs.py         analogbufio.BufferedIn

"power", where there is one, is a pin that is switched on first. An analogue microphone rests in the middle of the
range. What CircuitPython's `PDMIn` and `BufferedIn` hear between two reads is lost, so there a program must be quick.
"""

from array import array

from .errors import SensorError, SmidgenError

_BUFFER = 16384  # bytes between machine.I2S and the program: of 16 kHz in 32 bits on either channel, 128 ms
_CENTRE = 32768


def open_input(wiring, rate_hz):
    """The source that `wiring` describes, see above. Raises SensorError when it cannot be opened, SmidgenError for one
    that this firmware has no input for."""
    try:
        import audiobusio  # noqa: F401

        circuitpython = True
    except ImportError:
        circuitpython = False
    kind = wiring.get("bus")
    makers = {"PDM": _pdm_circuitpython, "ADC": _adc_circuitpython}
    if not circuitpython:
        makers = {"I2S": _i2s, "PDM": _pdm, "ADC": _adc}
    if kind not in makers:
        raise SmidgenError("microphone: this firmware has no input for %s; use one of %s" % (kind, ", ".join(makers)))
    try:
        return makers[kind](wiring, rate_hz)
    except KeyError as missing:
        raise SmidgenError("wiring.json: the microphone on %s lacks %s" % (kind, missing))
    except (OSError, ValueError) as error:
        raise SensorError("microphone: %s cannot be opened (%s); check its pins" % (kind, error))


def _i2s(wiring, rate_hz):
    from machine import I2S, Pin

    _power(wiring)
    data = Pin(wiring["sd"], Pin.IN, Pin.PULL_DOWN)  # a wire that is off then reads as nothing at all
    # Sixteen of the 32 bits that the microphone sends: the port cuts them while it copies.
    clocks = {"sck": Pin(wiring["sck"]), "ws": Pin(wiring["ws"]), "sd": data}
    return I2S(0, mode=I2S.RX, bits=16, format=I2S.MONO, rate=rate_hz, ibuf=_BUFFER, **clocks)


def _pdm(wiring, rate_hz):
    _power(wiring)
    try:
        from .rp2_inputs import Pdm
    except ImportError:
        raise _only_rp2("PDM")
    return Pdm(wiring["clock"], wiring["data"], rate_hz)


def _adc(wiring, rate_hz):
    _power(wiring)
    try:
        from .rp2_inputs import Analogue
    except ImportError:
        raise _only_rp2("ADC")
    return Analogue(wiring["pin"], rate_hz)


def _only_rp2(kind):
    return SmidgenError("microphone: MicroPython reads %s only on RP2040 and RP2350; connect an I2S microphone" % kind)


def _power(wiring):
    if "power" in wiring:
        from machine import Pin

        Pin(wiring["power"], Pin.OUT, value=1)


def _pdm_circuitpython(wiring, rate_hz):
    from audiobusio import PDMIn

    from .wiring import circuitpython_pin as pin

    source = PDMIn(pin(wiring["clock"]), pin(wiring["data"]), sample_rate=rate_hz, bit_depth=16)
    return _Unsigned(source, source.record, rate_hz)


def _adc_circuitpython(wiring, rate_hz):
    from analogbufio import BufferedIn

    from .wiring import circuitpython_pin as pin

    source = BufferedIn(pin(wiring["pin"]), sample_rate=rate_hz)
    return _Unsigned(source, lambda words, count: source.readinto(words), rate_hz)


class _Unsigned:
    """CircuitPython's sources: 16 bits without a sign, as many as are asked for.

    rate_hz: the true one; within 1 % of what was asked for, that.
    """

    def __init__(self, source, record, rate_hz):
        true_hz = source.sample_rate
        self.deinit = source.deinit  # or its pins are not free when it is opened again
        self.rate_hz = rate_hz if abs(true_hz - rate_hz) * 100 <= rate_hz else true_hz
        self._record = record
        self._words = array("H")

    def readinto(self, buf):
        count = len(buf)
        if len(self._words) != count:
            self._words = array("H", bytes(2 * count))
        words = self._words
        self._record(words, count)
        for i in range(count):
            buf[i] = words[i] - _CENTRE
        return 2 * count
