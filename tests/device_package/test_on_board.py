"""The device package where it belongs: on a simulated board, in MicroPython with a Pico's heap."""

from __future__ import annotations

import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from smidgen import pipeline, resources
from smidgen.bench.seeded import Network
from smidgen.convert import convert
from smidgen.engine import Engine
from smidgen.sim import SimBoard
from tests.support.board import LIBRARY
from tests.support.keyword_model import LABELS, keyword_model, speech_like
from tests.support.samples import SAMPLES

PROGRAMS = Path(__file__).parent / "on_board"
SPEECH = speech_like(1.5)


def write_model(folder: Path, name: str, content: bytes) -> None:
    """A model with an input and the host's output."""
    engine = Engine(content, name)
    x = np.random.default_rng(1).integers(-128, 128, engine.inputs[0].nbytes).astype(np.int8)
    folder.joinpath(name + ".smg").write_bytes(content)
    folder.joinpath(name + ".in").write_bytes(x.tobytes())
    folder.joinpath(name + ".out").write_bytes(engine.invoke([x])[0].tobytes())


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> SimBoard:
    """A board with the package, models and a recording on its flash."""
    state = tmp_path_factory.mktemp("board")
    files = state / "files"
    shutil.copytree(LIBRARY, files / "lib" / "smidgen", ignore=shutil.ignore_patterns("__pycache__", "*.md"))
    (files / "models").mkdir()
    for name in ("keyword", "max_pool", "copy"):
        write_model(files / "models", name, convert(SAMPLES[name](), name).to_bytes())
    network = Network((12, 8, 1), 1).conv(8, (3, 2), 2).depthwise(3).conv(16).global_average().dense(6).softmax()
    write_model(files / "models", "network", convert(network.build(), "network").to_bytes())
    (files / "keyword.smg").write_bytes(keyword_model())
    (files / "model.smg").write_bytes(keyword_model())
    with wave.open(str(files / "speech.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes(SPEECH.tobytes())
    with SimBoard(state=state) as sim:
        yield sim


def run(board: SimBoard, program: Path) -> list[str]:
    """The lines that a program prints on the board."""
    command = [sys.executable, "-m", "mpremote", "connect", board.url, "run", str(program)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.replace("\r", "").splitlines()


def test_each_engine_gives_the_hosts_bytes(board):
    names = ("copy", "keyword", "max_pool", "network")
    assert run(board, PROGRAMS / "engines.py") == [
        f"{name} {engine} same" for name in names for engine in ("c", "python")
    ]


def test_detections_are_the_hosts(board):
    expected = pipeline.listen(keyword_model(), SPEECH)
    assert len(expected) >= 3
    lines = [f"{engine} {word} {score} {time_ms}" for engine in ("c", "python") for word, score, time_ms in expected]
    assert run(board, PROGRAMS / "listen.py") == lines


def test_inferences_allocate_nothing_and_streams_keep_nothing(board):
    assert run(board, PROGRAMS / "memory.py") == ["inferences 0", "streams 0"]


def test_the_demo_prints_what_the_microphone_hears(board):
    board.play(SPEECH)
    first, *lines = run(board, resources.find("firmware/demos/keyword_spotting/main.py"))
    assert first == "listening for yes, no with the wasm engine"
    expected = pipeline.listen(keyword_model(), SPEECH)
    assert lines == [f"{time_ms / 1000:8.2f} s  {word}  {score} %" for word, score, time_ms in expected]


def test_errors_are_named_and_the_board_goes_on(board):
    found = dict(line.split(": ", 1) for line in run(board, PROGRAMS / "errors.py"))
    for engine in ("c", "python"):
        assert found[f"{engine} cut"].startswith("TruncatedError: model: ")
        assert found[f"{engine} damaged"].startswith("CrcError: ")
        assert found[f"{engine} newer"].startswith("VersionError: ")
    assert found["missing"] == "OSError: /no.smg: cannot be read; copy the model to the board"
    assert found["input"] == "InputError: input: takes 320 values of int8: 320 bytes"
    assert found["arena"].startswith("MemoryError: /keyword.smg: the arena")
    assert found["sound"] == "InputError: microphone: gives 8000 samples a second, the model wants 16000"
    assert found["pdm"].startswith("SmidgenError: microphone: MicroPython reads PDM only on RP2040 and RP2350")
    assert found["heap"].startswith("MemoryError: /big.smg: the file needs 245760 bytes in one piece; ")
    assert found["after"] == "nothing"
    assert found["predict"] in LABELS
