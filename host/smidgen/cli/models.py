"""How verbs take a model: a `.smg` as it is, a `.tflite` through the converter."""

from __future__ import annotations

from pathlib import Path

from smidgen.convert import convert
from smidgen.engine import Engine


def smg_bytes(path: Path) -> bytes:
    """The bytes of a `.smg`, whichever of the two formats `path` is. Raises ConvertError, ModelError or OSError."""
    content = path.read_bytes()
    return convert(content, str(path)).to_bytes() if content[4:8] == b"TFL3" else content


def open_engine(path: Path) -> Engine:
    """The model, ready to run on this machine."""
    return Engine(smg_bytes(path), str(path))
