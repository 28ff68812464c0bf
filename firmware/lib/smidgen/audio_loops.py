"""The inner loops of the front end in Python, chosen as loops.py chooses the engine's."""

from .loops import MACHINE_CODE

if MACHINE_CODE:
    from .viper_audio import filterbank, pairs, quads, spectrum, window
else:
    from .plain_audio import filterbank, pairs, quads, spectrum, window

__all__ = ("filterbank", "pairs", "quads", "spectrum", "window")
