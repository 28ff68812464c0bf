"""The command as users run it: a process of its own, in an empty folder."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.networks import ds_cnn
from tests.support.tflite_builder import ModelBuilder

LIMIT_S = 120


class Command:
    """Calls `smidgen` in `folder`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._line = [sys.executable, "-m", "smidgen.cli"]

    def __call__(self, *arguments: object, file_limit: int | None = None, env: dict[str, str] | None = None):
        """Run to the end. file_limit: most bytes of any file that it may write (as on a full disk)."""

        def restrict() -> None:
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        return subprocess.run(
            [*self._line, *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, "NO_COLOR": "1", **(env or {})},
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            preexec_fn=restrict,
        )

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start it in a session of its own and leave it running."""
        return subprocess.Popen(
            [*self._line, *map(str, arguments)],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def files(self) -> set[str]:
        """Everything in the folder, hidden files too."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


@pytest.fixture
def smidgen(tmp_path: Path) -> Command:
    return Command(tmp_path)


@pytest.fixture
def tflite(smidgen: Command) -> Path:
    """An int8 DS-CNN of the size of a keyword model."""
    path = smidgen.folder / "model.tflite"
    path.write_bytes(ds_cnn())
    return path


@pytest.fixture
def unsupported(smidgen: Command) -> Path:
    """A model with two operators that the engine does not have."""
    m = ModelBuilder()
    x = m.input("INT8", (1, 8), 0.5, 0)
    middle, y = m.tensor("INT8", (1, 8), 0.5, 0), m.output("INT8", (1, 8), 0.5, 0)
    m.op("CUMSUM", [x], [middle])
    m.op("ELU", [middle], [y])
    path = smidgen.folder / "odd.tflite"
    path.write_bytes(m.build())
    return path


def fails_with_one_line(result: subprocess.CompletedProcess[str], *words: str) -> None:
    """It ended as the user's mistakes end: status 1, one line on stderr that says `words`, no traceback."""
    assert result.returncode == 1, result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("smidgen: "), result.stderr
    for word in words:
        assert word in lines[0]
