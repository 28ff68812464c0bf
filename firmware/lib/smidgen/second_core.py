"""The second core of an RP2040 or RP2350, which computes half of each large operator for models with `cores=2`.

MicroPython's own `_thread` lends it. So the firmware knows that it is taken: it stops it while it writes flash, ends it
at a soft reset, and refuses it to other threads until `release()`. It takes the thread's stack (4 KB), and sleeps
between inferences. Where a GIL would let one thread run at a time, or there is no `_thread`, models have one core.
"""

import sys

_DESK = 32  # bytes: firmware/module/smg_second_core.h
_PORTS = ("rp2", "linux")  # whose threads run machine code at the same time
_desk = None


def second_core(module):
    """The desk at which the second core serves, from the first call on; None where it is not to be had.

    module: `_smidgen`.
    """
    global _desk
    if _desk is None and sys.platform in _PORTS and hasattr(module, "serve"):
        desk = bytearray(_DESK)
        try:
            import _thread

            _thread.start_new_thread(module.serve, (desk,))
        except (ImportError, OSError):  # a thread of the program has it
            return None
        _desk = desk, module
    return _desk and _desk[0]


def release():
    """Give the second core back. Models that shared it go on with one core."""
    global _desk
    if _desk is not None:
        desk, module = _desk
        module.dismiss(desk)
        _desk = None
