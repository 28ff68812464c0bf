"""Listener: the loop of the board. Its detections are the host pipeline's, value for value."""

from __future__ import annotations

import asyncio
import dataclasses
import io
import wave

import numpy as np
import pytest

from smidgen import pipeline
from smidgen.bench.seeded import VALID
from smidgen.blob import Blob
from smidgen.convert import convert, read
from smidgen.errors import SmidgenError
from smidgen.features.audio import AudioSpec
from smidgen.microwakeword import Manifest, sections_of_manifest
from smidgen.train.detection import NEVER, DetectionSpec
from tests.support.keyword_model import AUDIO, DETECTION, keyword_model, speech_like
from tests.support.streaming import wake_word_model

MODELS = {
    "a window in hops of two frames": (AUDIO, DETECTION),
    "every frame, no smoothing, no pause": (AUDIO, dataclasses.replace(DETECTION, hops=1, window=1, refractory=0)),
    "hops longer than the window": (AUDIO, DetectionSpec((NEVER, NEVER, -128, -128), 2, 33, 0)),
    "a front end without state": (dataclasses.replace(AUDIO, noise_reduction=False, pcan=False), DETECTION),
    "steps of a model that keeps state": (AUDIO, DETECTION, 4, VALID, True),
    "steps that a window is no multiple of": (AUDIO, dataclasses.replace(DETECTION, hops=6), 4, VALID, True),
    "windows that hops do not divide": (AudioSpec(frames=12, channels=16, window_ms=25, hop_ms=20), DETECTION),
}
SAMPLES = speech_like(2)


class Pieces:
    """A microphone that gives what it has in pieces of its own choice."""

    rate_hz = 16000

    def __init__(self, samples: np.ndarray, seed: int = 0):
        self.content, self.rng = memoryview(samples.tobytes()), np.random.default_rng(seed)

    def readinto(self, buf) -> int:
        view = memoryview(buf).cast("B")
        size = min(len(view), len(self.content), 2 * int(self.rng.integers(1, 400)))
        view[:size] = self.content[:size]
        self.content = self.content[size:]
        return size


def without(content: bytes, *sections: str, **changed: bytes) -> bytes:
    """The same model with fewer or other sections."""
    blob = Blob.from_bytes(content)
    blob.sections = {k: v for k, v in blob.sections.items() if k not in sections} | changed
    return blob.to_bytes()


def heard(package, content: bytes, samples: np.ndarray) -> list[tuple]:
    return list(package.Listener(package.Model(bytearray(content)), package.Recorded(samples.tobytes())))


@pytest.mark.parametrize("name", MODELS)
def test_detections_are_the_hosts_value_for_value(package, name):
    content = keyword_model(*MODELS[name])
    expected = pipeline.listen(content, SAMPLES)
    assert len(expected) >= 2
    assert heard(package, content, SAMPLES) == expected


@pytest.mark.parametrize("hops", [2, 6, 18])
def test_a_model_in_steps_detects_what_its_whole_windows_detect(hops):
    detection = dataclasses.replace(DETECTION, hops=hops, window=2, refractory=0)
    whole, steps = (keyword_model(AUDIO, detection, 4, VALID, steps) for steps in (False, True))
    found = pipeline.listen(whole, SAMPLES)
    assert len(found) >= 2
    assert pipeline.listen(steps, SAMPLES) == found


def test_a_microwakeword_models_detections_are_the_hosts(package):
    content, manifest = wake_word_model(), Manifest("Okay Test", 0.7, 5, 10, {})
    sections = sections_of_manifest(manifest, read(content, "okay.tflite"))
    smg, sound = convert(content, "okay.tflite", sections).to_bytes(), speech_like(6, seed=3)
    expected = pipeline.listen(smg, sound)
    assert len(expected) >= 2
    assert heard(package, smg, sound) == expected


def test_the_test_model_detects_both_words():
    assert {word for word, _, _ in pipeline.listen(keyword_model(), SAMPLES)} == {"yes", "no"}


def test_however_the_microphone_cuts_the_sound_detections_are_the_same(package):
    expected = heard(package, keyword_model(), SAMPLES)
    for seed in range(2):
        listener = package.Listener(package.Model(bytearray(keyword_model())), Pieces(SAMPLES, seed))
        assert list(listener) == expected


@pytest.mark.parametrize("cuts", [[1], [159, 160, 161], [40000]])
def test_however_the_host_cuts_the_sound_detections_are_the_same(cuts):
    stream = pipeline.Pipeline(keyword_model())
    found = [d for part in np.split(SAMPLES, cuts) for d in stream.feed(part)]
    assert found == pipeline.listen(keyword_model(), SAMPLES)


def test_async_for_gives_the_same_and_lets_others_run(package):
    turns = []

    async def other():
        while True:
            turns.append(None)
            await asyncio.sleep(0)

    async def main():
        task = asyncio.create_task(other())
        listener = package.Listener(package.Model(bytearray(keyword_model())), package.Recorded(SAMPLES.tobytes()))
        found = [detection async for detection in listener]
        task.cancel()
        return found

    assert asyncio.run(main()) == heard(package, keyword_model(), SAMPLES)
    assert len(turns) > len(SAMPLES) // 160 // 2


def test_reset_begins_a_new_stream(package):
    listener = package.Listener(package.Model(bytearray(keyword_model())), Pieces(SAMPLES[:20000]))
    assert list(listener)
    listener.reset()
    listener._source.content = memoryview(SAMPLES.tobytes())
    assert list(listener) == pipeline.listen(keyword_model(), SAMPLES)


def test_times_are_where_the_window_ends(package):
    _, _, time_ms = next(iter(heard(package, keyword_model(), SAMPLES)))
    frames = AUDIO.frames + DETECTION.hops * (DETECTION.window - 1)
    assert time_ms >= AUDIO.window_ms + (frames - 1) * AUDIO.hop_ms
    assert (time_ms - AUDIO.window_ms) % (DETECTION.hops * AUDIO.hop_ms) == (AUDIO.frames - 1) * AUDIO.hop_ms % 20


MALFORMED = {
    "no front end": (without(keyword_model(), "AUDIO"), "SectionError"),
    "no detection": (without(keyword_model(), "DETECTION"), "SectionError"),
    "no labels": (without(keyword_model(), "LABELS"), "SectionError"),
    "a label too few": (without(keyword_model(), LABELS=b"yes\nno\n"), "SectionError"),
    "a detection that is cut": (without(keyword_model(), DETECTION=DETECTION.to_section()[:-1]), "SectionError"),
    "a detection for more classes": (
        without(keyword_model(), DETECTION=DetectionSpec((0,) * 5, 1, 1, 0).to_section()),
        "SectionError",
    ),
    "a detection without hops": (
        without(keyword_model(), DETECTION=b"\0\0" + DETECTION.to_section()[2:]),
        "SectionError",
    ),
    "steps that are not its hops": (
        without(
            keyword_model(AUDIO, DETECTION, 4, VALID, True), DETECTION=DetectionSpec((0,) * 4, 1, 4, 0).to_section()
        ),
        "SectionError",
    ),
    "a window of other frames": (
        without(keyword_model(), AUDIO=dataclasses.replace(AUDIO, frames=19).to_section()),
        "SectionError",
    ),
    "a front end that is cut": (without(keyword_model(), AUDIO=AUDIO.to_section()[:-8]), "TruncatedError"),
    "a front end of other channels": (
        without(keyword_model(), AUDIO=dataclasses.replace(AUDIO, channels=17).to_section()),
        "InputError",
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_model_that_cannot_listen_is_refused_by_name(package, name):
    content, error = MALFORMED[name]
    with pytest.raises(package.error(error)):
        package.Listener(package.Model(bytearray(content)), package.Recorded(b""))


@pytest.mark.parametrize("name", MALFORMED)
def test_the_host_refuses_it_by_the_same_name(name):
    content, error = MALFORMED[name]
    with pytest.raises(SmidgenError) as caught:
        pipeline.Pipeline(content, "x.smg")
    assert type(caught.value).__name__ == error


def test_a_microphone_of_another_rate_is_refused(package):
    with pytest.raises(package.error("InputError"), match="gives 8000 samples a second, the model wants 16000"):
        package.Listener(package.Model(bytearray(keyword_model())), package.Recorded(b"", 8000))


def wav(samples: np.ndarray, rate: int = 16000, channels: int = 1, width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def recorded(package, source, *args) -> bytes:
    microphone, found = package.Recorded(source, *args), b""
    buf = bytearray(100)
    while count := microphone.readinto(buf):
        found += bytes(buf[:count])
    return found


def test_a_wav_on_the_filesystem_gives_its_samples_and_rate(package, tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(wav(SAMPLES[:333], 8000))
    assert recorded(package, str(path)) == SAMPLES[:333].tobytes()
    assert package.Recorded(str(path)).rate_hz == 8000


def test_chunks_around_the_samples_are_not_sound(package):
    plain = wav(SAMPLES[:50])
    with_chunks = plain[:12] + b"LIST\x03\0\0\0abc\0" + plain[12:] + b"LIST\x04\0\0\0abcd"
    assert recorded(package, with_chunks) == SAMPLES[:50].tobytes()


def test_samples_without_a_header_are_taken_as_they_are(package):
    assert recorded(package, SAMPLES[:70].tobytes() + b"x") == SAMPLES[:70].tobytes()


BAD_WAVS = {
    "stereo": (wav(SAMPLES[:10], channels=2), "2 channels of 16 bits; save it as mono, 16-bit PCM"),
    "8 bits": (wav(SAMPLES[:10].astype(np.uint8), width=1), "1 channels of 8 bits"),
    "cut in the samples": (wav(SAMPLES[:10])[:-1], "is cut short; copy it again"),
    "cut in the format": (wav(SAMPLES[:10])[:30], "is cut short; copy it again"),
    "cut before the samples": (wav(SAMPLES[:10])[:38], "ends before its samples begin"),
    "samples before the format": (wav(SAMPLES[:2])[:12] + b"data\x04\0\0\0abcd", "ends before its samples begin"),
}


@pytest.mark.parametrize("name", BAD_WAVS)
def test_a_wav_that_cannot_be_played_is_refused(package, name):
    content, text = BAD_WAVS[name]
    with pytest.raises(package.error("InputError"), match=text):
        package.Recorded(content)


def test_a_board_without_a_known_microphone_says_so(package):
    with pytest.raises(package.SmidgenError, match="this board's microphone is not known"):
        package.Microphone()


def test_a_float_wav_is_refused(package):
    content = bytearray(wav(SAMPLES[:10]))
    content[20] = 3
    with pytest.raises(package.error("InputError"), match="save it as mono, 16-bit PCM"):
        package.Recorded(bytes(content))
