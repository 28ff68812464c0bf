"""What the module `_tflm` and smidgen.tflm make of the answers of TensorFlow Lite Micro, given here by fake_tflm.c in
MicroPython's port for this machine. Nothing is shown about TFLM itself, which is the user's own build."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.unix_port import run

PROGRAM = Path(__file__).parent / "on_board" / "tflm.py"
SAYS = "TflmError: model: TensorFlow Lite Micro: "


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, str]:
    lines = run(PROGRAM, cwd=tmp_path_factory.mktemp("tflm"))
    return dict(line.split(": ", 1) for line in lines)


def test_a_tflite_file_has_the_face_of_a_model(said):
    assert said["engine"] == "tflm 48 48 0 () {}"
    assert said["input"] == "(1, 4) int8 0.5 -3 4"
    assert said["real"] == "[0.5, 1.5, 2.5, 3.5]"
    assert said["raw"] == said["again"] == said["alive"] == repr(bytes([2, 3, 4, 251]))
    assert said["labels"] == "('c', 3.5)"


def test_the_arena_is_as_large_as_it_must_be_and_inferences_allocate_nothing(said):
    assert said["arena"] == "48"
    assert said["allocated"] == "0"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("small arena", "needs 48 bytes, missing: 16"),
        ("large", "needs 4080 bytes, missing: 4064"),
        ("damaged", "not a .tflite file, or damaged"),
        ("inference", "Node FAKE failed"),
    ],
)
def test_what_it_says_is_the_text_of_an_exception(said, what, reason):
    assert said[what] == SAYS + reason


@pytest.mark.parametrize(
    ("what", "error"),
    [
        ("missing", "OSError: "),
        ("input of other size", "InputError: input: takes 4 values of int8: 4 bytes"),
        ("profile", "TflmError: model: TensorFlow Lite Micro runs a model as a whole; profile its .smg instead"),
        ("never opened", "ValueError: handle not open"),
        ("small handle", "ValueError: handle too small"),
        ("unaligned", "ValueError: a buffer must start at a multiple of 16 bytes"),
        ("read-only arena", "TypeError: object with buffer protocol required"),
        ("other arena", "ValueError: not this handle's arena"),
        ("refused after open", "RuntimeError: not a .tflite file, or damaged"),
        ("then", "ValueError: handle not open"),
    ],
)
def test_misuse_is_an_error_and_the_board_goes_on(said, what, error):
    assert said[what].startswith(error)
