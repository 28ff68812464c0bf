"""Scenes and windows: levels as asked, the word inside, seeds reproducible, features as a running board has them."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.datasets.augment import Scenery, noise, room, scene
from smidgen.datasets.clips import RATE_HZ, Clips
from smidgen.datasets.windows import as_recorded, lead_samples, render, scenes
from smidgen.features.audio import AudioFrontEnd, AudioSpec

SECOND = RATE_HZ
LOG_MEL = AudioSpec(hop_ms=20, frames=49, noise_reduction=False, pcan=False)
PCAN = AudioSpec(hop_ms=20, frames=49)
WORD = (8000 * np.sin(2 * np.pi * 700 * np.arange(5000) / RATE_HZ)).astype(np.int16)
PLAIN = Scenery(speed=(1.0, 1.0), reverberation=0.0, clean=1.0, clean_snr_db=(60.0, 60.0), telephone=0.0, gated=0.0)


@pytest.mark.parametrize("kind", [*noise.KINDS, lambda rng, n: noise.babble(rng, n, [WORD])])
def test_every_background_is_finite_of_rms_one_and_its_own(kind) -> None:  # type: ignore[no-untyped-def]
    sounds = [kind(np.random.default_rng(seed), SECOND) for seed in (0, 1, 0)]
    for sound in sounds:
        assert sound.shape == (SECOND,) and np.isfinite(sound).all()
        assert np.sqrt(np.mean(sound.astype(float) ** 2)) == pytest.approx(1.0, rel=1e-3)
    assert np.array_equal(sounds[0], sounds[2]) and not np.array_equal(sounds[0], sounds[1])


def test_room_starts_with_the_direct_sound_and_dies_away() -> None:
    for seed in range(20):
        impulse = room.impulse_response(np.random.default_rng(seed), SECOND)
        assert impulse[0] == 1.0
        assert np.sum(impulse[SECOND * 3 // 4 :] ** 2) < 1e-3 * np.sum(impulse**2)


@given(st.floats(0.01, 1e4))
def test_mu_law_is_off_by_a_step_of_its_level_at_most(scale: float) -> None:
    sound = scale * np.sin(np.arange(500) / 7)
    assert np.abs(room.mu_law(sound) - sound).max() <= 0.03 * scale


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6), length=st.integers(1, 2 * SECOND), lead=st.integers(0, SECOND))
def test_any_word_makes_a_scene_of_the_length_asked(seed: int, length: int, lead: int) -> None:
    rng = np.random.default_rng(seed)
    word = rng.integers(-30000, 30000, length).astype(np.int16)
    audio = scene(rng, SECOND + lead, SECOND, word, [WORD], Scenery())
    assert audio.shape == (SECOND + lead,) and audio.dtype == np.int16


def test_the_word_lies_in_the_window_and_the_lead_has_only_background() -> None:
    for seed in range(10):
        audio = scene(np.random.default_rng(seed), 2 * SECOND, SECOND, WORD, [], PLAIN).astype(float)
        assert np.sum(audio[SECOND:] ** 2) > 20 * np.sum(audio[: SECOND - len(WORD) // 10] ** 2)


def test_signal_to_noise_ratio_is_what_was_asked() -> None:
    levels = []
    for snr_db in (0.0, 20.0):
        how = replace(PLAIN, clean_snr_db=(snr_db, snr_db), level_dbfs=(-30.0, -30.0), overdriven=0.0)
        audio = scene(np.random.default_rng(3), 3 * SECOND, SECOND, WORD, [], how).astype(float)
        levels.append(20 * np.log10(audio[:SECOND].std()))
    assert levels[0] - levels[1] == pytest.approx(20.0, abs=0.2)


def test_scene_without_a_word_keeps_to_the_level_asked() -> None:
    how = replace(PLAIN, silence_dbfs=(-20.0, -20.0), silent=0.0)
    for seed in range(5):
        level = scene(np.random.default_rng(seed), SECOND, SECOND, None, [], how).astype(float).std()
        assert level < 2 * 32768 * 10 ** (-20 / 20)
    silent = scene(np.random.default_rng(0), SECOND, SECOND, None, [], replace(how, silent=1.0))
    assert np.abs(silent).max() <= 1


def test_gated_scene_is_digital_silence_around_the_word() -> None:
    audio = scene(np.random.default_rng(0), 2 * SECOND, SECOND, WORD, [], replace(PLAIN, gated=1.0))
    loud = np.flatnonzero(audio)
    assert len(WORD) * 0.85 < loud[-1] - loud[0] < len(WORD) + SECOND // 4 and not audio[: loud[0]].any()


@pytest.mark.parametrize("spec", [LOG_MEL, PCAN])
def test_windows_are_what_a_running_front_end_gives(spec: AudioSpec) -> None:
    made = render([WORD, np.zeros(0, np.int16)], [WORD], spec, Scenery(), [7])["features"]
    rng = np.random.default_rng([7])
    samples = spec.model_samples + lead_samples(spec)
    for features, word in zip(made, (WORD, None), strict=True):
        audio = scene(rng, samples, spec.model_samples, word, [WORD], Scenery())
        front_end = AudioFrontEnd(spec)
        streamed = np.concatenate([front_end.stream(part) for part in np.array_split(audio, 7)])
        assert np.array_equal(streamed[-spec.frames :], features)
    assert lead_samples(LOG_MEL) == 0 and lead_samples(PCAN) >= SECOND


def test_scenes_are_reproducible_cached_and_labelled(tmp_path: Path) -> None:
    clips = Clips([WORD, WORD, np.zeros(0, np.int16)], ["a", "b", "_silence_"], ["s", "s", ""])
    targets = np.array([1, 2, 0])
    first = scenes(clips, targets, LOG_MEL, Scenery(), seed=1, cache=tmp_path / "1")
    again = scenes(clips, targets, LOG_MEL, Scenery(), seed=1, cache=tmp_path / "2")
    other = scenes(clips, targets, LOG_MEL, Scenery(), seed=2, cache=tmp_path / "1")
    assert first.features.shape == (3, 49, 40) and first.features.dtype == np.int8
    assert first.targets.tolist() == [1, 2, 0]
    assert np.array_equal(first.features, again.features)
    assert not np.array_equal(first.features, other.features)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 2 * SECOND), st.sampled_from([LOG_MEL, PCAN]))
def test_a_recording_of_any_length_fills_one_window(length: int, spec: AudioSpec) -> None:
    audio = np.random.default_rng(length).integers(-9000, 9000, length).astype(np.int16)
    assert as_recorded(Clips([audio], ["a"], ["s"]), np.array([1]), spec).features.shape == (1, 49, 40)


def test_a_long_recording_is_cut_to_its_loudest_part() -> None:
    quiet = np.ones(SECOND, np.int16)
    loud = np.random.default_rng(0).integers(5000, 9000, LOG_MEL.model_samples).astype(np.int16)
    long = Clips([np.concatenate([quiet, loud, quiet]), loud], ["a", "a"], ["s", "s"])
    windows = as_recorded(long, np.array([0, 0]), LOG_MEL)
    assert np.array_equal(windows.features[0], windows.features[1])
    assert np.array_equal(windows.features[1], AudioFrontEnd(LOG_MEL).stream(loud))
