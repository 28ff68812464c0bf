"""The audio front end: equal to pymicro-features, in C and in Python, however the samples arrive."""

from array import array

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pymicro_features import MicroFrontend

from smidgen.features.audio import AudioFrontEnd, AudioSpec
from tests.support.board import board_module
from tests.support.signals import KINDS, signal

SPECS = {
    "default": AudioSpec(),
    "tensorflow_tables": AudioSpec(precision="double"),
    "no_pcan": AudioSpec(pcan=False),
    "no_noise_reduction": AudioSpec(noise_reduction=False),
    "linear": AudioSpec(log=False),
    "bare": AudioSpec(noise_reduction=False, pcan=False, log=False, out_mul=1, out_add=0, out_div=40),
    "telephone": AudioSpec(rate_hz=8000, window_ms=25, channels=23, upper_hz=3800.0, log_shift=5),
    "narrow_bins": AudioSpec(rate_hz=44100, window_ms=90, hop_ms=45, channels=64, lower_hz=20.0, upper_hz=16000.0),
    "one_channel": AudioSpec(channels=1, window_ms=5, hop_ms=5, even_smoothing_q14=16384, min_signal_q14=0),
    "empty_channels": AudioSpec(channels=120, window_ms=16),
}


def reference(samples: np.ndarray) -> np.ndarray:
    """pymicro-features on a whole recording, as the integers behind its floats: [frames, 40]."""
    front_end, rows = MicroFrontend(), []
    audio = samples.tobytes()
    while len(audio) >= 320:
        output = front_end.process_samples(audio[:320])
        audio = audio[2 * output.samples_read :]
        if output.features:
            rows.append([round(feature / 0.0390625) for feature in output.features])
    return np.array(rows).reshape(-1, 40)


def board(section: bytes, samples: np.ndarray) -> np.ndarray:
    """The board's Python front end on a whole recording: int8 [frames, channels]."""
    stream = board_module("_frontend").Stream(section)
    samples, row, rows, at = array("h", samples.tobytes()), bytearray(stream.channels), [], 0
    while at < len(samples):
        at += stream.feed(samples, at, len(samples))
        while stream.frame(row, 0):
            rows.append(bytes(row))
    return np.frombuffer(b"".join(rows), np.int8).reshape(-1, stream.channels)


@pytest.mark.parametrize("kind", KINDS)
def test_features_equal_pymicro_features(kind):
    samples = signal(kind, 32000)
    expected = reference(samples)
    assert expected.shape == (198, 40)
    np.testing.assert_array_equal(AudioFrontEnd(AudioSpec()).stream_raw(samples), expected)


@given(seed=st.integers(0, 2**32 - 1), loudness=st.floats(0, 5))
@settings(max_examples=30, deadline=None)
def test_features_equal_pymicro_features_at_any_loudness(seed, loudness):
    noise = np.random.default_rng(seed).normal(0, 10**loudness, 8000)
    samples = np.clip(noise, -32768, 32767).astype(np.int16)
    np.testing.assert_array_equal(AudioFrontEnd(AudioSpec()).stream_raw(samples), reference(samples))


@given(cuts=st.lists(st.integers(0, 4000), max_size=12), name=st.sampled_from(sorted(SPECS)))
@settings(max_examples=50, deadline=None)
def test_any_chunking_gives_the_same_frames(cuts, name):
    samples = signal("bursts", 4000)
    whole = AudioFrontEnd(SPECS[name]).stream(samples)
    pieces = AudioFrontEnd(SPECS[name])
    parts = [pieces.stream(part) for part in np.split(samples, sorted(cuts))]
    np.testing.assert_array_equal(np.concatenate(parts), whole)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", SPECS)
def test_board_python_equals_c(name, kind):
    spec = SPECS[name]
    samples = signal(kind, spec.window + 5 * spec.hop)
    expected = AudioFrontEnd(spec).stream(samples)
    assert len(expected) == 6
    np.testing.assert_array_equal(board(spec.to_section(), samples), expected)


def test_int8_is_the_documented_mapping_of_raw():
    samples = signal("bursts", 16000)
    raw = AudioFrontEnd(AudioSpec()).stream_raw(samples).astype(int)
    expected = np.clip((raw * 256 + 333) // 666 - 128, -128, 127)
    assert expected.min() == -128 and expected.max() == 127
    np.testing.assert_array_equal(AudioFrontEnd(AudioSpec()).stream(samples), expected)


@given(mul=st.integers(0, 65535), add=st.integers(0, 65535), div=st.integers(1, 65535), offset=st.integers(-128, 127))
@settings(max_examples=100, deadline=None)
def test_int8_mapping_holds_for_all_parameters(mul, add, div, offset):
    samples = signal("tone", 960)
    spec = AudioSpec(out_mul=mul, out_add=add, out_div=div, out_offset=offset)
    raw = AudioFrontEnd(spec).stream_raw(samples).astype(np.int64)
    expected = np.clip((raw * mul + add) // div + offset, -128, 127)
    np.testing.assert_array_equal(AudioFrontEnd(spec).stream(samples), expected)


def test_reset_gives_the_first_frames_again():
    front_end, samples = AudioFrontEnd(AudioSpec()), signal("tone", 5000)
    first = front_end.stream(samples)
    assert not np.array_equal(front_end.stream(samples), first)
    front_end.reset()
    np.testing.assert_array_equal(front_end.stream(samples), first)


def test_board_python_reset_gives_the_first_frames_again():
    front_end = board_module("frontend").FrontEnd(AudioSpec().to_section())
    samples, rows = array("h", signal("tone", 700).tobytes()), []
    for _ in range(2):
        front_end.reset()
        row = bytearray(42)
        taken = front_end.feed(samples, 0, 700)
        assert front_end.frame(row, 1) and not front_end.frame(row, 1)
        rows.append((taken, bytes(row)))
    assert rows[0] == rows[1]
    assert rows[0][0] == 480 and rows[0][1][0] == rows[0][1][41] == 0  # only out[at:at + channels] is written


def test_two_streams_do_not_touch_each_other():
    one, other = AudioFrontEnd(AudioSpec()), AudioFrontEnd(SPECS["telephone"])
    noise, tone = signal("noise", 6000), signal("tone", 6000)
    mixed = [(one.stream(noise[i : i + 500]), other.stream(tone[i : i + 500])) for i in range(0, 6000, 500)]
    np.testing.assert_array_equal(np.concatenate([a for a, _ in mixed]), AudioFrontEnd(AudioSpec()).stream(noise))
    np.testing.assert_array_equal(np.concatenate([b for _, b in mixed]), AudioFrontEnd(SPECS["telephone"]).stream(tone))
