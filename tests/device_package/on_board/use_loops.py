# For programs on a board that has a native emitter: the Python engine and front end with the loops that one asks for.
import sys

from smidgen.audio_loops import __all__ as AUDIO_NAMES
from smidgen.loops import __all__ as NAMES
from smidgen.picture_loops import __all__ as PICTURE_NAMES


def module(name):
    __import__("smidgen." + name)
    return sys.modules["smidgen." + name]


def use(twin):
    """twin: "viper" or "plain", whatever smidgen chose."""
    for kind, names, users in (
        ("loops", NAMES, ["python_kernels"]),
        ("audio", AUDIO_NAMES, ["_fft", "_frontend"]),
        ("picture", PICTURE_NAMES, ["picture"]),
    ):
        for user in map(module, users):
            for name in names:
                if hasattr(user, name):
                    setattr(user, name, getattr(module("%s_%s" % (twin, kind)), name))
