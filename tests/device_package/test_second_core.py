"""Two cores in MicroPython itself: `second_core.py` with the `_thread` of MicroPython's port for this machine, which
has no GIL, as an RP2040's has none."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from smidgen.bench.networks import ds_cnn, mobilenet
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.support.board import LIBRARY
from tests.support.emulated import native_module, unix_port
from tests.support.unix_port import unix_port as port_with_engine

PROGRAMS = Path(__file__).parent / "on_board"
MODELS: dict[str, Callable[[], bytes]] = {"keyword": ds_cnn, "vision": partial(mobilenet, 3, dead=0.4)}
INFERENCES = 2
SECONDS = 300  # of wall time, on a busy machine; a core that waits for ever is a failure


@pytest.fixture(scope="module")
def models(tmp_path_factory) -> Path:
    """A folder with the models, inputs and the host's outputs, and with the native module in lib."""
    folder = tmp_path_factory.mktemp("second_core")
    (folder / "models").mkdir()
    for name, make in MODELS.items():
        content = convert(make(), name).to_bytes()
        engine, rng = Engine(content, name), np.random.default_rng(1)
        inputs = [rng.integers(-128, 128, engine.inputs[0].nbytes).astype(np.int8) for _ in range(INFERENCES)]
        (folder / "models" / f"{name}.smg").write_bytes(content)
        (folder / "models" / f"{name}.in").write_bytes(b"".join(x.tobytes() for x in inputs))
        (folder / "models" / f"{name}.out").write_bytes(b"".join(engine.invoke([x])[0].tobytes() for x in inputs))
    (folder / "lib").mkdir()
    (folder / "lib" / "_smidgen.mpy").write_bytes(native_module("x64", "keyword"))
    return folder


def run(kind: str, models: Path, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A program in MicroPython with the engine as a user module, or as a native module."""
    port, library = (unix_port(), [models / "lib"]) if kind == "native" else (port_with_engine(), [])
    environment = {**os.environ, "MICROPYPATH": ":".join(map(str, [*library, LIBRARY.parent]))}
    command = [str(port), "-X", "heapsize=4m", str(PROGRAMS / program), *arguments]
    return subprocess.run(command, cwd=models, env=environment, capture_output=True, text=True, timeout=SECONDS)


@pytest.fixture(scope="module", params=["usermod", "native"])
def kind(request) -> str:
    """How MicroPython has the engine."""
    return request.param


@pytest.fixture(scope="module")
def said(kind, models) -> dict[str, str]:
    """What came out of each trial."""
    done = run(kind, models, "second_core.py")
    assert done.returncode == 0, done.stdout + done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


def test_the_engine_is_the_one_that_is_asked_for(kind, said):
    assert said["engine"] == kind


@pytest.mark.parametrize("trial", ["shared_keyword", "shared_vision"])
def test_two_cores_give_the_hosts_bytes_and_both_work(said, trial):
    assert said[trial] == "2 cores, same True, handed over True, all done True"


def test_models_with_one_core_and_two_take_turns_at_one_desk(said):
    assert said["in_turns"] == "same True"
    assert said["step_by_step"] == "same True"


def test_a_thread_that_cannot_start_leaves_one_core(said):
    assert said["refused"] == "1 cores, same True"
    assert said["heap_full"] == "None"


def test_the_second_core_allocates_nothing(said):
    assert said["allocated"] == "0"


def test_another_thread_collects_garbage_meanwhile(said):
    assert said["littered"] == "same True, collected True"


def test_two_threads_ask_one_second_core_at_once(said):
    assert said["two_ask"] == "same True True"


def test_a_second_core_that_was_given_back_can_be_had_again(said):
    assert said["released"] == "None, same True, then 2 cores"
    assert said["released_at_once"] == "same True"


@pytest.mark.parametrize(("how", "code"), [("end", 0), ("exit", 3), ("raise", 1), ("at work", 0)])
def test_a_program_ends_while_the_second_core_serves(kind, models, how, code):
    done = run(kind, models, "second_core_ends.py", how)
    assert (done.returncode, done.stdout) == (code, "2 cores\n")
    assert ("ValueError: the program's own" in done.stderr) == (how == "raise")
