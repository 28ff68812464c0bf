"""`smidgen repl`: a board's prompt."""

from __future__ import annotations

import subprocess
import sys

from smidgen.cli.options import OptionalPort
from smidgen.device import port_that_opens
from smidgen.errors import DeviceError


def repl(port: OptionalPort = None) -> None:
    """Talk to a board's MicroPython prompt.

    What its program prints appears too; Ctrl-C interrupts the program, Ctrl-D restarts the board, Ctrl-] leaves. It is
    mpremote's terminal.
    """
    name = port_that_opens(port)
    status = subprocess.run([sys.executable, "-m", "mpremote", "connect", name, "repl"]).returncode
    if status:
        raise DeviceError(f"{name}: the terminal ended with status {status}; is the board still plugged in?")
