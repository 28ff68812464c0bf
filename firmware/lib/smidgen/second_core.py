"""The second core of an RP2040 or RP2350, which computes half of each large operator for models with `cores=2`.

MicroPython's own `_thread` lends it. So the firmware knows that it is taken: it stops it while it writes flash, ends it
at a soft reset, and refuses it to other threads until `release()`. It takes the thread's stack, and sleeps between
inferences. Where a GIL would let one thread run at a time, or there is no `_thread`, models have one core.
"""

import sys
import time

_DESK = 32  # bytes: firmware/module/smg_second_core.h
_STACK = 4096  # bytes: what the RP2040's threads have
_PORTS = ("rp2", "linux")  # whose threads run machine code at the same time
_desk = None


def _lent():
    """Whether this MicroPython has a second core to lend. From 1.26 on it says so when it has a GIL."""
    return sys.platform in _PORTS and getattr(sys.implementation, "_thread", None) != "GIL"


def second_core(module):
    """The desk at which the second core serves, from the first call on; None where it is not to be had.

    module: `_smidgen`.
    """
    global _desk
    if _desk is None and _lent() and hasattr(module, "serve"):
        try:
            import _thread

            desk = bytearray(_DESK)
            bytearray(_STACK)  # a thread that started without room for it would count as there until a reset
            _thread.start_new_thread(module.serve, (desk,))
        except (ImportError, OSError, MemoryError):  # a thread of the program has the core, or the heap is full
            return None
        _desk = desk, module
    return _desk and _desk[0]


def release():
    """Give the second core back. Models that shared it go on with one core."""
    global _desk
    if _desk is not None:
        desk, module = _desk
        module.dismiss(desk)
        time.sleep_ms(1)  # the firmware's own end of the thread; until then it would refuse a new one
        _desk = None
