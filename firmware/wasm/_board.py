# Runs inside a simulated board before the user's program: puts the flash in place and runs boot.py and main.py.

import gc
import os
import sys

import micropython
import vfs


def start():
    for name in ("_sim", "_smidgen"):  # loaded now: later their files cannot be seen
        __import__(name)
    os.umount("/")
    vfs.mount(vfs.VfsPosix("/flash"), "/")
    os.chdir("/")
    sys.path.remove("/board")
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
        execfile(name, sys.modules["__main__"].__dict__)  # noqa: F821  # a MicroPython builtin
    except SystemExit:
        return True
    except BaseException as error:
        sys.print_exception(error)
    finally:
        micropython.kbd_intr(-1)
    return False
