"""A board behind a serial port, driven with mpremote's transport."""

from __future__ import annotations

import ast
import base64
import contextlib
import hashlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from types import TracebackType
from typing import Any

import serial
from mpremote.transport import TransportError, TransportExecError
from mpremote.transport_serial import SerialTransport

from smidgen.device import agents
from smidgen.device.install import beside
from smidgen.device.ports import port_named
from smidgen.errors import DeviceError, PortError

_CTRL_A = b"\x01"
_CTRL_C = b"\x03"
_CTRL_D = b"\x04"
_RAW_PROMPT = b"raw REPL; CTRL-B to exit"
_NO_ANSWER = "the board does not answer as MicroPython does; reset it"
_STUBBORN = "the board's program prints on and on and ignores Ctrl-C; reset the board"
_READ_SECONDS = 5.0
_ANSWER_SECONDS = 30.0  # a board that tidies a worn flash may take its time
_QUIET_SECONDS = 0.2
_PATIENCE_SECONDS = 10.0
_CHUNK = 3072  # bytes sent at a time; the board holds them twice, decoded and not


def connect(port: str | None = None) -> Board:
    """Open a port and stop what runs there.

    port: a device, a `socket://host:port`, a board's serial number, or None for the only board.
    Raises PortError: no such port, taken by another program, or nothing answers as MicroPython does.
    """
    name = port_named(port)
    transport = _open(name)
    board = Board(name, transport)
    try:
        with board._talking():
            _enter_raw_mode(name, transport)
    except BaseException:
        board.close()
        raise
    return board


def port_that_opens(port: str | None = None) -> str:
    """The name of `port`, or of the only board's, once it was opened and let go: for programs that open it themselves.

    Nothing is sent; what runs on the board goes on. Raises PortError as `connect`.
    """
    name = port_named(port)
    _open(name).close()
    return name


def _open(name: str) -> SerialTransport:
    try:
        return SerialTransport(name, timeout=_READ_SECONDS)
    except (TransportError, ValueError, OSError):
        raise PortError(f"{name}: {_why_closed(name)}") from None


def _why_closed(name: str) -> str:
    """Why a port does not open, in words; mpremote does not tell."""
    nonsense = "not a port; give a device such as /dev/ttyACM0 or COM3, or socket://localhost:N"
    try:
        serial.serial_for_url(name, exclusive=True, timeout=0).close()
    except ValueError:
        return nonsense
    except OSError as error:
        if re.match(r"socket://(?!.+:\d+$)", name):
            return nonsense
        text = str(error).lower()
        if "permission" in text or "access is denied" in text:
            return "permission denied; add yourself to the group that owns the port (often dialout), then log in again"
        if "exclusively lock" in text or "busy" in text:
            return "taken by another program; close it (a serial monitor, Thonny, another smidgen)"
        return "no board there; check the cable and the port's name"
    return "taken by another program for a moment; try again"


def _enter_raw_mode(name: str, transport: SerialTransport) -> None:
    """Interrupt, reset softly, and get to the raw prompt; mpremote's own way waits for ever while a board prints on."""
    port = transport.serial
    _quieten(name, port)
    port.write(b"\r" + _CTRL_A)
    _await(name, port, _RAW_PROMPT + b"\r\n>")
    port.write(_CTRL_D)
    _await(name, port, b"soft reboot\r\n")
    _await(name, port, _RAW_PROMPT + b"\r\n")
    transport.in_raw_repl = True


def _quieten(name: str, port: Any) -> None:
    """Interrupt the board until it says nothing more. Raises PortError when it never stops."""
    start = heard = time.monotonic()
    interrupts = 0
    while (now := time.monotonic()) - heard < _QUIET_SECONDS:
        if now - start > _PATIENCE_SECONDS:
            raise PortError(f"{name}: {_STUBBORN}")
        if now - start >= interrupts:  # once a second: the prompt, too, answers each one
            port.write(b"\r" + _CTRL_C + _CTRL_C)
            interrupts += 1
        if port.in_waiting:
            port.read(port.in_waiting)
            heard = time.monotonic()
        else:
            time.sleep(0.01)


def _await(name: str, port: Any, ending: bytes) -> None:
    """Read up to and with `ending`. Raises PortError when it does not come."""
    said = b""
    silent_since = start = time.monotonic()
    while not said.endswith(ending):
        now = time.monotonic()
        if now - silent_since > _PATIENCE_SECONDS:
            raise PortError(f"{name}: {_NO_ANSWER}")
        if now - start > 3 * _PATIENCE_SECONDS:
            raise PortError(f"{name}: {_STUBBORN}")
        if port.in_waiting:
            said = (said + port.read(1))[-len(ending) :]
            silent_since = now
        else:
            time.sleep(0.01)


class Board:
    """A board at its raw REPL. Close it, or use it in `with`. Paths on the board are absolute."""

    def __init__(self, port: str, transport: SerialTransport):
        self.port = port
        self._transport = transport
        self._agents: set[str] = set()
        self._root: str | None = None

    def __enter__(self) -> Board:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def exec(self, code: str) -> str:
        """Run code and return what it prints. Raises DeviceError with the board's own exception."""
        with self._talking():
            said, failure = self._transport.exec_raw(code, timeout=_ANSWER_SECONDS)
        if failure:
            raise self._failed(failure.decode(errors="replace"))
        return said.decode(errors="replace").replace("\r\n", "\n")

    def eval(self, expression: str) -> Any:
        """The value of an expression made of literals. Raises DeviceError."""
        text = self.exec(f"print(repr({expression}))").strip()
        try:
            return ast.literal_eval(text)
        except (ValueError, SyntaxError) as error:
            raise DeviceError(f"{self.port}: the board answered {text[:60]!r}, which is no value") from error

    def eval_with(self, definitions: str, expression: str) -> Any:
        """The value of an expression after some definitions; nothing of them stays on the board. Raises DeviceError."""
        scoped = f"_scope = {{}}\nexec({definitions!r}, _scope)"
        self.exec(scoped)
        try:
            return self.eval(f"eval({expression!r}, _scope)")
        finally:
            with contextlib.suppress(DeviceError):
                self.exec("del _scope")

    def run(self, script: str, on_output: Callable[[str], None]) -> None:
        """Run a program and hand over what it prints, line by line as it comes, until it ends.

        After a deployment the board is reset softly first, for the program to have all of its memory. A
        KeyboardInterrupt here stops the program there. Raises DeviceError when the program fails, PortError when
        the board vanishes.
        """
        if self._agents:
            self.restart()
        lines = _Lines(on_output)
        try:
            with self._talking():
                _, failure = self._transport.exec_raw(script, timeout=None, data_consumer=lines.feed)
        except KeyboardInterrupt:
            with contextlib.suppress(OSError, TransportError):
                self._transport.serial.write(_CTRL_C)
                self._transport.follow(_READ_SECONDS)
            raise
        finally:
            lines.end()
        if failure:
            raise self._failed(failure.decode(errors="replace"))

    def put(self, path: str, content: bytes, progress: Callable[[int], None] | None = None) -> None:
        """Write a file, and its folder when there is none; an old file goes only when all of the new one is there.

        progress: called with the bytes sent so far. Raises DeviceError (no room, no such folder) or PortError; the old
        file is then intact.
        """
        fresh = beside(path)
        try:
            self.call("agent_begin", fresh)
            for at in range(0, len(content), _CHUNK):
                self.call("agent_write", base64.b64encode(content[at : at + _CHUNK]))
                if progress:
                    progress(min(at + _CHUNK, len(content)))
            if not self.call("agent_finish", fresh, path, hashlib.sha256(content).hexdigest()):
                raise DeviceError(f"{path}: arrived damaged; check the cable and try again")
        except PortError:
            raise  # nothing can be tidied up on a board that is not there
        except DeviceError:
            with contextlib.suppress(DeviceError):
                self.call("agent_give_up", fresh)
            raise

    main = "/main.py"

    @property
    def root(self) -> str:
        """Where the board's files begin: "" or "/flash"."""
        if self._root is None:
            self._root = str(self.call("agent_root"))
        return self._root

    def holds(self, files: Mapping[str, bytes]) -> set[str]:
        """Those of the paths where a file of just this content is, by their hashes, in one exchange."""
        hashes = self.call("agent_hashes", list(files)) if files else []
        pairs = zip(files.items(), hashes, strict=True)
        return {path for (path, content), found in pairs if found == hashlib.sha256(content).hexdigest()}

    def read(self, path: str) -> bytes | None:
        """A small file's bytes; None when there is no such file."""
        content: bytes | None = self.call("agent_read", path)
        return content

    def copy(self, source: str, target: str) -> None:
        """Copy a file on the board; whole or not at all, as `put`. Raises DeviceError."""
        if not self.call("agent_copy", source, target):
            raise DeviceError(f"{target}: the board could not copy {source}; its flash may be worn out")

    def remove(self, path: str) -> None:
        """Remove a file, or a folder with all in it; nothing happens when there is neither."""
        self.call("agent_remove", path)

    def room(self) -> tuple[int, int]:
        """Bytes free, and bytes of a block, of the board's filesystem."""
        free, block = self.call("agent_room")
        return free, block

    def hash(self, path: str) -> str | None:
        """SHA-256 of a file in hexadecimal; None when there is no such file, "" when the board cannot compute it."""
        result: str | None = self.call("agent_hash", path)
        return result

    def listdir(self, path: str = "/") -> list[str]:
        """Names in a folder, sorted; those of folders end with a slash. Raises DeviceError when there is none."""
        return sorted(name + "/" * folder for name, folder in self.call("agent_list", path))

    def call(self, function: str, *args: Any, agent: str = "files.py") -> Any:
        """Call a function of a file in firmware/agent on the board."""
        if agent not in self._agents:
            self.exec(agents.source(agent))
            self._agents.add(agent)
        return self.eval(f"{function}({', '.join(map(repr, args))})")

    def restart(self) -> None:
        """Reset the board softly and stay connected: its memory is empty, boot.py has run, main.py has not."""
        with self._talking():
            _enter_raw_mode(self.port, self._transport)
        self._agents.clear()

    def reset(self) -> None:
        """Reset the board softly and let it go: boot.py and main.py run. Only `close` may follow."""
        with self._talking():
            self._transport.exit_raw_repl()
            self._transport.serial.write(_CTRL_D)

    def start_boot_loader(self) -> None:
        """Send the board into its boot loader, where it waits for firmware. Only `close` may follow."""
        with self._talking():
            self._transport.exec_raw_no_follow("import machine\nmachine.bootloader()")

    def close(self) -> None:
        """Let the port go; what runs on the board goes on."""
        with contextlib.suppress(OSError, serial.SerialException):
            if self._transport.in_raw_repl:
                self._transport.exit_raw_repl()
            self._transport.close()

    @contextlib.contextmanager
    def _talking(self) -> Iterator[None]:
        """Turn what can go wrong on a serial line into our errors."""
        try:
            yield
        except TransportExecError as error:
            raise self._failed(error.error_output) from None
        except (TransportError, AssertionError) as error:
            raise PortError(f"{self.port}: {_NO_ANSWER} ({error})") from None
        except OSError as error:  # also serial.SerialException
            raise PortError(
                f"{self.port}: the board has gone, or another program has the port; plug it in again"
            ) from error

    def _failed(self, report: str) -> DeviceError:
        lines = [line.strip() for line in report.splitlines() if line.strip()]
        error = DeviceError(f"{self.port}: the board's program failed: {lines[-1] if lines else 'no reason given'}")
        error.add_note(report)
        return error


class _Lines:
    """Bytes of a serial line to lines of text."""

    def __init__(self, on_line: Callable[[str], None]):
        self._on_line = on_line
        self._pending = bytearray()

    def feed(self, data: bytes) -> None:
        for byte in data:
            if byte == ord("\n"):
                self.end()
            elif byte != ord(_CTRL_D):  # mpremote passes on the mark that ends the output
                self._pending.append(byte)

    def end(self) -> None:
        """A line is complete."""
        if self._pending:
            self._on_line(self._pending.decode(errors="replace").rstrip("\r"))
            self._pending.clear()
