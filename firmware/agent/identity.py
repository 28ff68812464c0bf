# What a board says of itself. Sent to the board; needs MicroPython or CircuitPython.

import sys


def identity():
    about = sys.implementation
    try:
        import _smidgen

        engine = _smidgen.ENGINE
    except ImportError:
        engine = None
    try:
        from board import board_id  # CircuitPython
    except ImportError:
        board_id = None
    return {
        "implementation": about.name,
        "version": tuple(about.version[:3]),
        "platform": sys.platform,
        "machine": getattr(about, "_machine", ""),
        "build": getattr(about, "_build", None),
        "mpy": getattr(about, "_mpy", 0) or getattr(about, "mpy", 0),
        "board_id": board_id,
        "engine": engine,
    }
