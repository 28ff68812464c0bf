"""A pseudo-terminal as a board's second serial port, for programs that open a device file (ampy, Thonny)."""

from __future__ import annotations

import contextlib
import os
import select
import threading
import time
from collections.abc import Callable

try:
    import pty
    import tty
except ImportError:  # Windows has no pseudo-terminals
    pty = None  # type: ignore[assignment]

_POLL_SECONDS = 0.05
_CHUNK = 4096


def available() -> bool:
    """Whether this system has pseudo-terminals."""
    return pty is not None


class Terminal:
    """An open pseudo-terminal; `path` is what clients open. `on_input` gets what they type, from another thread."""

    def __init__(self, on_input: Callable[[bytes], None]):
        self._on_input = on_input
        self._master, client = pty.openpty()
        tty.setraw(client)
        os.set_blocking(self._master, False)
        self.path = os.ttyname(client)
        os.close(client)  # from now on the terminal tells us whether somebody has it open
        self._open = True
        self._thread = threading.Thread(target=self._read, name=f"terminal {self.path}", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Show a client what the board printed. Lost when nobody has the port open, or does not read, as on a board."""
        if not self._has_client():
            return
        with contextlib.suppress(OSError):
            os.write(self._master, data)

    def close(self) -> None:
        """The device file disappears."""
        self._open = False
        self._thread.join()
        os.close(self._master)

    def _has_client(self) -> bool:
        poll = select.poll()
        poll.register(self._master, select.POLLIN)
        return not any(events & select.POLLHUP for _, events in poll.poll(0))

    def _read(self) -> None:
        while self._open:
            readable, _, _ = select.select([self._master], [], [], _POLL_SECONDS)
            try:
                data = os.read(self._master, _CHUNK) if readable else b""
            except OSError:  # nobody has it open
                data = b""
            if data:
                self._on_input(data)
            elif readable:
                time.sleep(_POLL_SECONDS)
