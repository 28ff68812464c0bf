"""Machine learning on a MicroPython board: what `import smidgen` gives there, for editors.

The board's package and the host's share their name. Tell the editor of a folder with programs for boards to take this
one: in VS Code `"python.analysis.stubPath": "PATH/firmware/typings"`, in PyCharm mark it as a source root.
"""

from typing import Any, AsyncIterator, Iterator, Protocol, Sequence, overload

Buffer = bytes | bytearray | memoryview | Any  # array.array too

class Sound(Protocol):
    """A source of sound; machine.I2S is one."""

    def readinto(self, buf: Buffer) -> int:
        """Write int16 samples; returns the bytes written, 0 at the end."""

class Motion(Protocol):
    """A source of motion."""

    def readinto(self, buf: Buffer) -> int:
        """Write int16 samples of three axes in milli-g; returns the bytes written, 0 at the end."""

class Pictures(Protocol):
    """A source of pictures; format: "GS8", "RGB565", "RGB565BE" or "RGB888"."""

    width: int
    height: int
    format: str
    def readinto(self, buf: Buffer) -> int:
        """Write a whole frame; returns the bytes written, 0 at the end."""

class Tensor:
    """An input or output of a model."""

    shape: tuple[int, ...]
    dtype: str
    scale: float
    zero_point: int
    size: int
    data: memoryview
    def fill(self, values: Buffer | Sequence[float]) -> None:
        """Write the whole tensor: its own bytes, or real numbers, which are quantised. Raises InputError."""
    def values(self) -> tuple[int | float, ...]:
        """The elements as they are stored."""
    def real(self, value: float) -> float:
        """The real number that a stored value stands for."""

class Model:
    """A `.smg` file, ready to run."""

    engine: str
    cores: int
    source: str
    inputs: list[Tensor]
    outputs: list[Tensor]
    labels: tuple[str, ...]
    arena_size: int
    state_size: int
    def __init__(
        self, source: str | Buffer, arena: bytearray | None = None, engine: str | None = None, cores: int = 1
    ) -> None:
        """source: a path, or a buffer with the whole file. engine: "c" or "python" to insist on one. cores: 2 to share
        the work with a second core."""
    @property
    def memory(self) -> dict[str, int]:
        """Bytes that this model takes, by what they are for."""
    @property
    def card(self) -> dict[str, Any]:
        """The model card."""
    @overload
    def predict(self, x: Buffer | Sequence[float] | None = None) -> tuple[str, float] | list[float]:
        """One inference: (label, score) for a model with labels, the real outputs for others."""
    @overload
    def predict(self, x: Buffer | Sequence[float] | None, out: bytearray) -> bytearray:
        """One inference that allocates nothing: the raw scores go to `out`."""
    async def apredict(self, x: Buffer | Sequence[float] | None = None, out: bytearray | None = None) -> Any:
        """As predict; other tasks run between the operators."""
    def invoke(self, x: Buffer | Sequence[float] | None = None) -> memoryview:
        """One inference; the first output's bytes, valid until the next."""
    def step(self) -> bool:
        """Run one operator. True while more are to come."""
    def reset(self) -> None:
        """Forget what was seen."""
    def profile(self, x: Buffer | Sequence[float] | None = None) -> list[tuple[str, float]]:
        """One inference with a clock: (operator, milliseconds)."""

class _Detections:
    model: Model
    def reset(self) -> None:
        """Forget all that came; what comes next is the beginning."""
    def __iter__(self) -> Iterator[tuple[str, int, int]]: ...
    def __next__(self) -> tuple[str, int, int]: ...
    def __aiter__(self) -> AsyncIterator[tuple[str, int, int]]: ...
    async def __anext__(self) -> tuple[str, int, int]: ...

class Listener(_Detections):
    """Sound to words: (word, score 0 to 100, time in ms)."""

    def __init__(self, model: Model, microphone: Sound) -> None: ...

class Watcher(_Detections):
    """Motion to gestures: (gesture, score 0 to 100, time in ms)."""

    def __init__(self, model: Model, imu: Motion) -> None: ...

class Monitor:
    """The sound of a machine to reports: (alarm, percent of the threshold, time in ms)."""

    model: Model
    calibrated: bool
    threshold: int
    score: int
    def __init__(self, model: Model, microphone: Sound, path: str | None = None) -> None: ...
    def calibrate(self) -> int:
        """Learn the threshold from the sound that comes now, of a machine that is well; returns it."""
    def reset(self) -> None:
        """Forget all that came; what comes next is the beginning."""
    def __iter__(self) -> Iterator[tuple[bool, int, int]]: ...
    def __next__(self) -> tuple[bool, int, int]: ...
    def __aiter__(self) -> AsyncIterator[tuple[bool, int, int]]: ...
    async def __anext__(self) -> tuple[bool, int, int]: ...

class Viewer:
    """Pictures to what is seen: (label, None when it went; score 0 to 100; time in ms), at each change."""

    model: Model
    pictures: int
    def __init__(self, model: Model, camera: Pictures) -> None: ...
    @property
    def now(self) -> str | None: ...
    def reset(self) -> None:
        """Forget all that was seen."""
    def __iter__(self) -> Iterator[tuple[str | None, int, int]]: ...
    def __next__(self) -> tuple[str | None, int, int]: ...
    def __aiter__(self) -> AsyncIterator[tuple[str | None, int, int]]: ...
    async def __anext__(self) -> tuple[str | None, int, int]: ...

class Microphone:
    """The board's own microphone; wiring: such as {"bus": "I2S", "sck": 16, "ws": 17, "sd": 18}, default wiring.json.

    status: of the last second: "ok", "silent", "clipping", "unplugged". missed: how often sound was lost.
    """

    rate_hz: int
    def __init__(self, wiring: dict[str, Any] | None = None, rate_hz: int = 16000) -> None: ...
    @property
    def status(self) -> str: ...
    @property
    def missed(self) -> int: ...
    def readinto(self, buf: Buffer) -> int: ...
    def close(self) -> None: ...

class Recorded:
    """A recording: a WAV, or nothing but int16 samples."""

    rate_hz: int
    def __init__(self, source: str | Buffer, rate_hz: int = 16000) -> None: ...
    def readinto(self, buf: Buffer) -> int: ...
    def close(self) -> None: ...

class RecordedMotion:
    """Recorded motion: a CSV with x_mg, y_mg and z_mg, or nothing but samples."""

    rate_hz: int
    def __init__(self, source: str | Buffer, rate_hz: int = 25) -> None: ...
    def readinto(self, buf: Buffer) -> int: ...
    def close(self) -> None: ...

class RecordedPictures:
    """Recorded pictures: a folder of .pgm and .ppm, one of them, or nothing but frames."""

    width: int
    height: int
    format: str
    def __init__(self, source: str | Buffer, width: int = 0, height: int = 0, format: str = "GS8") -> None: ...
    def readinto(self, buf: Buffer) -> int: ...

def Camera() -> Pictures:
    """The board's own camera."""

def IMU(i2c: Any = None, rate_hz: int = 25) -> Motion:
    """The board's own accelerometer; i2c: a machine.I2C, default where wiring.json says."""

class SmidgenError(Exception):
    """Everything that the package raises on purpose."""

class SensorError(SmidgenError):
    """A sensor that does not answer."""

class ModelError(SmidgenError):
    """A model that the engine refuses, or a use of it."""

    code: int
