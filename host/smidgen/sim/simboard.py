"""`SimBoard`: a simulated board from start to stop. The package's docstring shows how to use it."""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from smidgen import boards, resources
from smidgen.datasets.picture import camera
from smidgen.errors import DeviceError, UsageError
from smidgen.sim import engine, qemu, rp2040, runtime, terminal
from smidgen.sim.process import BoardProcess
from smidgen.sim.qemu import QemuProcess
from smidgen.sim.state import State
from smidgen.sim.terminal import Terminal

_SOUND_HZ = 16000
_BOARD_FILES = "firmware/wasm"


class SimBoard:
    """A simulated board; arguments and errors are in the package's docstring.

    Attributes while it runs: `url` (for mpremote and pyserial), `pty` (a device file, or None), `board` (its figures).
    """

    def __init__(
        self,
        board: str = "pico",
        port: int = 0,
        state: str | Path | None = None,
        realtime: bool = False,
        pty: bool = True,
        firmware: str | Path | None = None,
        bootrom: str | Path | None = None,
        counted: bool = False,
    ):
        self.board = boards.load(board)
        if self.board.simulator is None:
            raise UsageError(f"{board}: this board cannot be simulated; choose another one")
        if counted and self.board.simulator != "qemu":
            raise UsageError(f"{board}: instructions are counted on the boards that QEMU emulates")
        if not 0 <= port <= 65535:
            raise UsageError(f"port {port}: choose one from 1 to 65535, or 0 for any free one")
        self.url = ""
        self.pty: str | None = None
        self._port = port
        self._state_folder = state
        self._realtime, self._counted = realtime, counted
        self._firmware, self._bootrom = firmware, bootrom
        self._wants_pty = pty and terminal.available()
        self._terminal: Terminal | None = None
        self._process: BoardProcess | QemuProcess | None = None
        self._changed = threading.Condition()
        self._unheard = 0
        self._resources = contextlib.ExitStack()

    def __enter__(self) -> SimBoard:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self) -> None:
        """Start the board and return when its prompt is there (after boot.py and main.py, when main.py ends)."""
        with contextlib.ExitStack() as stack:
            state = State(self._state_folder)
            stack.callback(state.close)
            self._process = self._start(state.path)
            stack.callback(self._process.stop)
            self.url = f"socket://localhost:{self._process.port}"
            if self._wants_pty:
                self._terminal = Terminal(self._on_typed)
                stack.callback(self._terminal.close)
                self.pty = self._terminal.path
            self._resources = stack.pop_all()

    def stop(self) -> None:
        """Stop the board; nothing of it is left but the folder that keeps its files. May be called twice."""
        self._resources.close()
        self._terminal = self._process = None
        self.pty = None

    def play(self, samples: np.ndarray) -> None:
        """Queue a recording for the board's microphone. samples: int16 [n], mono, 16 kHz. Returns at once."""
        samples = np.asarray(samples)
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise UsageError("a recording is int16 [n]; load it with smidgen.datasets")
        self._play("microphone", samples.astype("<i2").tobytes(), 2, _SOUND_HZ)

    def move(self, samples: np.ndarray, rate_hz: float) -> None:
        """Queue a recording for the board's accelerometer. samples: int16 [n, 3], milli-g. Returns at once."""
        samples = np.asarray(samples)
        if samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[1] != 3:
            raise UsageError("recorded motion is int16 [n, 3]; load it with smidgen.datasets.motion")
        self._play("imu", samples.astype("<i2").tobytes(), 6, rate_hz)

    def look(self, frames: bytes, rate_hz: float = camera.RATE_HZ) -> None:
        """Queue pictures for the board's camera: whole frames, as `datasets.picture.camera.frame_of` makes them.
        Returns at once."""
        if len(frames) % camera.FRAME_BYTES:
            raise UsageError(f"frames are {camera.FRAME_BYTES} bytes each; make them with datasets.picture.camera")
        self._play("camera", frames, camera.FRAME_BYTES, rate_hz)

    def _play(self, sensor: str, content: bytes, sample_bytes: int, rate_hz: float) -> None:
        if self.board.simulator != "wasm":
            raise UsageError(f"{self.board.name}: an emulated board has no sensors; use the simulated pico")
        with self._changed:
            self._unheard += 1
        pace = sample_bytes * rate_hz / 1000
        self._running().send("play", content, sensor=sensor, bytesPerMs=pace, sampleBytes=sample_bytes)

    def play_done(self, timeout: float | None = None) -> bool:
        """Wait until the board has read all that was queued. False when `timeout` seconds were not enough."""
        with self._changed:
            return self._changed.wait_for(lambda: self._unheard == 0, timeout)

    def wait(self) -> None:
        """Wait until the board's process ends, which it does not by itself, or until Ctrl-C."""
        while not self._running().wait(1.0):
            pass

    def _start(self, state: Path) -> BoardProcess | QemuProcess:
        if self.board.simulator == "qemu":
            image = self._firmware or qemu.firmware(self.board)
            path = Path(image).resolve()
            return QemuProcess(self.board, path, state, self._port, self._on_serial, self._counted)
        real = self.board.simulator == "rp2040"
        config = rp2040.config(self._firmware, self._bootrom) if real else self._config()
        shared = {"state": str(state), "port": self._port}
        return BoardProcess(config | shared, self._on_serial, self._on_heard)

    def _running(self) -> BoardProcess | QemuProcess:
        if self._process is None:
            raise DeviceError("the simulated board is not running; call start() or use `with`")
        return self._process

    def _config(self) -> dict[str, Any]:
        loader, wasm = runtime.micropython()
        return {
            "name": self.board.name,
            "micropython": loader.as_uri(),
            "wasm": str(wasm),
            "engine": str(engine.wasm_path()),
            "modules": {path.name: str(path) for path in resources.find(_BOARD_FILES).glob("*.py")},
            "heap": self.board.heap_bytes,
            "flash": self.board.filesystem_bytes,
            "realtime": self._realtime,
            "camera": {"width": camera.WIDTH, "height": camera.HEIGHT, "format": camera.FORMAT},
        }

    def _on_serial(self, data: bytes) -> None:
        if self._terminal:
            self._terminal.write(data)

    def _on_typed(self, data: bytes) -> None:
        with contextlib.suppress(DeviceError):  # it stops while somebody types
            self._running().send("serial", data)

    def _on_heard(self) -> None:
        with self._changed:
            self._unheard -= 1
            self._changed.notify_all()
