"""The exceptions, named as on the host. `_format.ERRORS` lists the engine's; each becomes a class when first needed.

    SmidgenError          everything that the package raises on purpose
    |-- EngineError       a native module that this board cannot run
    |-- SensorError       a sensor that does not answer, a bus that is stuck; the next read tries again
    `-- ModelError        the engine's errors: TruncatedError, CrcError, UnsupportedError, InputError, ...

A heap that is too small raises MicroPython's own MemoryError, with a text that says how much was needed.
"""

from ._format import ERRORS


class SmidgenError(Exception):
    """Base of the tree."""


class EngineError(SmidgenError):
    """A native module that this board cannot run: damaged, or made for another board or MicroPython."""


class SensorError(SmidgenError):
    """A sensor that does not do what it should. What it gives afterwards is a new stream."""


class ModelError(SmidgenError):
    """A model that the engine refuses, or a use of it. `code` is the engine's negative number."""

    code = 0


def __getattr__(name):
    for code, (class_name, _) in ERRORS.items():
        if class_name == name:
            made = globals()[name] = type(name, (ModelError,), {"code": code})
            return made
    raise AttributeError(name)


def error(name, source="", text=None):
    """The exception called `name`, about `source` (a file or an argument), with a text of its own or the engine's."""
    made = globals().get(name) or __getattr__(name)
    text = text or ERRORS[made.code][1]
    return made(source + ": " + text if source else text)


def error_for(code, source=""):
    """The exception for an engine's negative result."""
    return error(ERRORS[code][0], source)
