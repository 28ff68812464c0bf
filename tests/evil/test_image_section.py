"""Malformed IMAGE and PRESENCE sections: host and board refuse the same ones; what they accept is harmless."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen.features.image import ImageSpec
from smidgen.train.presence import NEVER, PresenceSpec
from tests.support.board import board_module

IMAGE = ImageSpec(9, 7).to_section()
PRESENCE = PresenceSpec((NEVER, 140, 200), (0, 100, 200), 3).to_section()
PICTURE = np.random.default_rng(3).integers(0, 256, (11, 13), np.uint8)
_LARGE = 1 << 16  # pixels of an input that a test still computes


def refused(make, section: bytes) -> bool:
    try:
        make(section)
    except Exception as error:
        assert type(error).__name__ == "SectionError", error
        return True
    return False


def board_front_end(section: bytes):
    return board_module("picture").PictureFrontEnd(section)


def board_presence(section: bytes):
    return board_module("presence").Presence(section, 3, True)


def check_image(section: bytes) -> bool:
    """Whether it is good. Host and board must agree, and see the same."""
    bad = refused(ImageSpec.from_section, section)
    assert refused(board_front_end, section) == bad
    if bad:
        return False
    spec = ImageSpec.from_section(section)
    if spec.width * spec.height <= _LARGE:
        guard = 32
        out = bytearray(b"\xa5" * (spec.width * spec.height * spec.channels + guard))
        board_front_end(section).see(PICTURE.tobytes(), 13, 11, "GS8", out)
        assert out[:-guard] == spec.features(PICTURE).tobytes() and out[-guard:] == b"\xa5" * guard
    return True


def patched(section: bytes, fields: str, values: list[int]) -> bytes:
    return struct.pack(fields, *values) + section[struct.calcsize(fields) :]


@pytest.mark.parametrize(
    ("name", "value"),
    [("width", 0), ("width", 1025), ("height", 0), ("height", 65535), ("channels", 0), ("channels", 2), ("channels", 4),
     ("fit", 2), ("fit", 255), ("multiplier_q8", 0), ("reserved", 1)],
)  # fmt: skip
def test_a_field_out_of_its_range_is_refused(name, value):
    layout, names = fmt.RECORDS["image"]
    values = list(struct.unpack(layout, IMAGE))
    values[names.index(name)] = value
    assert check_image(IMAGE) and not check_image(struct.pack(layout, *values))


@pytest.mark.parametrize("section", [b"", IMAGE[:-1], IMAGE + b"\0"])
def test_another_length_is_refused(section):
    assert not check_image(section)


@given(st.binary(min_size=12, max_size=12))
def test_any_bytes_are_refused_by_both_or_by_neither(section):
    check_image(section)


@given(st.integers(0, len(IMAGE) - 1), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_harmless(at, value):
    check_image(IMAGE[:at] + bytes([value]) + IMAGE[at + 1 :])


@given(st.integers(0, len(PRESENCE) - 1), st.integers(0, 255), st.booleans())
def test_a_changed_presence_is_refused_by_both_or_by_neither(at, value, cut):
    section = PRESENCE[:at] if cut else PRESENCE[:at] + bytes([value]) + PRESENCE[at + 1 :]
    assert refused(board_presence, section) == refused(PresenceSpec.from_section, section)


def test_a_presence_for_other_classes_or_none_is_refused():
    for section in (None, b"", PresenceSpec((1,), (1,), 1).to_section(), PRESENCE + bytes(4)):
        assert refused(board_presence, section)
