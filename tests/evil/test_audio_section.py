"""Malformed AUDIO sections: C and the board refuse each with its error; what they accept is harmless."""

import ctypes
import struct
from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen._build import load_library
from smidgen.features.audio import HEAD, AudioFrontEnd, AudioSpec
from tests.support.board import board_module
from tests.support.section import with_field

GOOD = AudioSpec().to_section()
SMALL = AudioSpec(rate_hz=8000, window_ms=4, hop_ms=2, channels=5, upper_hz=3500.0).to_section()
TWIDDLES = 4 * (512 // 4 + 1)
WINDOW_AT = HEAD.size + TWIDDLES
WIDTHS_AT = WINDOW_AT + 2 * 480
WEIGHTS_AT = WIDTHS_AT + 2 * 41
GUARD = 0xA5


def c_open(section: bytes) -> int:
    buffer = ctypes.create_string_buffer(section, max(len(section), 1))
    return load_library().smg_audio_open(buffer, ctypes.c_size_t(len(section)))


def verdict(section: bytes) -> int:
    """The error of C's check, which must be the board's too; 0 for a good section."""
    code = min(c_open(section), 0)
    assert board_module("_frontend").check(section) == code
    return code


def patched(at: int, code: str, value: int) -> bytes:
    changed = bytearray(GOOD)
    struct.pack_into("<" + code, changed, at, value)
    return bytes(changed)


BAD_FIELDS = [
    ("rate_hz", 0),
    ("window", 0),
    ("window", 513),
    ("window", 65535),
    ("hop", 0),
    ("hop", 481),
    ("fft_size", 0),
    ("fft_size", 16),
    ("fft_size", 500),
    ("fft_size", 8192),
    ("fft_size", 32768),
    ("channels", 0),
    ("channels", 257),
    ("channels", 65535),
    ("first_bin", 0),
    ("first_bin", 21),
    ("first_bin", 65535),
    ("bins", 252),
    ("bins", 65535),
    ("frames", 0),
    ("stages", 16),
    ("stages", 255),
    ("smoothing_bits", 17),
    ("even_smoothing_q14", 16385),
    ("odd_smoothing_q14", 65535),
    ("min_signal_q14", 16385),
    ("gain_bits", 14),
    ("gain_bits", 47),
    ("log_shift", 16),
    ("out_div", 0),
    ("out_offset", -129),
    ("out_offset", 128),
]


@pytest.mark.parametrize(("field", "value"), BAD_FIELDS)
def test_bad_field_is_refused(field, value):
    assert verdict(GOOD) == 0
    assert verdict(with_field(GOOD, field, value)) == fmt.FrontendError.code


@pytest.mark.parametrize(("field", "value"), [("window", 478), ("bins", 200), ("channels", 38), ("stages", 0)])
def test_field_that_shrinks_the_tables_is_refused(field, value):
    assert verdict(with_field(GOOD, field, value)) == fmt.FrontendError.code


@pytest.mark.parametrize(("field", "value"), [("window", 512), ("bins", 250), ("channels", 44)])
def test_field_that_grows_the_tables_is_truncation(field, value):
    assert verdict(with_field(GOOD, field, value)) == fmt.TruncatedError.code


@pytest.mark.parametrize("value", [4097, 32767, -1, -32768])
def test_window_coefficient_beyond_1_is_refused(value):
    assert verdict(patched(WINDOW_AT + 2 * 479, "h", value)) == fmt.FrontendError.code


@pytest.mark.parametrize("at", [HEAD.size, HEAD.size + 2, WINDOW_AT - 4, WINDOW_AT - 2])
def test_quarter_turn_with_inexact_ends_is_refused(at):
    (value,) = struct.unpack_from("<h", GOOD, at)
    assert verdict(patched(at, "h", value ^ 1)) == fmt.FrontendError.code


@pytest.mark.parametrize("channel", [0, 40])
def test_widths_that_do_not_add_up_to_the_bins_are_refused(channel):
    (width,) = struct.unpack_from("<H", GOOD, WIDTHS_AT + 2 * channel)
    for wrong in (0, width + 1, 65535):
        assert wrong != width
        assert verdict(patched(WIDTHS_AT + 2 * channel, "H", wrong)) == fmt.FrontendError.code


@pytest.mark.parametrize("value", [4097, 0x7FFF, 0x8000 + 4097, 0xFFFF])
def test_weight_beyond_1_is_refused(value):
    assert verdict(patched(WEIGHTS_AT, "H", value)) == fmt.FrontendError.code


def test_every_truncation_is_refused():
    for size in range(len(SMALL)):
        assert verdict(SMALL[:size]) == fmt.TruncatedError.code
    assert verdict(SMALL) == 0


@pytest.mark.parametrize("extra", [1, 2, 4, 1000])
def test_bytes_after_the_tables_are_refused(extra):
    assert verdict(GOOD + bytes(extra)) == fmt.FrontendError.code


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_misaligned_section_or_state_is_refused(shift):
    library, buffer = load_library(), ctypes.create_string_buffer(bytes(8) + GOOD)
    aligned = -ctypes.addressof(buffer) % 4
    at = ctypes.addressof(buffer) + aligned + shift
    assert library.smg_audio_open(ctypes.c_void_p(at), ctypes.c_size_t(len(GOOD))) == fmt.AlignmentError.code
    section = np.frombuffer(GOOD, np.uint32).copy()
    assert library.smg_audio_reset(section.ctypes.data, ctypes.c_void_p(at)) == fmt.AlignmentError.code


def test_state_that_was_never_reset_is_refused():
    section, state = np.frombuffer(GOOD, np.uint32).copy(), np.full(600, 0xFFFFFFFF, np.uint32)
    front_end = AudioFrontEnd(GOOD)  # declares the functions' argument types
    samples = np.zeros(10, np.int16)
    pointers = section.ctypes.data, state.ctypes.data
    assert front_end._engine.smg_audio_feed(*pointers, samples.ctypes.data, 10) == fmt.OrderError.code
    assert front_end._engine.smg_audio_frame(*pointers, None, None) == fmt.OrderError.code


def run_with_guards(section: bytes) -> np.ndarray | None:
    """Three frames of noise in buffers of the exact size with guard bytes around; None when the section is refused."""
    size = c_open(section)
    if size < 0:
        return None
    engine = AudioFrontEnd(section)._engine
    window, hop, _, channels = struct.unpack_from("<4H", section, 4)
    code = np.frombuffer(section, np.uint32).copy()
    state = np.full(size + 16, GUARD, np.uint8)
    out = np.full((3, channels + 2), GUARD, np.uint8)
    noise = np.random.default_rng(1).integers(-32768, 32768, window + 2 * hop).astype(np.int16)
    pointers = code.ctypes.data, state[8:].ctypes.data
    engine.smg_audio_reset(*pointers)
    at = 0
    for row in out:
        at += engine.smg_audio_feed(*pointers, noise[at:].ctypes.data, len(noise) - at)
        assert engine.smg_audio_frame(*pointers, row[1:].ctypes.data, None) == 1
    assert (state[:8] == GUARD).all() and (state[size + 8 :] == GUARD).all()
    assert (out[:, 0] == GUARD).all() and (out[:, -1] == GUARD).all()
    return out[:, 1:-1].view(np.int8)


def board_run(section: bytes) -> np.ndarray:
    stream = board_module("_frontend").Stream(section)
    noise = np.random.default_rng(1).integers(-32768, 32768, stream.window + 2 * stream.hop).astype(np.int16)
    samples, at = array("h", noise.tobytes()), 0
    rows = [bytearray(stream.channels) for _ in range(3)]
    for row in rows:
        at += stream.feed(samples, at, len(samples))
        assert stream.frame(row, 0) == 1
    return np.frombuffer(b"".join(rows), np.int8).reshape(3, stream.channels)


@given(
    changes=st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), min_size=1, max_size=6),
    cut=st.none() | st.integers(0, len(SMALL)),
)
@settings(max_examples=400, deadline=None)
def test_any_bytes_are_refused_or_harmless_and_equal_on_the_board(changes, cut):
    section = bytearray(SMALL)
    for at, value in changes:
        section[at] = value
    section = bytes(section[:cut])
    frames = run_with_guards(section)
    assert (verdict(section) == 0) == (frames is not None)
    if frames is not None:
        np.testing.assert_array_equal(board_run(section), frames)
