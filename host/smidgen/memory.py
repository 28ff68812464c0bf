"""How much of a board's memory a model takes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from smidgen.blob import Blob
from smidgen.convert.pack import TARGETS, pack
from smidgen.datasets.picture import camera
from smidgen.engine import Engine
from smidgen.features.audio import AudioFrontEnd
from smidgen.features.image import ImageSpec

HANDLE_BYTES = 72  # of an open model in the C engine, on boards: 32-bit pointers (firmware/engine/smg.h, smg_model)
NOTE_BYTES = 16  # in front of the front end's state (firmware/module/smg_module.c)
# What `from smidgen import Model` takes for the package's code, from its source files, and the Python engine's objects:
# upper bounds, measured in MicroPython 1.27; tests/sim/test_memory.py holds them to it.
CODE_BYTES = {"c": 27_000, "python": 48_500}
PYTHON_BASE_BYTES = 1_500
PYTHON_OPERATOR_BYTES = 170


@dataclass(frozen=True)
class Need:
    """Bytes of a board's heap, by what they are for."""

    parts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.parts.values())

    def to_dict(self) -> dict[str, Any]:
        """What `smidgen check --json` prints."""
        return {"parts": self.parts, "total_bytes": self.total}


@lru_cache(maxsize=4)
def packed(content: bytes, source: str, architecture: str) -> bytes:
    """A `.smg` in the layout that this architecture's engine reads fastest; as it is where that has none of its own.
    Raises a ModelError for a file that cannot be read."""
    target = architecture.upper()
    return pack(Blob.from_bytes(content, source), target).to_bytes() if target in TARGETS else content


def memory_need(content: bytes, source: str, in_flash: bool = False, engine: str = "c", architecture: str = "") -> Need:
    """What a portable `.smg` needs on a board.

    "model file" (unless that stays in flash), "arena", "state" and "engine" are what `Model.memory` says on the board:
    exact in C, for the Python engine ("engine" are its objects) an upper bound. Where the model has a front end, its
    state and window come to it, where it sees a frame of 160x120 pixels; "package" is the package's own code, an upper
    bound. engine: "c" or "python". architecture: that the file is packed for before it goes to the board. Raises a
    ModelError for a file that the engine refuses.
    """
    opened = Engine(content, source)
    there = packed(content, source, architecture)
    arena = Blob.from_bytes(there, source).arena_size
    parts = {"model file": 0 if in_flash else len(there), "arena": arena, "state": opened.state_size}
    parts["engine"] = HANDLE_BYTES if engine == "c" else python_engine_bytes(len(opened.blob.operators))
    if audio := opened.blob.sections.get("AUDIO"):
        parts["audio front end"] = NOTE_BYTES + AudioFrontEnd(audio).state_size + opened.inputs[0].nbytes
    if "IMU" in opened.blob.sections:
        parts["window of motion"] = opened.inputs[0].nbytes
    if image := opened.blob.sections.get("IMAGE"):
        parts["picture and front end"] = camera.FRAME_BYTES + _picture_tables(ImageSpec.from_section(image))
    parts["package"] = CODE_BYTES[engine]
    return Need(parts)


def _picture_tables(spec: ImageSpec) -> int:
    """What the front end holds besides the frame: a table of values, sums of a row of boxes, the boxes' edges."""
    return 256 + 4 * spec.width * spec.channels + 4 * (spec.width + spec.height)


def python_engine_bytes(operators: int) -> int:
    """Most that the Python engine's objects take for a model of so many operators."""
    return PYTHON_BASE_BYTES + PYTHON_OPERATOR_BYTES * operators
