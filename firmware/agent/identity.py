# What a board says of itself. Sent to the board; needs MicroPython or CircuitPython.

import os
import sys


def module(name):
    # Of the firmware's own. A native module's file is left alone: it takes RAM, and a cut one can hang the board.
    folders = sys.path[:]
    sys.path[:] = [folder for folder in folders if not has(folder, name + ".mpy")]
    try:
        return __import__(name)
    except ImportError:
        return None
    finally:
        sys.path[:] = folders


def has(folder, name):
    try:
        os.stat(folder + "/" + name if folder else name)
        return True
    except OSError:
        return False


def identity():
    about = sys.implementation
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
        "engine": getattr(module("_smidgen"), "ENGINE", None),
        "tflm": module("_tflm") is not None,
    }
