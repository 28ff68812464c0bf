"""Finds `_smidgen`, the C engine, whichever way the board has it (see README.md).

A native module's file is looked at before it is loaded: MicroPython does not notice that one was cut short, and would
run what is missing.
"""

import os
import sys

from .errors import EngineError

_END = b"smidgen\n"  # the last bytes of a whole file (tools/native.py)
_FORMAT = 0x306  # of .mpy files with machine code, since MicroPython 1.23: version 6.3
# At the number that `sys.implementation._mpy >> 10 & 15` gives.
ARCHITECTURES = ("none", "x86", "x64", "armv6", "armv6m", "armv7m", "armv7em", "armv7emsp", "armv7emdp")
ARCHITECTURES += ("xtensa", "xtensawin", "rv32imc")
_ARM = (4, 8)  # each of these runs what is made for one before it


def c_module():
    """The module, or None when the board has none. Raises EngineError for a file that this board cannot run."""
    path = None if "_smidgen" in sys.modules else _native_file()
    if path:
        _check(path, getattr(sys.implementation, "_mpy", 0))
    try:
        import _smidgen
    except ImportError:
        return None
    except MemoryError:
        raise MemoryError("%s: needs %d bytes in one piece; open the model first of all" % (path, os.stat(path)[6]))
    return _smidgen


def _native_file():
    """The file that an import would load; None when it finds something else, or nothing."""
    for folder in sys.path:
        for name in ("_smidgen.py", "_smidgen.mpy"):
            path = folder + "/" + name if folder else name
            try:
                os.stat(path)
            except OSError:
                continue
            return path if name.endswith(".mpy") else None
    return None


def _check(path, mpy):
    """mpy: what this MicroPython loads, as in sys.implementation."""
    if mpy & 0x3FF != _FORMAT:
        raise EngineError("%s: needs MicroPython 1.23 or newer; this is %s" % (path, _version()))
    with open(path, "rb") as file:
        head = file.read(4)
        file.seek(max(0, os.stat(path)[6] - len(_END)))
        whole = file.read() == _END
    if not whole or head[:1] != b"M":
        raise EngineError(path + ": damaged or cut short; deploy again")
    if head[1] | (head[2] & 3) << 8 != _FORMAT:
        raise EngineError(path + ": made for another MicroPython; deploy again")
    theirs, ours = head[2] >> 2 & 15, mpy >> 10 & 15
    if theirs != ours and not _ARM[0] <= theirs <= ours <= _ARM[1]:
        raise EngineError("%s: made for %s, this board loads %s; deploy again" % (path, _name(theirs), _name(ours)))


def _name(architecture):
    return ARCHITECTURES[architecture] if architecture < len(ARCHITECTURES) else "architecture %d" % architecture


def _version():
    return ".".join(str(part) for part in sys.implementation.version[:3])
