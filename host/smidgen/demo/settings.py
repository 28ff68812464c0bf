"""What a demo run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """words, language: what is to be heard. out: the folder for all results. board: a name of `boards`.

    quick: a recipe for seconds, whose model is of little use. realtime: play the recording no faster than it sounds.
    pretrained: use the model that ships.
    """

    words: tuple[str, ...] = ("yes", "no")
    language: str = "en"
    out: Path = Path("build/demo")
    seed: int = 1
    board: str = "pico"
    quick: bool = False
    realtime: bool = False
    pretrained: bool = False
