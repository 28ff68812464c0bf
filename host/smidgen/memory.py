"""How much of a board's memory a model takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from smidgen.engine import Engine
from smidgen.features.audio import AudioFrontEnd


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


def memory_need(content: bytes, source: str, in_flash: bool = False) -> Need:
    """What a `.smg` needs on a board: its file (unless that stays in flash), the arena, its state, and where it has one
    the front end's state and the window of features. Raises a ModelError for a file that the engine refuses."""
    engine = Engine(content, source)
    parts = {} if in_flash else {"model file": len(content)}
    parts["arena"] = engine.arena_size
    if engine.state_size:
        parts["state"] = engine.state_size
    if audio := engine.blob.sections.get("AUDIO"):
        parts["audio front end"] = AudioFrontEnd(audio).state_size + engine.inputs[0].nbytes
    if "IMU" in engine.blob.sections:
        parts["window of motion"] = engine.inputs[0].nbytes
    return Need(parts)
