"""The board's package keeps its promises with every engine on every kind of board, and all of them give the same bytes.

Each rung runs its programs once; the tests read what they printed.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest

from smidgen import boards
from smidgen.convert import read
from smidgen.engine import Engine
from smidgen.reference import Reference
from tests.device.rungs import RUNGS, Rung, at_port, files_of
from tests.engine.test_samples import converted, sequence
from tests.support.emulated import native_module
from tests.support.keyword_model import keyword_model
from tests.support.samples import SAMPLES

PROGRAMS = Path(__file__).parent / "on_board"
CNN_HEAP, CNN_HEAP_64_BIT = 16 * 1024, 22 * 1024
OPERATORS = "CONV_2D DEPTHWISE_CONV_2D CONV_2D AVERAGE_POOL_2D FULLY_CONNECTED SOFTMAX"


@cache
def _at_port(port: str) -> dict[str, Rung]:
    return at_port(port)


def _rungs(config: pytest.Config) -> dict[str, Rung]:
    port = config.getoption("--port")
    return _at_port(port) if port else RUNGS


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "name" in metafunc.fixturenames:
        rungs = _rungs(metafunc.config)
        promised = [name for name in rungs if rungs[name].native or "native" not in metafunc.function.__name__]
        metafunc.parametrize("name", promised)


def digest(infer: Callable[[list], list], inputs: list) -> str:
    """What answers.py prints for a model: the first digits of what two inferences gave."""
    found = sha256()
    for _ in range(2):
        for output in infer(inputs):
            found.update(output.tobytes())
    return found.hexdigest()[:16]


@cache
def expected() -> dict[str, str]:
    """The C engine's answers on this machine, which are those of the NumPy reference."""
    found = {name: digest(Engine(converted(name)).invoke, sequence(name)[0]) for name in SAMPLES}
    for name in SAMPLES:
        assert digest(Reference(read(SAMPLES[name](), name)).invoke, sequence(name)[0]) == found[name], name
    return found


def answers_bin() -> bytes:
    """Every sample with an input, as answers.py reads them."""
    packed = b""
    for name in SAMPLES:
        blob, x = converted(name), b"".join(values.tobytes() for values in sequence(name)[0])
        packed += struct.pack("<BII", len(name), len(blob), len(x)) + name.encode() + blob + x
    return packed


def wrong_modules(architecture: str) -> dict[str, bytes]:
    """Native modules that a board for this architecture has to refuse."""
    good = native_module(architecture)
    return {
        "/wrong/architecture/_smidgen.mpy": good[:2] + bytes([12 << 2 | good[2] & 3]) + good[3:],
        "/wrong/version/_smidgen.mpy": good[:1] + bytes([5]) + good[2:],
        "/wrong/cut/_smidgen.mpy": good[: len(good) // 2],
    }


class Ran:
    """What a rung's programs printed, each as lines."""

    def __init__(self, rung: Rung, folder: Path):
        files = {**files_of(rung), "/model.smg": keyword_model(), "/answers.bin": answers_bin()}
        if rung.native:
            files |= wrong_modules(rung.native) | {"/cnn/_smidgen.mpy": native_module(rung.native, "cnn")}
        with rung.start(folder, files) as device:
            self.promises = device.run(PROGRAMS / "promises.py")
            self.answers = device.run(PROGRAMS / "answers.py")
            if rung.native:
                self.wrong_modules = device.run(PROGRAMS / "wrong_modules.py")
                self.heap = device.run(PROGRAMS / "heap.py")


@pytest.fixture(scope="module")
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ran]:
    """ran(name): what that rung's programs printed."""

    @cache
    def run(name: str) -> Ran:
        return Ran(_rungs(request.config)[name], tmp_path_factory.mktemp("rung"))

    return run


def test_every_engine_gives_the_same_bytes(ran: Callable[[str], Ran], request: pytest.FixtureRequest) -> None:
    rungs, absent = _rungs(request.config), []
    for name, rung in rungs.items():
        try:
            found = dict(line.split() for line in ran(name).answers)
        except pytest.skip.Exception as reason:
            absent.append(f"{name}: {reason.msg}")
            continue
        assert list(found) == list(SAMPLES)
        if rung.engine == "python":
            found = {sample: answer for sample, answer in found.items() if answer != "unsupported"}
            assert "keyword" in found
        assert found == {sample: expected()[sample] for sample in found}, name
    if absent:
        pytest.skip("; ".join(absent))


def test_promises(ran: Callable[[str], Ran], name: str, request: pytest.FixtureRequest) -> None:
    said = dict(line.split(": ", 1) for line in ran(name).promises)
    assert said["engine"] == _rungs(request.config)[name].label
    if name.startswith("qemu-"):
        assert int(said["mpy"]) == boards.load(name.split(",")[0]).firmware.mpy
    allowed = 256 if said["engine"] == "python" else 0  # the collector takes some numbers for pointers
    assert int(said["left behind"]) <= allowed, "by 1000 inferences, 10 in Python"
    same, turns = said["async"].split(", ")
    assert same == "True" and int(turns.split()[0]) >= OPERATORS.count(" ")
    assert said["profile"] == OPERATORS
    assert said["short input"].startswith("InputError: input: takes 320 values of int8")
    assert said["input of another type"].startswith(("InputError: input: ", "TypeError: "))
    assert said["short output"] == "InputError: out: must be a bytearray of 4 bytes"
    assert said["small arena"].startswith("MemoryError: model.smg: the arena")
    assert said["cut"].startswith("TruncatedError: ")
    assert said["damaged"].startswith("CrcError: ")
    assert said["newer"].startswith("VersionError: ")
    assert said["missing"] == "OSError: no.smg: cannot be read; copy the model to the board"
    assert said["too large"].startswith("MemoryError: large.smg: the file needs 614400 bytes in one piece; ")
    assert said["replaced, opened again"].startswith("MagicError: ")
    assert said["replaced"] == "open True"
    assert said["alive"] == "True"


def test_a_wrong_native_module_is_named(ran: Callable[[str], Ran], name: str) -> None:
    said = dict(line.partition(": ")[::2] for line in ran(name).wrong_modules)
    assert "made for architecture 12, this board loads " in said["architecture"]
    assert said["version"].endswith("made for another MicroPython; deploy again")
    assert said["cut"].endswith("damaged or cut short; deploy again")
    assert "alive" in said


def test_the_small_native_module_takes_at_most_16_kb_of_a_board_s_heap(ran: Callable[[str], Ran], name: str) -> None:
    taken, label = ran(name).heap[0].split()
    assert label == "native"
    assert int(taken) <= (CNN_HEAP_64_BIT if name == "unix x64, native" else CNN_HEAP)
