"""A model as a folder for boards that run ulab instead of machine code.

    export_ulab(content, "model.smg", Path("for-the-board"))

The folder is what a CIRCUITPY drive wants at its root: `code.py`, `model.smg`, `lib/smidgen/`.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from smidgen.engine import Engine
from smidgen.errors import ConvertError, UsageError
from smidgen.python_engine import refused_operators
from smidgen.resources import find


def export_ulab(content: bytes, source: str, folder: Path) -> list[Path]:
    """Write the folder, whole or not at all. content: a `.smg` file's bytes; source: its name, for errors.

    Returns the files written, relative to `folder`. Raises ModelError for a malformed file, ConvertError naming each
    operator that ulab's engine does not have, UsageError when `folder` is there already.
    """
    _require_operators(content, source)
    if folder.exists():
        raise UsageError(f"{folder}: is there already; choose another --out or remove it")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder.parent) as beside:
        made = Path(beside) / "whole"
        _fill(made, content)
        files = sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file())
        made.rename(folder)
    return files


def _require_operators(content: bytes, source: str) -> None:
    Engine(content, source)
    problems = [f"{name}: ulab's engine has no such operator" for name in refused_operators(content)]
    if problems:
        raise ConvertError(source, problems)


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
