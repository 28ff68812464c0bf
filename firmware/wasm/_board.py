# Runs inside a simulated board around the user's program: loads the board's modules, runs boot.py and main.py.

import gc
import os
import sys

import micropython


def start():
    for name in ("_sim", "_smidgen"):  # loaded now: later their files cannot be seen
        __import__(name)
    gc.threshold(-1)
    gc.collect()


def run(name):
    """Run a script as a board does at start. True when it asked for a reset."""
    try:
        os.stat(name)
    except OSError:
        return False
    micropython.kbd_intr(3)
    try:
        execfile(name, __import__("__main__").__dict__)  # noqa: F821  # a MicroPython builtin
    except SystemExit:
        return True
    except BaseException as error:
        sys.print_exception(error)
    finally:
        micropython.kbd_intr(-1)
    return False
