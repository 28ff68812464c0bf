"""The inner loops of the engine in Python: machine code where the port makes it from viper, bytecode elsewhere.

Both files have the same functions, and give the same bytes. A port without a native emitter (WebAssembly,
CircuitPython) cannot even compile the other one, so it is not imported there.
"""

import sys

# The architecture whose machine code this port runs stands in the number that heads its .mpy files; 0 is none.
MACHINE_CODE = getattr(sys.implementation, "_mpy", 0) >> 10 != 0

if MACHINE_CODE:
    from .viper_loops import add_bytes, add_line, copy_line, dense, depthwise, gather, look_up, pool_window, requantise
else:
    from .plain_loops import add_bytes, add_line, copy_line, dense, depthwise, gather, look_up, pool_window, requantise

__all__ = ("add_bytes", "add_line", "copy_line", "dense", "depthwise", "gather", "look_up", "pool_window", "requantise")
