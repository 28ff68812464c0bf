"""Serial lines that misbehave, as TCP servers."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

_CHUNK = 4096


@contextlib.contextmanager
def line(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """A port whose first client is served by `serve` in a thread. Gives its URL."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)

        def accept() -> None:
            with contextlib.suppress(OSError), server.accept()[0] as client:
                serve(client)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"socket://localhost:{server.getsockname()[1]}"
    thread.join(30)


def silent(client: socket.socket) -> None:
    """Takes everything and never answers."""
    while client.recv(_CHUNK):
        pass


def chattering(client: socket.socket) -> None:
    """Prints on and on, whatever it is sent."""
    while True:
        client.sendall(b"still here\r\n")


def foreign(client: socket.socket) -> None:
    """Something that answers, but is not MicroPython."""
    while client.recv(_CHUNK):
        client.sendall(b"AT command not understood\r\n")


def cut_after(
    url: str, allowed: int, count: Callable[[int], None] = lambda sent: None
) -> Callable[[socket.socket], None]:
    """A cable to the board at `url` that breaks when so many bytes have gone towards it; `count` gets each piece's."""
    port = int(url.rsplit(":", 1)[1])

    def serve(client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", port)) as board:
            back = threading.Thread(target=_copy, args=(board, client), daemon=True)
            back.start()
            left = allowed
            while left > 0 and (data := client.recv(min(_CHUNK, left))):
                board.sendall(data)
                left -= len(data)
                count(len(data))
            for end in (board, client):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            back.join(30)

    return serve


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
