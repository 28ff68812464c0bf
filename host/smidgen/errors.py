"""Everything Smidgen raises on purpose.

    SmidgenError                 a mistake that the user can mend; the CLI prints it in one line and exits with 1
    |-- UsageError               an argument that makes no sense (a word that cannot be spoken, an unknown language)
    |-- DataError                a folder or file of training data that cannot be used
    |   `-- AudioError           not a WAV, a truncated WAV, a rate that does not fit
    |-- ConvertError             a .tflite (or Keras) model that cannot become a .smg; lists every problem it found
    |-- EngineError              a native module that is missing, or made for another board or MicroPython
    |-- ModelError               a .smg that the engine refuses; one subclass for each engine error (`_format.py`)
    |-- DeviceError              a board, port or simulator that does not answer, or refuses
    |   |-- PortError            no such port, port taken, port vanished
    |   `-- DeployError          the copy to the board failed; what was there before is intact
    |-- DoesNotFit               a model that needs more memory than the board has
    |-- MissingExtra             an optional dependency is absent; the message names the extra that installs it
    `-- Interrupted              Ctrl-C; nothing half-written stays

A message is one line: what is wrong, where, and what to do. Anything else that escapes is our own defect and
shows a traceback.
"""

from __future__ import annotations


class SmidgenError(Exception):
    """Base of the tree. `exit_code` is what the command returns."""

    exit_code = 1


class UsageError(SmidgenError):
    """An argument that makes no sense."""


class DataError(SmidgenError):
    """Training or evaluation data that cannot be used."""


class AudioError(DataError):
    """A recording that cannot be read or does not fit."""


class ConvertError(SmidgenError):
    """A model that cannot be converted. `problems` holds one line for each thing found, all of them."""

    def __init__(self, source: str, problems: list[str]):
        self.source = source
        self.problems = list(problems)
        super().__init__(f"{source}: " + "; ".join(self.problems))


class EngineError(SmidgenError):
    """A native module that is missing, or that this board cannot run."""


class DeviceError(SmidgenError):
    """A board or simulator that does not do what was asked."""


class PortError(DeviceError):
    """A port that is not there, is taken, or vanished."""


class DeployError(DeviceError):
    """A copy to a board that failed. What the board had before is intact."""


class DoesNotFit(SmidgenError):
    """A model that needs more memory than the board has."""


class MissingExtra(SmidgenError):
    """An optional dependency is absent."""

    def __init__(self, feature: str, extra: str):
        self.extra = extra
        super().__init__(f"{feature} needs more packages: pip install 'smidgen[{extra}]'")


class Interrupted(SmidgenError):
    """Ctrl-C. Nothing half-written stays."""

    exit_code = 130
