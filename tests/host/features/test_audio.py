"""AudioSpec and AudioFrontEnd: what they refuse, and that a section says all that a spec says."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen.errors import UsageError
from smidgen.features.audio import FIELDS, HEAD, AudioFrontEnd, AudioSpec
from tests.support.section import offset_of

DOCUMENT = Path(__file__).parents[3] / "docs" / "audio-front-end.md"
CODES = {"u8": "B", "u16": "H", "i16": "h", "u32": "I", "f32": "f"}


@st.composite
def specs(draw) -> AudioSpec:
    rate_hz = draw(st.sampled_from([8000, 11025, 16000, 22050, 48000]))
    window_ms = draw(st.integers(10, 20))
    q14, byte_pair = st.integers(0, 1 << 14), st.integers(0, 65535)
    return AudioSpec(
        rate_hz=rate_hz,
        window_ms=window_ms,
        hop_ms=draw(st.integers(1, window_ms)),
        channels=draw(st.integers(1, 256)),
        lower_hz=draw(st.floats(0, 1000)),
        upper_hz=draw(st.floats(2000, rate_hz / 2 - 1)),
        frames=draw(st.integers(1, 65535)),
        noise_reduction=draw(st.booleans()),
        smoothing_bits=draw(st.integers(10, 16)),
        even_smoothing_q14=draw(q14),
        odd_smoothing_q14=draw(q14),
        min_signal_q14=draw(q14),
        pcan=draw(st.booleans()),
        pcan_strength=draw(st.floats(0.5, 1)),
        pcan_offset=draw(st.floats(80, 500)),
        gain_bits=draw(st.integers(17, 18)),
        log=draw(st.booleans()),
        log_shift=draw(st.integers(0, 15)),
        out_mul=draw(byte_pair),
        out_add=draw(byte_pair),
        out_div=draw(st.integers(1, 65535)),
        out_offset=draw(st.integers(-128, 127)),
        precision=draw(st.sampled_from(["single", "double"])),
    )


@given(spec=specs())
@settings(deadline=None)
def test_section_gives_back_the_spec(spec):
    section = spec.to_section()
    assert AudioSpec.from_section(section) == spec
    assert AudioSpec.from_section(section).to_section() == section


def test_every_parameter_reaches_the_section():
    base = AudioSpec()
    other = AudioSpec(
        rate_hz=22050, window_ms=32, hop_ms=16, channels=30, lower_hz=80.0, upper_hz=7000.0, frames=50,
        noise_reduction=False, smoothing_bits=11, even_smoothing_q14=500, odd_smoothing_q14=900, min_signal_q14=700,
        pcan=False, pcan_strength=0.96, pcan_offset=90.0, gain_bits=20, log=False, log_shift=5,
        out_mul=255, out_add=1, out_div=2, out_offset=0, precision="double",
    )  # fmt: skip
    for field in dataclasses.fields(AudioSpec):
        value = getattr(other, field.name)
        assert value != getattr(base, field.name)
        changed = dataclasses.replace(base, **{field.name: value})
        assert changed.to_section() != base.to_section(), field.name


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"rate_hz": 500}, "rate_hz is 500"),
        ({"window_ms": 1}, "window of 16 samples"),
        ({"window_ms": 300}, "window of 4800 samples"),
        ({"hop_ms": 0}, "hop_ms is 0"),
        ({"hop_ms": 31}, "hop_ms is 31"),
        ({"channels": 0}, "channels is 0"),
        ({"channels": 257}, "channels is 257"),
        ({"frames": 0}, "frames is 0"),
        ({"lower_hz": -1.0}, "band from -1"),
        ({"lower_hz": 7450.0}, "at least two bins"),
        ({"upper_hz": 8000.0}, "below half the sampling rate"),
        ({"lower_hz": float("nan")}, "band from nan"),
        ({"smoothing_bits": 17}, "smoothing_bits is 17"),
        ({"smoothing_bits": 2}, "smoothing_bits 2"),
        ({"even_smoothing_q14": 16385}, "even_smoothing_q14"),
        ({"odd_smoothing_q14": -1}, "odd_smoothing_q14"),
        ({"min_signal_q14": 20000}, "min_signal_q14"),
        ({"gain_bits": 10}, "gain_bits 10"),
        ({"gain_bits": 24}, "lower gain_bits"),
        ({"pcan_strength": 2.5}, "pcan_strength"),
        ({"pcan_offset": 0.0}, "pcan_offset"),
        ({"log_shift": 16}, "log_shift is 16"),
        ({"out_mul": 65536}, "out_mul is 65536"),
        ({"out_add": -1}, "out_add is -1"),
        ({"out_div": 0}, "out_div is 0"),
        ({"out_offset": 128}, "out_offset is 128"),
        ({"precision": "half"}, "precision is 'half'"),
    ],
)
def test_impossible_parameters_are_named(wrong, words):
    with pytest.raises(UsageError, match=f"^audio front end: .*{re.escape(words)}"):
        AudioSpec(**wrong)


def test_malformed_section_is_refused_by_name():
    section = AudioSpec().to_section()
    with pytest.raises(fmt.TruncatedError, match=r"^audio front end: "):
        AudioFrontEnd(section[:-4])
    with pytest.raises(fmt.FrontendError, match="the audio section is malformed"):
        AudioSpec.from_section(section + bytes(4))


@pytest.mark.parametrize("samples", [np.zeros(480), np.zeros((2, 480), np.int16), np.zeros(480, np.uint16)])
def test_only_mono_int16_samples_are_taken(samples):
    with pytest.raises(TypeError, match=r"samples must be int16 \[n\]"):
        AudioFrontEnd(AudioSpec()).stream(samples)


def test_strided_samples_are_taken_as_they_read():
    stereo = np.random.default_rng(0).integers(-9000, 9000, (2000, 2)).astype(np.int16)
    expected = AudioFrontEnd(AudioSpec()).stream(stereo[:, 1].copy())
    np.testing.assert_array_equal(AudioFrontEnd(AudioSpec()).stream(stereo[:, 1]), expected)


def test_model_samples_give_exactly_the_frames_of_one_model_window():
    spec = AudioSpec(frames=49, hop_ms=20)
    assert spec.model_samples == 480 + 48 * 320
    assert AudioFrontEnd(spec).stream(np.zeros(spec.model_samples, np.int16)).shape == (49, 40)
    assert AudioFrontEnd(spec).stream(np.zeros(spec.model_samples - 1, np.int16)).shape == (48, 40)


def test_document_has_the_sections_head():
    rows = re.findall(r"^\| (\d+) \| (\w+) \| `(\w+)` \|", DOCUMENT.read_text(), re.MULTILINE)
    assert [name for _, _, name in rows] == list(FIELDS)
    assert [(int(at), CODES[kind]) for at, kind, _ in rows] == [offset_of(name) for name in FIELDS]


def test_document_has_the_default_sizes():
    spec = AudioSpec()
    text = DOCUMENT.read_text()
    assert f"{len(spec.to_section()):,} bytes" in text
    assert f"{AudioFrontEnd(spec).state_size:,} bytes" in text
    assert f"{HEAD.size} bytes" in text
