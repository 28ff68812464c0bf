"""A board's serial port on TCP, for one client at a time."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable

from smidgen.errors import PortError

_GRACE_SECONDS = 0.2
_CHUNK = 4096


class SerialServer:
    """Listens on localhost; `on_input` gets what the client sends, from another thread. Port 0 takes a free one.

    Raises PortError when the port is taken.
    """

    def __init__(self, port: int, on_input: Callable[[bytes], None]):
        self._on_input = on_input
        self._client: socket.socket | None = None
        try:
            self._listener = socket.create_server(("127.0.0.1", port))
        except OSError as error:
            raise PortError(f"port {port} is taken by another program; choose another, or 0 for any") from error
        self.port: int = self._listener.getsockname()[1]
        self._free = threading.Semaphore()
        self._thread = threading.Thread(target=self._accept, name=f"port {self.port}", daemon=True)
        self._thread.start()

    def write(self, data: bytes) -> None:
        """Give the client what the board printed. Waits for one that is slow; lost when there is none."""
        client = self._client
        if client:
            with contextlib.suppress(OSError):
                client.sendall(data)

    def close(self) -> None:
        """The port disappears, and the client with it."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes `accept`, which closing alone does not
        self._listener.close()
        self._hang_up(self._client)
        self._thread.join()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            # The next may arrive a moment before we hear that the last has gone.
            if self._free.acquire(timeout=_GRACE_SECONDS):
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._client = client
                threading.Thread(target=self._serve, args=(client,), name="client", daemon=True).start()
            else:
                client.close()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(_CHUNK):
                self._on_input(data)
        self._client = None
        self._hang_up(client)
        self._free.release()

    @staticmethod
    def _hang_up(client: socket.socket | None) -> None:
        if client:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
            client.close()
