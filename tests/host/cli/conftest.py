"""The command as users run it, in an empty folder."""

from __future__ import annotations

import contextlib
import io
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from smidgen import cli
from smidgen.bench.networks import ds_cnn
from smidgen.bench.tflite_builder import ModelBuilder

LIMIT_S = 120
Done = subprocess.CompletedProcess[str]


class Command:
    """Calls `smidgen` in `folder`: in this process, which is quick, or in one of its own."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = {"COLUMNS": "80", "XDG_CACHE_HOME": str(folder.parent / "cache")}
        self.line = [sys.executable, "-m", "smidgen.cli"]

    def __call__(self, *arguments: object) -> Done:
        """Run to the end. What is no error of the user's is raised here."""
        out, err = io.StringIO(), io.StringIO()
        with (
            contextlib.chdir(self.folder),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.MonkeyPatch.context() as patch,
            pytest.raises(SystemExit) as stop,
        ):
            patch.setattr(sys, "argv", ["smidgen", *map(str, arguments)])
            for name, value in self.environment.items():
                patch.setenv(name, value)
            cli.main()
        return subprocess.CompletedProcess(arguments, stop.value.code, out.getvalue(), err.getvalue())

    def apart(self, *arguments: object, file_limit: int | None = None) -> Done:
        """The same in a process of its own. file_limit: most bytes of any file that it may write, as on a full disk."""

        def restrict() -> None:
            if file_limit is not None:
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))

        return subprocess.run(
            [*self.line, *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=LIMIT_S,
            preexec_fn=restrict,
        )

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start it in a session of its own and leave it running."""
        return subprocess.Popen(
            [*self.line, *map(str, arguments)],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def interrupt(self, process: subprocess.Popen[str]) -> str:
        """Ctrl-C as a terminal sends it: to the whole group. Returns what the process then wrote to stderr."""
        os.killpg(process.pid, signal.SIGINT)
        try:
            return process.communicate(timeout=30)[1]
        finally:
            process.kill()

    def files(self) -> set[str]:
        """Everything in the folder, hidden files too."""
        return {str(path.relative_to(self.folder)) for path in self.folder.rglob("*")}


@pytest.fixture
def smidgen(tmp_path: Path) -> Command:
    folder = tmp_path / "here"
    folder.mkdir()
    return Command(folder)


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
    m.op("L2_NORMALIZATION", [middle], [y])
    path = smidgen.folder / "odd.tflite"
    path.write_bytes(m.build())
    return path


def fails_with_one_line(result: Done, *words: str) -> None:
    """It ended as the user's mistakes end: status 1, one line on stderr that says `words`, no traceback."""
    assert result.returncode == 1, result.stderr
    lines = result.stderr.splitlines()
    assert len(lines) == 1 and lines[0].startswith("smidgen: "), result.stderr
    for word in words:
        assert word in lines[0]
