"""What a model sees of a picture: exact means over boxes, crops, colours and greys; and what is seen of scores."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.errors import UsageError
from smidgen.features.image import ImageSpec, from_rgb565, to_rgb565
from smidgen.train.presence import NEVER, Presence, PresenceSpec
from tests.support.board import board_module
from tests.support.pictures import CASES, Case, expected_of, frame_of

SPECS = st.builds(
    ImageSpec,
    st.integers(1, 20),
    st.integers(1, 20),
    st.sampled_from([1, 3]),
    st.sampled_from(["crop", "stretch"]),
    st.integers(1, 700),
    st.integers(-300, 300),
)


def on_board(case: Case, frame: bytes) -> bytes:
    out = bytearray(int(np.prod(case.spec.shape)))
    front_end = board_module("picture").PictureFrontEnd(case.spec.to_section())
    front_end.see(frame, case.width, case.height, case.kind, out)
    return bytes(out)


@pytest.mark.parametrize("name", CASES)
def test_the_board_sees_what_training_saw(name):
    assert on_board(CASES[name], frame_of(CASES[name])) == expected_of(CASES[name])


@settings(max_examples=60)
@given(
    st.builds(
        Case, st.sampled_from(["GS8", "RGB565", "RGB565BE", "RGB888"]), st.integers(1, 30), st.integers(1, 30), SPECS
    )
)
def test_any_frame_is_seen_alike(case):
    assert on_board(case, frame_of(case)) == expected_of(case)


def test_a_picture_of_the_models_size_is_taken_as_it_is():
    picture = np.arange(256, dtype=np.uint8).reshape(16, 16)
    assert np.array_equal(ImageSpec(16, 16).features(picture), picture.astype(int) - 128)


def test_small_means_the_mean_of_each_box_half_rounded_up():
    picture = np.array([[0, 1, 10, 20], [0, 1, 30, 41]], np.uint8)
    assert ImageSpec(2, 1, multiplier_q8=256, offset=0).features(picture).tolist() == [[1, 25]]


def test_crop_takes_the_middle_and_stretch_takes_all():
    picture = np.zeros((4, 12), np.uint8)
    picture[:, 4:8] = 200
    assert np.unique(ImageSpec(2, 2).features(picture)).tolist() == [72]
    assert ImageSpec(3, 1, fit="stretch").features(picture).tolist() == [[-128, 72, -128]]
    assert np.unique(ImageSpec(2, 2).features(picture.T.copy())).tolist() == [72]


def test_grey_of_the_primaries_is_that_of_bt_601():
    primaries = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)
    assert ImageSpec(4, 1, offset=0, multiplier_q8=128).features(primaries).tolist() == [[39, 75, 15, 127]]


def test_rgb565_keeps_its_bits_there_and_back():
    picture = np.random.default_rng(0).integers(0, 256, (5, 7, 3), np.uint8)
    coarse = from_rgb565(to_rgb565(picture), 7, 5)
    assert np.abs(coarse.astype(int) - picture).max() <= 7 and (coarse.min(), coarse.max()) == (0, 255)
    assert to_rgb565(coarse, ">") == to_rgb565(picture, ">")


@pytest.mark.parametrize("fields", [{"width": 0}, {"channels": 2}, {"fit": "pad"}, {"multiplier_q8": 0}])
def test_a_spec_out_of_range_is_refused(fields):
    with pytest.raises(UsageError, match=r"picture: .*; use sides of 1 to 1024"):
        ImageSpec(**fields)


def feed(presence, rows) -> list[tuple[bool, int, int]]:
    return [(presence.feed(row), presence.seen, presence.score) for row in rows]


def test_a_class_comes_at_on_and_goes_below_off():
    spec = PresenceSpec((NEVER, 150), (0, 100), smooth=2)
    rows = [[255 - s, s] for s in (255, 255, 60, 140, 59, 140, 155, 145)]
    changes = feed(Presence(spec), rows)
    assert [seen for _, seen, _ in changes] == [-1, 1, 1, 1, -1, -1, -1, 1]
    assert [changed for changed, *_ in changes] == [False, True, False, False, True, False, False, True]
    assert [score for *_, score in changes] == [0, 100, 61, 39, 0, 0, 0, 58]


@given(st.lists(st.tuples(*[st.integers(0, 255)] * 3), max_size=40), st.integers(1, 5), st.booleans())
def test_host_and_board_see_the_same_in_any_scores(rows, smooth, signed):
    spec = PresenceSpec((NEVER, 120, 100), (0, 90, 100), smooth)
    board = board_module("presence").Presence(spec.to_section(), 3, signed)
    flip = 128 if signed else 0
    assert feed(Presence(spec), rows) == feed(board, [bytes(s ^ flip for s in row) for row in rows])


@pytest.mark.parametrize("fields", [((1,), (2,), 1), ((257,), (0,), 1), ((1,), (1,), 0), ((1, 1), (1,), 1)])
def test_levels_that_contradict_are_refused(fields):
    with pytest.raises(UsageError, match="presence: "):
        PresenceSpec(*fields)
