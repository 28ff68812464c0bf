"""load_audio: every kind of WAV as 16 kHz mono int16; anything else one line that names the file."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smidgen.datasets.clips import RATE_HZ
from smidgen.datasets.wav import load_audio, to_int16, write_wav
from smidgen.errors import AudioError

SUBTYPES = ["PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE"]
HALF_SCALE = 16384


def tone(rate_hz: int, seconds: float = 0.5, pitch_hz: float = 440.0) -> np.ndarray:
    return 0.5 * np.sin(2 * np.pi * pitch_hz * np.arange(int(rate_hz * seconds)) / rate_hz)


@pytest.mark.parametrize("container", ["WAV", "WAVEX", "RF64"])
@pytest.mark.parametrize("subtype", SUBTYPES)
def test_every_sample_format_gives_the_same_tone(tmp_path: Path, container: str, subtype: str) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, tone(RATE_HZ), RATE_HZ, subtype=subtype, format=container)
    step = 256 if subtype == "PCM_U8" else 1
    assert np.abs(load_audio(path).astype(int) - np.rint(tone(RATE_HZ) * 32768)).max() <= step


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    rate_hz=st.sampled_from([8000, 11025, 22050, 32000, 44100, 48000, 96000]) | st.integers(4000, 192000),
    channels=st.integers(1, 6),
    subtype=st.sampled_from(SUBTYPES),
)
def test_any_rate_and_channels_keep_length_pitch_and_level(
    tmp_path: Path, rate_hz: int, channels: int, subtype: str
) -> None:
    path = tmp_path / "tone.wav"
    soundfile.write(path, np.tile(tone(rate_hz)[:, None], (1, channels)), rate_hz, subtype=subtype)
    audio = load_audio(path)
    assert audio.dtype == np.int16 and audio.ndim == 1
    assert abs(len(audio) - RATE_HZ // 2) <= RATE_HZ // rate_hz + 2
    middle = audio[1000:7000].astype(float)
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(len(middle)), 16 * 1024))
    assert abs(spectrum.argmax() * RATE_HZ / (16 * 1024) - 440) < 2
    assert abs(np.sqrt(2) * middle.std() / HALF_SCALE - 1) < 0.02


def test_resampling_removes_what_16_khz_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "high.wav"
    soundfile.write(path, tone(48000, pitch_hz=12000.0), 48000)
    assert np.abs(load_audio(path)[1000:-1000].astype(int)).max() < 10


def test_channels_are_averaged(tmp_path: Path) -> None:
    path = tmp_path / "stereo.wav"
    soundfile.write(path, np.stack([tone(RATE_HZ), -tone(RATE_HZ)], axis=1), RATE_HZ)
    assert np.abs(load_audio(path).astype(int)).max() <= 1


def test_float_beyond_full_scale_is_clipped_and_nan_is_silence(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    soundfile.write(path, np.array([3.0, -3.0, np.nan, 0.0]), RATE_HZ, subtype="FLOAT")
    assert load_audio(path).tolist() == [32767, -32768, 0, 0]


def test_written_audio_reads_back_unchanged(tmp_path: Path) -> None:
    audio = np.arange(-32768, 32768, 7, dtype=np.int32).astype(np.int16)
    write_wav(tmp_path / "a.wav", audio)
    assert np.array_equal(load_audio(tmp_path / "a.wav"), audio)


@pytest.mark.parametrize("container", ["WAV", "WAVEX", "RF64"])
def test_wav_cut_at_any_byte_is_refused_by_name(tmp_path: Path, container: str) -> None:
    soundfile.write(tmp_path / "whole.wav", tone(RATE_HZ)[:40], RATE_HZ, format=container, subtype="PCM_16")
    whole = (tmp_path / "whole.wav").read_bytes()
    path = tmp_path / "cut.wav"
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(AudioError, match=r"cut\.wav"):
            load_audio(path)


def test_wav_streamed_to_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "piped.wav"
    head = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 0xFFFFFFFF, b"WAVE", b"fmt ", 16, 1, 1, RATE_HZ,
                       2 * RATE_HZ, 2, 16, b"data", 0xFFFFFFFF)  # fmt: skip
    path.write_bytes(head + np.array([1, -2, 3], "<i2").tobytes())
    assert load_audio(path).tolist() == [1, -2, 3]


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "not a WAV"),
        (b"ID3 this is no WAV at all, but long enough to be one", "not a WAV"),
        (b"RIFF\x04\0\0\0WAVE", "truncated"),
        (b"RIFF\x0c\0\0\0WAVEdata\0\0\0\0", "cannot be decoded"),
    ],
)
def test_what_is_no_wav_is_one_line_that_names_the_file(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "bad.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=complaint) as caught:
        load_audio(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)


def test_wav_without_samples_is_refused(tmp_path: Path) -> None:
    write_wav(tmp_path / "none.wav", np.zeros(0, np.int16))
    with pytest.raises(AudioError, match="no samples"):
        load_audio(tmp_path / "none.wav")


def test_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"absent\.wav"):
        load_audio(tmp_path / "absent.wav")
    with pytest.raises(AudioError, match=tmp_path.name):
        load_audio(tmp_path)


@given(st.floats(-1e6, 1e6))
def test_to_int16_rounds_and_clips(value: float) -> None:
    assert to_int16(np.array([value]))[0] == min(max(round(value * 32768), -32768), 32767)
