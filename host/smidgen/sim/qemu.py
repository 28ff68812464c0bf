"""An emulated board: MicroPython's firmware for a real core in QEMU, with the face of `BoardProcess`.

The firmware comes from `make sim-boards`. Its serial port is QEMU's standard input and output; its flash is `flash.bin`
in the folder where QEMU runs (and `rom.bin`, for a board with ROMFS), read and written through semihosting, so that no
byte is lost when QEMU is killed. On standard error it says "ready" when its filesystem is there. When it ends by itself
somebody called `machine.reset()`, and it starts again.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from smidgen.boards import Board
from smidgen.errors import DeviceError
from smidgen.sim.runtime import cache_folder
from smidgen.sim.serial_server import SerialServer

_START_SECONDS = 60.0
_CHUNK = 4096
_COUNTED = ("-icount", "shift=0,sleep=off")
_ERASED = b"\xff"
FLASH, ROM = "flash.bin", "rom.bin"


def firmware(board: Board) -> Path:
    """Where the firmware of an emulated board lies, once it is built."""
    return cache_folder() / "firmware" / f"{board.name}.elf"


class QemuProcess:
    """A running board. `on_serial` gets all that the board prints, from a thread of this process.

    counted: its clocks count instructions, one a nanosecond, which makes it several times slower.
    Raises PortError when the port is taken, DeviceError when QEMU or the firmware is missing, or does not start.
    """

    def __init__(
        self,
        board: Board,
        image: Path,
        state: Path,
        port: int,
        on_serial: Callable[[bytes], None],
        counted: bool = False,
    ):
        self._state = state
        self._on_serial = on_serial
        self._command = [*_leash(), *_emulator(board), *(_COUNTED if counted else ()), "-kernel", str(_built(image))]
        _provide_flash(state / FLASH, board.filesystem_bytes)
        if board.romfs_bytes:
            _provide_flash(state / ROM, board.romfs_bytes)
        self._ready = threading.Event()
        self._ended = threading.Event()
        self._stopping = False
        self._complaint = ""
        self._server = SerialServer(port, self._type)
        self.port = self._server.port
        self._process = self._start()
        self._thread = threading.Thread(target=self._run, name=board.name, daemon=True)
        self._thread.start()
        if not self._ready.wait(_START_SECONDS) or self._ended.is_set():
            self.stop()
            raise DeviceError(f"the emulated board does not start: {self._complaint or 'QEMU gave no reason'}")

    def send(self, kind: str, payload: bytes, **fields: object) -> None:
        """Send bytes to the serial port, the only kind that it knows; lost while the board resets. Raises DeviceError
        when the board has stopped."""
        if not self.running:
            raise DeviceError("the emulated board has stopped; start it again")
        self._type(payload)

    def _type(self, data: bytes) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(data)

    @property
    def running(self) -> bool:
        return not self._ended.is_set()

    def wait(self, seconds: float | None) -> bool:
        """Wait for the end of the process; False when it still runs after so many seconds."""
        return self._ended.wait(seconds)

    def stop(self) -> None:
        """End the process, at once: the flash is a file that is always whole."""
        self._stopping = True
        self._process.kill()
        self._server.close()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            cwd=self._state,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C in the terminal is for this program
        )

    def _run(self) -> None:
        """Pass on what the board prints, through all its resets, until it is stopped or killed."""
        while True:
            listener = threading.Thread(target=self._listen, args=(self._process,), daemon=True)
            listener.start()
            self._pass_on(self._process)
            status = self._process.wait()
            listener.join()
            if self._stopping or status != 0 or not self._ready.is_set():
                break
            self._process = self._start()
        self._ended.set()
        self._ready.set()  # whoever waits for it learns the rest from `_ended`

    def _pass_on(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        with process.stdout as stream:
            while data := os.read(stream.fileno(), _CHUNK):
                self._server.write(data)
                self._on_serial(data)

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stderr is not None
        with process.stderr as stream:
            for line in stream:
                if line.strip() == b"ready":
                    self._ready.set()
                else:
                    self._complaint = self._complaint or line.decode(errors="replace").strip()


def _emulator(board: Board) -> list[str]:
    program, *machine = board.emulator
    if shutil.which(program) is None:
        raise DeviceError(f"{board.name} runs in {program}, which is not installed; on Debian: make sim-boards")
    quiet = ["-display", "none", "-monitor", "none", "-serial", "stdio"]
    return [program, *machine, *quiet, "-semihosting-config", "enable=on,target=native"]


def _leash() -> list[str]:
    """What makes the emulator end with us, even when we are killed; nothing where the system has no such thing."""
    return ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []


def _built(image: Path) -> Path:
    if not image.exists():
        raise DeviceError(f"{image.stem}: its firmware is not built yet; in a clone of Smidgen: make sim-boards")
    return image


def _provide_flash(path: Path, size: int) -> None:
    """An erased flash, unless there is one."""
    with contextlib.suppress(FileExistsError), path.open("xb") as file:
        file.write(_ERASED * size)
