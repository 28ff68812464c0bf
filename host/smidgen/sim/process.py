"""The Node process of a simulated board, and the frames that go to it and come from it (see node/board.mjs)."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from smidgen.errors import DeviceError, PortError
from smidgen.sim.runtime import NODE_FILES, node_command

_START_SECONDS = 120.0  # a real firmware boots in an emulator in seconds, in minutes where the machine has other work
_STOP_SECONDS = 5.0


class BoardProcess:
    """A running board. `on_serial` gets all that the board prints, `on_heard` is called for each recording that was
    read to its end; both from a thread of this process.

    Raises PortError when the port is taken, DeviceError when the board does not start.
    """

    def __init__(self, config: dict[str, Any], on_serial: Callable[[bytes], None], on_heard: Callable[[], None]):
        self._config = config
        self._on_serial = on_serial
        self._on_heard = on_heard
        self._events: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._sending = threading.Lock()
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  # closed by stop()
        self._process = subprocess.Popen(
            [*node_command(), str(NODE_FILES / "board.mjs"), json.dumps(config)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            **_own_group(),
        )
        self._reader = threading.Thread(target=self._read, name="board", daemon=True)
        self._reader.start()
        try:
            self.port = int(self._expect("listening")["port"])
            self._expect("ready")
        except BaseException:
            self.stop()
            raise

    def send(self, kind: str, payload: bytes, **fields: Any) -> None:
        """Send a frame; fields go into its header. Raises DeviceError when the board has stopped."""
        assert self._process.stdin is not None
        header = json.dumps({"type": kind, "size": len(payload), **fields}) + "\n"
        try:
            with self._sending:
                self._process.stdin.write(header.encode() + payload)
                self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise DeviceError("the simulated board has stopped; start it again") from error

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def wait(self, seconds: float | None) -> bool:
        """Wait for the end of the process; False when it still runs after so many seconds."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """End the process. Closing its input is the signal; a process that does not listen is killed."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._sending:
            self._process.stdin.close()
        if not self.wait(_STOP_SECONDS):
            self._process.kill()
            self._process.wait()
        if self._reader is not threading.current_thread():
            self._reader.join()
        self._complaints.close()

    def _expect(self, kind: str) -> dict[str, Any]:
        """The next event, which has to be of one kind."""
        try:
            event = self._events.get(timeout=_START_SECONDS)
        except queue.Empty:
            raise DeviceError(f"the simulated board does not start within {_START_SECONDS:.0f} s; try again") from None
        if event["type"] == kind:
            return event
        if event.get("code") in ("EADDRINUSE", "EACCES"):
            raise PortError(f"port {self._config['port']} is taken by another program; choose another, or 0 for any")
        raise DeviceError(f"the simulated board does not start: {event.get('text') or self._complaint()}")

    def _complaint(self) -> str:
        self._complaints.seek(0)
        lines = [line for line in self._complaints.read().decode(errors="replace").splitlines() if line.strip()]
        return next((line for line in lines if "Error" in line), "Node ended without a word")

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stream:
            for header, payload in _frames(stream):
                if header["type"] == "serial":
                    self._on_serial(payload)
                elif header["type"] == "heard":
                    self._on_heard()
                else:
                    self._events.put(header)
        self._events.put({"type": "end"})


def _frames(stream: BinaryIO | Any) -> Iterator[tuple[dict[str, Any], bytes]]:
    while line := stream.readline():
        header = json.loads(line)
        payload = stream.read(header["size"])
        if len(payload) < header["size"]:
            return
        yield header, payload


def _own_group() -> dict[str, Any]:
    """Ctrl-C in the terminal is for this program, which then stops the board in its own time."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": os.name == "posix"}
