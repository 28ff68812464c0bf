"""The C engine and the device package in a simulated board: same bytes as on the host, memory in the board's heap."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from smidgen.cli.watch import sight_line
from smidgen.datasets.picture.camera import frame_of, picture_of
from smidgen.device import Board, connect, deploy
from smidgen.engine import Engine
from smidgen.monitor import Monitor
from smidgen.pipeline import listen
from smidgen.sim import SimBoard
from smidgen.viewer import Viewer
from tests.support.anomaly_model import anomaly_model
from tests.support.keyword_model import keyword_model, speech_like
from tests.support.motion_model import motion_like, motion_model
from tests.support.vision_model import pictures_like, vision_model

DEMOS = Path(__file__).parents[2] / "firmware" / "demos"
LIBRARY = Path(__file__).parents[2] / "firmware" / "lib" / "smidgen"


@pytest.fixture(scope="module")
def ready() -> Iterator[SimBoard]:
    """A board with the device package and a model on it."""
    package = {f"/lib/smidgen/{path.name}": path.read_bytes() for path in sorted(LIBRARY.glob("*.py"))}
    with SimBoard("pico") as sim:
        with connect(sim.url) as board:
            deploy(
                board,
                {
                    **package,
                    "/model.smg": keyword_model(),
                    "/motion.smg": motion_model(),
                    "/machine.smg": anomaly_model(),
                    "/vision.smg": vision_model(),
                },
            )
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


def test_the_gesture_demo_prints_what_the_host_detects(ready: SimBoard, board: Board) -> None:
    samples = motion_like(400)
    ready.move(samples, rate_hz=25)
    said: list[str] = []
    board.run(demo("gesture", "motion.smg"), said.append)
    expected = [f"{d.time_ms / 1000:8.2f} s  {d.word}  {d.score} %" for d in listen(motion_model(), samples)]
    assert said == ["watching for ring, slope with the wasm engine", *expected]


def test_the_anomaly_demo_learns_its_threshold_once_and_keeps_it(ready: SimBoard, board: Board) -> None:
    samples = speech_like(1.5, seed=5)
    first, second = Monitor(anomaly_model()), Monitor(anomaly_model())
    reports = list(first.feed(samples))
    learned = first.spec.learn([report.score for report in reports[: first.spec.learned]])
    second.threshold = learned
    said: list[str] = []
    for _ in range(2):
        ready.play(samples)
        board.run(demo("anomaly", "machine.smg"), said.append)
    lines = [f"{r.time_ms / 1000:8.2f} s  {r.percent} %{'  alarm' if r.alarm else ''}" for r in second.feed(samples)]
    later = lines[first.spec.learned :]
    assert said[:2] == ["learning how the machine sounds ...", f"threshold {learned} learned"]
    told = [line.removesuffix("  alarm") for line in said[2 : 2 + len(later)]]  # an alarm of before is forgotten
    assert told == [line.removesuffix("  alarm") for line in later] and len(later) > 5
    assert said[2 + len(later) :] == [f"threshold {learned} as learned before", *lines]


def test_the_vision_demo_prints_what_the_host_sees(ready: SimBoard, board: Board) -> None:
    frames = [frame_of(picture) for picture in pictures_like(40, (120, 160))]
    ready.look(b"".join(frames))
    said: list[str] = []
    board.run(demo("vision", "vision.smg"), said.append)
    expected = list(Viewer(vision_model()).feed(map(picture_of, frames)))
    assert len(expected) > 2
    assert said == ["looking for face, cup with the wasm engine", *map(sight_line, expected)]


def demo(name: str, model: str) -> str:
    """A demo's program, with another model."""
    return (DEMOS / name / "main.py").read_text().replace("model.smg", model)


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
        "audio_feed(bytes(100), bytearray(4096), bytearray(8), 0, 4)",
        "audio_frame(bytes(100), bytearray(4096), bytearray(64), 0)",
    ],
)
def test_bad_buffers_are_refused_with_a_code(board: Board, call: str) -> None:
    board.exec("import _smidgen")
    assert board.eval(f"_smidgen.{call}") < 0
