"""The C engine and the device package in a simulated board: same bytes as on the host, memory in the board's heap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from smidgen.device import Board, connect, deploy
from smidgen.engine import Engine
from smidgen.pipeline import listen
from smidgen.sim import SimBoard
from tests.support.keyword_model import keyword_model, speech_like
from tests.support.motion_model import motion_like, motion_model

LIBRARY = Path(__file__).parents[2] / "firmware" / "lib" / "smidgen"


@pytest.fixture(scope="module")
def ready() -> Iterator[SimBoard]:
    """A board with the device package and a model on it."""
    package = {f"/lib/smidgen/{path.name}": path.read_bytes() for path in sorted(LIBRARY.glob("*.py"))}
    with SimBoard("pico") as sim:
        with connect(sim.url) as board:
            deploy(board, {**package, "/model.smg": keyword_model(), "/motion.smg": motion_model()})
        yield sim


@pytest.fixture
def board(ready: SimBoard) -> Iterator[Board]:
    with connect(ready.url) as board:
        yield board


def test_the_board_takes_the_c_engine(board: Board) -> None:
    board.exec("from smidgen import Model; m = Model('model.smg')")
    assert board.eval("m.engine") == "wasm"


def test_outputs_are_the_host_s_byte_for_byte(board: Board) -> None:
    engine = Engine(keyword_model())
    rng = np.random.default_rng(2)
    board.exec("from smidgen import Model; m = Model('model.smg')")
    for _ in range(4):
        features = rng.integers(-128, 128, engine.inputs[0].dims).astype(np.int8)
        board.exec(f"m.inputs[0].data[:] = {features.tobytes()!r}; m.invoke()")
        assert board.eval("bytes(m.outputs[0].data)") == engine.invoke([features])[0].tobytes()


def test_what_the_board_hears_is_detected_as_by_the_host(ready: SimBoard, board: Board) -> None:
    samples = speech_like(4.0)
    ready.play(samples)
    board.exec("from smidgen import Listener, Microphone, Model")
    heard = board.eval("list(tuple(d) for d in Listener(Model('model.smg'), Microphone()))")
    expected = [tuple(detection) for detection in listen(keyword_model(), samples)]
    assert heard == expected
    assert len(expected) > 0


def test_what_moves_the_board_is_detected_as_by_the_host(ready: SimBoard, board: Board) -> None:
    samples = motion_like(400)
    ready.move(samples, rate_hz=25)
    board.exec("from smidgen import IMU, Model, Watcher")
    seen = board.eval("list(tuple(d) for d in Watcher(Model('motion.smg'), IMU()))")
    expected = [tuple(detection) for detection in listen(motion_model(), samples)]
    assert seen == expected
    assert len(expected) > 0


def test_the_arena_lies_in_the_board_s_heap(board: Board) -> None:
    """A model that no longer fits beside what the program holds is a MemoryError, as on the board."""
    board.exec("import gc; from smidgen import Model\nhog = []")
    board.exec("try:\n    while True: hog.append(bytearray(1024))\nexcept MemoryError: hog.pop(); hog.pop()")
    answer = board.exec("try:\n    Model('model.smg')\nexcept MemoryError:\n    hog = None\n    print('no room')")
    assert answer.strip() == "no room"
    assert board.exec("gc.collect(); print(Model('model.smg').engine)").strip() == "wasm"


@pytest.mark.parametrize(
    "call",
    [
        "open(bytearray(4), bytes(100))",
        "open(bytearray(200), b'no model')",
        "invoke(bytearray(200))",
        "bind(bytearray(200), bytearray(8), b'')",
        "audio_open(b'short')",
        "audio_reset(b'short', bytearray(8))",
    ],
)
def test_bad_buffers_are_refused_with_a_code(board: Board, call: str) -> None:
    board.exec("import _smidgen")
    assert board.eval(f"_smidgen.{call}") < 0
