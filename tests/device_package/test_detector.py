"""The board's detector is the host's, value for value."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen.train.detection import NEVER, DetectionSpec, Detector
from tests.support.board import board_module

board = board_module("detector")
errors = board_module("errors")


@st.composite
def streams(draw):
    """A spec and int8 scores [steps, classes], with runs and ties."""
    classes = draw(st.integers(1, 5))
    thresholds = tuple(draw(st.lists(st.integers(-128, NEVER), min_size=classes, max_size=classes)))
    spec = DetectionSpec(thresholds, draw(st.integers(1, 6)), draw(st.integers(1, 4)), draw(st.integers(0, 8)))
    rows = st.lists(st.sampled_from([-128, -127, -5, 0, 3, 126, 127]), min_size=classes, max_size=classes)
    return spec, np.array(draw(st.lists(rows, min_size=1, max_size=40)), np.int8)


@given(streams(), st.booleans())
def test_detections_equal_the_hosts(stream, signed):
    spec, scores = stream
    host, device = Detector(spec), board.Detector(spec.to_section(), len(spec.thresholds), signed)
    assert device.hop_frames == spec.hops
    for row in scores:
        expected = host.feed(row)
        found = device.feed(row.tobytes() if signed else (row.astype(np.int16) + 128).astype(np.uint8).tobytes())
        assert found == (-1 if expected is None else expected.label)
        if expected is not None:
            mean = (expected.score + 128 * spec.window) / spec.window
            assert device.score == int(100 * mean / 255 + 1e-9)


def test_the_longest_window_does_not_overflow():
    spec = DetectionSpec((127, 127), 255, 1, 0)
    device = board.Detector(spec.to_section(), 2, True)
    found = [device.feed(bytes([127, 126])) for _ in range(256)]
    assert found == [-1] * 254 + [0, 0]
    assert device.score == 100


def test_reset_forgets():
    device = board.Detector(DetectionSpec((0,), 2, 1, 9).to_section(), 1, True)
    assert [device.feed(b"\x7f"), device.feed(b"\x7f")] == [-1, 0]
    device.reset()
    assert [device.feed(b"\x7f"), device.feed(b"\x7f")] == [-1, 0]


@pytest.mark.parametrize("section", [None, b"", bytes(8), b"\1\0\0\0\0\0\1\0\0\0", b"\1\0\0\1\0\0\1\0\0\0"])
def test_a_malformed_section_is_a_section_error(section):
    with pytest.raises(errors.SectionError, match="DETECTION"):
        board.Detector(section, 1, True)
