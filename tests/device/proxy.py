"""A serial cable with faults, for tests: what goes wrong at byte N of what is sent towards the board.

with proxy(sim.url, cut(5000)) as url, connect(url) as board: ...       a TCP port in between
board.receive = through(board.receive, drop(5000))                      a board in memory
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

from tests.device.lines import line

# A fault gets each piece and the number of its first byte; it gives what goes on, or None: the cable is out.
Fault = Callable[[bytes, int], bytes | None]
_CHUNK = 4096


def none(data: bytes, at: int) -> bytes | None:
    """A good cable."""
    return data


def cut(byte: int) -> Fault:
    """The cable is pulled before this byte."""
    return lambda data, at: data[: max(0, byte - at)] if byte > at else None


def drop(byte: int) -> Fault:
    """This byte is lost."""
    return _at(byte, lambda data, i: data[:i] + data[i + 1 :])


def duplicate(byte: int) -> Fault:
    """This byte comes twice."""
    return _at(byte, lambda data, i: data[: i + 1] + data[i:])


def garble(byte: int) -> Fault:
    """One bit of this byte is wrong."""
    return _at(byte, lambda data, i: data[:i] + bytes([data[i] ^ 1]) + data[i + 1 :])


def delay(byte: int, seconds: float) -> Fault:
    """The cable sleeps before this byte."""

    def wait(data: bytes, i: int) -> bytes:
        time.sleep(seconds)
        return data

    return _at(byte, wait)


def reset(byte: int, board: Callable[[], None]) -> Fault:
    """The board loses its power before this byte: `board()` sees to that, and the cable is out."""

    def fault(data: bytes, at: int) -> bytes | None:
        if byte >= at + len(data):
            return data
        if byte >= at:
            board()
        return None

    return fault


def watch(look: Callable[[], None]) -> Fault:
    """A good cable; `look()` before each piece that goes on."""

    def fault(data: bytes, at: int) -> bytes | None:
        look()
        return data

    return fault


def _at(byte: int, change: Callable[[bytes, int], bytes]) -> Fault:
    return lambda data, at: change(data, byte - at) if at <= byte < at + len(data) else data


def through(receive: Callable[[bytes], None], fault: Fault) -> Callable[[bytes], None]:
    """`receive`, behind the fault."""
    at = 0

    def take(data: bytes) -> None:
        nonlocal at
        passed = fault(data, at)
        at += len(data)
        receive(passed or b"")
        if passed is None:
            raise OSError(5, "cable pulled")

    return take


@contextlib.contextmanager
def proxy(
    url: str, fault: Fault = none, count: Callable[[int], None] = lambda sent: None, piece: int = _CHUNK
) -> Iterator[str]:
    """A port that leads to the one at `url`, behind the fault; `count` gets the length of each piece sent there, which
    is `piece` at most."""

    def serve(client: socket.socket) -> None:
        with socket.create_connection(("127.0.0.1", int(url.rsplit(":", 1)[1]))) as board:
            back = threading.Thread(target=_copy, args=(board, client), daemon=True)
            back.start()
            at = 0
            while data := client.recv(piece):
                passed = fault(data, at)
                at += len(data)
                count(len(data))
                board.sendall(passed or b"")
                if passed is None or (len(passed) < len(data) - 1):
                    break
            for end in (board, client):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
            back.join(30)

    with line(serve) as there:
        yield there


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
