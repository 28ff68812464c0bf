"""Does a model fit a board, and how fast is it there? Asked before anything is copied.

answer = fit(Path("model.smg").read_bytes(), "model.smg", boards.load("pico"))
answer.fits, answer.need.parts, answer.milliseconds, answer.remedies
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from smidgen import boards
from smidgen.blob import Blob
from smidgen.boards import Board
from smidgen.errors import EngineError, MissingExtra
from smidgen.features.audio import AudioFrontEnd
from smidgen.memory import Need, memory_need, packed
from smidgen.native import choose
from smidgen.python_engine import refused_operators
from smidgen.train.detection import DetectionSpec

# Cycles a multiply-accumulate of other engines in C, as published: MLPerf Tiny's reference on a Cortex-M4 has 4.6 to
# 9.6; person detection before and after ESP-NN 137 and 12.7 on the ESP32, 77 and 1.8 on the S3, 75 and 9.5 on the C3.
PUBLISHED_CYCLES_A_MAC = {"armv7emsp": (4, 20), "xtensawin": (8, 80), "rv32imc": (8, 80)}
FLASH_FACTOR = 2  # a model or an engine that waits for flash
# What an instruction may take on cores whose instructions are counted: a load two cycles, a taken branch three, and
# code may wait for flash. Nothing of this was measured on such a board.
CYCLES_AN_INSTRUCTION = (1, 3)
_FLASH_IN_PLACE = ("RP2040", "RP2350")  # MicroPython 1.25 or newer reads their filesystem's flash as memory
_COUNTED_ON = {"RP2040": "rp2040", "RP2350": "m33", "nRF52840": "m4", "ESP32-C3": "rv32"}  # of bench.targets, by chip


@dataclass(frozen=True)
class Fit:
    """The answer.

    engine: "c" or "python". unsupported: operators that it does not have. need: bytes of heap. flash_bytes: of the
    board's filesystem. cycles, instructions: of one inference, counted; None where nothing counts them. milliseconds:
    of one inference, from and to; None where it is not known. basis: what they rest on, "counted" (cycles),
    "instructions", "published" or "". hop_ms: how often a model that listens has to answer, None for others. remedies:
    what would make it fit, when it does not.
    """

    board: Board
    engine: str
    unsupported: list[str]
    need: Need
    flash_bytes: int
    cycles: int | None
    instructions: int | None
    milliseconds: tuple[float, float] | None
    basis: str
    hop_ms: float | None
    remedies: list[str]

    @property
    def fits_ram(self) -> bool:
        return self.need.total <= self.board.heap_bytes

    @property
    def fits_flash(self) -> bool:
        return self.flash_bytes <= self.board.filesystem_bytes

    @property
    def fits(self) -> bool:
        return self.fits_ram and self.fits_flash and not self.unsupported

    @property
    def real_time_factor(self) -> tuple[float, float] | None:
        """How many times faster than the sound it is, from and to: below 1 it does not keep up."""
        if self.hop_ms is None or self.milliseconds is None:
            return None
        low, high = self.milliseconds
        return self.hop_ms / high, self.hop_ms / low

    def to_dict(self) -> dict[str, Any]:
        """What `smidgen check --json` prints."""
        return {
            "board": self.board.name,
            "engine": self.engine,
            "unsupported": self.unsupported,
            **self.need.to_dict(),
            "heap_bytes": self.board.heap_bytes,
            "flash_bytes": self.flash_bytes,
            "filesystem_bytes": self.board.filesystem_bytes,
            "fits": self.fits,
            "cycles": self.cycles,
            "instructions": self.instructions,
            "milliseconds": self.milliseconds,
            "basis": self.basis,
            "hop_ms": self.hop_ms,
            "real_time_factor": self.real_time_factor,
            "remedies": self.remedies,
        }


def fit(
    content: bytes, source: str, board: Board, *, in_flash: bool = False, engine: str = "c", counted: int | None = None
) -> Fit:
    """Does a `.smg` fit a board, as deploy brings it there: packed for the architecture, with its native module?

    in_flash: the file stays in flash (ROMFS, frozen). engine: "c" or "python". counted: what `count` gives
    for this board. Raises a ModelError for a file that the engine refuses.
    """
    blob = Blob.from_bytes(content, source)
    architecture = board.architecture if engine == "c" else ""
    need = memory_need(content, source, in_flash, engine, architecture)
    if engine == "c":
        need = Need({**need.parts, "machine code": _module_bytes(blob, board)})
    size = len(packed(content, source, architecture))
    milliseconds, basis = _time(blob, board, engine, counted)
    cycles, instructions = (counted if basis == kind else None for kind in ("counted", "instructions"))
    unsupported = refused_operators(content) if engine == "python" else []
    answer = Fit(
        board, engine, unsupported, need, size, cycles, instructions, milliseconds, basis, _hop_ms(blob), remedies=[]
    )
    return answer if answer.fits else _with_remedies(answer, size, in_flash)


def _module_bytes(blob: Blob, board: Board) -> int:
    """Heap that the native module takes; 0 when there is none here to look at."""
    try:
        return choose(blob, board.architecture).stat().st_size
    except EngineError:
        return 0


def counts(board: Board) -> bool:
    """Whether `count` knows the board's processor."""
    return board.chip in _COUNTED_ON


def count(content: bytes, source: str, board: Board) -> int | None:
    """Cycles of one inference on an RP2040, what `smidgen bench` counts; on other chips instructions. None when what
    that needs is not installed."""
    return _count(content, source, _COUNTED_ON[board.chip])


@cache
def _count(content: bytes, source: str, target: str) -> int | None:
    from smidgen.bench import measure, qemu
    from smidgen.bench.targets import TARGETS

    try:
        if target == "rp2040":
            return measure(content, source).cycles
        return qemu.count(content, source, TARGETS[target]).instructions if qemu.installed(TARGETS[target]) else None
    except MissingExtra:
        return None


def _time(blob: Blob, board: Board, engine: str, counted: int | None) -> tuple[tuple[float, float] | None, str]:
    if engine != "c":
        return None, ""
    ms = 1e3 / board.clock_hz
    if board.chip == "RP2040":
        return ((counted * ms, FLASH_FACTOR * counted * ms), "counted") if counted is not None else (None, "")
    if counted is not None:
        low, high = CYCLES_AN_INSTRUCTION
        return (low * counted * ms, high * counted * ms), "instructions"
    if board.architecture not in PUBLISHED_CYCLES_A_MAC or not blob.macs:
        return None, ""
    low, high = PUBLISHED_CYCLES_A_MAC[board.architecture]
    return (low * blob.macs * ms, high * blob.macs * ms), "published"


def _hop_ms(blob: Blob) -> float | None:
    """How often a model that listens is asked."""
    if "AUDIO" not in blob.sections or "DETECTION" not in blob.sections:
        return None
    front_end = AudioFrontEnd(blob.sections["AUDIO"])
    hops = DetectionSpec.from_section(blob.sections["DETECTION"]).hops
    return hops * front_end.hop / front_end.rate_hz * 1e3


def _where_in_flash(board: Board, size: int) -> str:
    """Where on a board, and how, a file of this size may stay in flash."""
    if board.romfs_bytes >= size:
        return f", in its ROMFS of {board.romfs_bytes:,} bytes (deploy --in-flash)"
    if board.chip in _FLASH_IN_PLACE and board.filesystem_bytes >= size:
        return " (deploy --in-flash)"
    return ", frozen or in ROMFS"


def _with_remedies(answer: Fit, size: int, in_flash: bool) -> Fit:
    board, need = answer.board, answer.need
    remedies = ["the C engine, which has them all (--engine c)"] if answer.unsupported else []
    over = need.total - board.heap_bytes
    if over > 0 and not in_flash and over <= size:
        remedies.append(f"keep the file in flash{_where_in_flash(board, size)}: then it needs {need.total - size:,}")
    if over > 0:
        remedies.append(f"a model whose file and arena are {over:,} bytes smaller: a narrower input or fewer channels")
    if not answer.fits_flash:
        remedies.append(f"a file of at most {board.filesystem_bytes:,} bytes")
    larger = [
        other
        for other in boards.load_all()
        if need.total <= other.heap_bytes and size <= other.filesystem_bytes and not other.name.startswith("qemu")
    ]
    if larger and not (answer.fits_ram and answer.fits_flash):
        remedies.append(f"a {min(larger, key=lambda other: other.heap_bytes).title}, where it fits")
    return Fit(**{**vars(answer), "remedies": remedies})
