"""A model as a folder for boards that run ulab instead of machine code.

    export_ulab(content, "model.smg", Path("for-the-board"))

The folder is what a CIRCUITPY drive wants at its root: `code.py`, `model.smg`, `lib/smidgen/`.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from smidgen.blob import Blob
from smidgen.errors import ConvertError, UsageError
from smidgen.resources import find

# What firmware/lib/smidgen/python_operators.py knows.
OPERATORS = (
    *("COPY", "CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "MAX_POOL_2D"),
    *("LOOKUP", "SOFTMAX", "ADD", "ADD_INT8"),
)


def export_ulab(content: bytes, source: str, folder: Path) -> list[Path]:
    """Write the folder, whole or not at all. content: a `.smg` file's bytes; source: its name, for errors.

    Returns the files written, relative to `folder`. Raises ModelError for a malformed file, ConvertError naming each
    operator that ulab's engine does not have, UsageError when `folder` is there already.
    """
    _require_operators(Blob.from_bytes(content, source), source)
    if folder.exists():
        raise UsageError(f"{folder}: is there already; choose another --out or remove it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as beside:
        made = Path(beside) / "whole"
        _fill(made, content)
        files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
        made.rename(folder)
    return files


def _require_operators(blob: Blob, source: str) -> None:
    problems = [f"{name}: ulab's engine has no such operator" for name in foreign_operators(blob)]
    if problems:
        raise ConvertError(source, problems)


def foreign_operators(blob: Blob) -> list[str]:
    """The model's operators that engines in Python do not have."""
    return sorted({operator.name for operator in blob.operators} - set(OPERATORS))


def _fill(made: Path, content: bytes) -> None:
    package = made / "lib" / "smidgen"
    shutil.copytree(
        find("firmware/lib/smidgen"), package, ignore=shutil.ignore_patterns("__pycache__", "*.md", "viper_*")
    )
    engine = find("ulab_models")
    for name in ("ulab_engine.py", "ulab_kernels.py"):
        shutil.copy(engine / name, package / name)
    shutil.copy(engine / "code.py", made / "code.py")
    (made / "model.smg").write_bytes(content)
