"""Synthesisers: real espeak-ng through its library; every voice, the same speech again, a line for the unspeakable."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen.datasets import synth
from smidgen.datasets.synth import corpus, engines, neural, pico
from smidgen.datasets.synth.commands import EspeakCommand, Festival, Flite
from smidgen.datasets.synth.espeak import EspeakLibrary
from smidgen.datasets.synth.vocabulary import edit_distance
from smidgen.datasets.synth.voices import Synthesiser, Utterance, Voice, speaks
from smidgen.errors import UsageError
from tests.support.debian import need, without

PYPI = list(synth.PYPI_ENGINES)
NEURAL = ["hibari", "kokoro"]


def test_english_has_every_accent_with_every_variant() -> None:
    voices = synth.list_voices("en", PYPI)
    accents, speakers = {v.language for v in voices}, {v.speaker for v in voices}
    assert {"en-gb", "en-us", "en-gb-scotland"} <= accents and len(speakers) >= 100
    assert len(voices) == len(set(voices)) == len(accents) * len(speakers)


def test_a_region_narrows_the_language() -> None:
    assert {v.language for v in synth.list_voices("pt-br", PYPI)} == {"pt-br"}
    assert {"pt", "pt-br"} <= {v.language for v in synth.list_voices("PT", PYPI)}


@pytest.mark.parametrize(
    ("offered", "wanted", "serves"),
    [("en-gb", "en", True), ("en", "en-gb", False), ("pt-br", "pt_BR", True), ("eng", "en", False)],
)
def test_language_tags_are_compared_part_by_part(offered: str, wanted: str, serves: bool) -> None:
    assert speaks(offered, wanted) is serves


def test_unknown_language_is_named_with_near_ones() -> None:
    with pytest.raises(UsageError, match=r"'pt-bz'.*pt-br"):
        synth.list_voices("pt-bz", PYPI)
    with pytest.raises(UsageError, match=r"'klingon'.*en-us") as caught:
        synth.list_voices("klingon", PYPI)
    assert len(str(caught.value)) < 160


def test_unknown_synthesiser_is_named_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'hal9000'.*espeak-ng"):
        synth.list_voices("en", ["hal9000"])


@pytest.mark.parametrize("word", ["", "   ", "!?", "日本", "\U0001f600"])
def test_word_that_cannot_be_spoken_is_named(tmp_path: Path, word: str) -> None:
    with pytest.raises(UsageError, match="cannot be spoken"):
        synth.synthesise({word: 1}, "en", seed=1, engines=PYPI, cache=tmp_path)
    assert not list(tmp_path.iterdir())


def test_words_of_any_script_are_spoken_in_their_language(tmp_path: Path) -> None:
    for language, word in (("ru", "да"), ("ja", "はい"), ("ar", "نعم"), ("pt-br", "não"), ("hi", "हाँ")):
        clips = synth.synthesise({word: 2}, language, seed=1, engines=PYPI, cache=tmp_path)
        assert clips.words == [word, word]


def test_speech_is_trimmed_levelled_and_labelled(tmp_path: Path) -> None:
    clips = synth.synthesise({"yes": 40, "no": 20}, "en", seed=1, engines=PYPI, cache=tmp_path)
    assert clips.words.count("yes") == 40 and clips.words.count("no") == 20
    for audio, _, speaker in clips:
        assert audio.dtype == np.int16 and 0.08 < len(audio) / 16000 < 2.0
        assert np.abs(audio.astype(int)).max() == pytest.approx(0.7 * 32767, abs=1)
        assert speaker.startswith("espeak-ng:")


def test_voices_take_turns_and_vary(tmp_path: Path) -> None:
    clips = synth.synthesise({"yes": 208}, "en-us", seed=1, engines=PYPI, cache=tmp_path)
    counts = [clips.speakers.count(speaker) for speaker in set(clips.speakers)]
    assert len(counts) == 104 and set(counts) == {2}
    assert len({audio.tobytes() for audio in clips.audio}) == 208


def test_same_seed_gives_the_same_speech_and_another_seed_other(tmp_path: Path) -> None:
    made = [
        synth.synthesise({"yes": 30}, "en", seed=seed, engines=PYPI, cache=tmp_path / str(n))
        for n, seed in enumerate((1, 1, 2))
    ]
    sounds = [[audio.tobytes() for audio in clips.audio] for clips in made]
    assert sounds[0] == sounds[1] and made[0].speakers == made[1].speakers
    assert not set(sounds[0]) & set(sounds[2])


def test_second_call_comes_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = synth.synthesise({"yes": 5}, "en", seed=1, engines=PYPI, cache=tmp_path)
    monkeypatch.setattr(corpus.jobs, "_run_apart", None)
    second = synth.synthesise({"yes": 5}, "en", seed=1, engines=PYPI, cache=tmp_path)
    assert [a.tobytes() for a in first.audio] == [a.tobytes() for a in second.audio]


def test_rate_pitch_and_intonation_are_heard() -> None:
    espeak = engines.espeak()
    voice = next(v for v in espeak.voices("en-us") if v.name.endswith("+m1"))

    def say(**manner: float) -> np.ndarray:
        return corpus.trim(espeak.say([Utterance("yellow", voice, **manner)])[0]).astype(float)

    assert len(say(rate=1.5)) < 0.8 * len(say(rate=0.8))
    assert 1.3 < fundamental(say(pitch=6.0)) / fundamental(say(pitch=-4.0)) < 2.2


def fundamental(sound: np.ndarray) -> float:
    middle = sound[len(sound) // 2 - 1000 : len(sound) // 2 + 1000]
    correlation = np.correlate(middle, middle, "full")[len(middle) - 1 :]
    return 16000 / (np.argmax(correlation[40:320]) + 40)


def test_trim_cuts_quiet_ends_and_keeps_the_inside() -> None:
    inside = np.concatenate([np.full(50, 9000), np.zeros(4000), np.full(50, -10000)]).astype(np.int16)
    trimmed = corpus.trim(np.concatenate([np.zeros(5000, np.int16), inside, np.full(5000, 20, np.int16)]))
    assert len(inside) <= len(trimmed) <= len(inside) + 2 * 320
    assert np.abs(trimmed.astype(int)).max() == round(0.7 * 32767)
    assert len(corpus.trim(np.zeros(100, np.int16))) == 0


def test_unknown_words_leave_out_homophones_and_prefer_near_words() -> None:
    others = synth.other_words("en")
    weights = synth.unknown_weights(["yes", "no"], others, corpus.reference_voice("en"))
    assert sum(weights.values()) == pytest.approx(1)
    assert not {"yes", "no", "know"} & set(weights)
    assert weights["go"] == weights["yet"] == pytest.approx(3 * weights["elephant"])


@pytest.mark.parametrize("language", ["en", "de", "fr", "pt-br", "es", "sw"])
def test_every_language_has_other_words_that_are_spoken(language: str) -> None:
    words = synth.other_words(language)
    assert len(words) == len(set(words)) >= 60
    said = engines.espeak().say([Utterance(word, corpus.reference_voice(language)) for word in words])
    assert [word for word, audio in zip(words, said, strict=True) if not len(corpus.trim(audio))] == []


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_edit_distance_is_a_metric(a: str, b: str, c: str) -> None:
    assert edit_distance(a, a) == 0
    assert (edit_distance(a, b) > 0) == (a != b)
    assert edit_distance(a, b) == edit_distance(b, a)
    assert edit_distance(a, c) <= edit_distance(a, b) + edit_distance(b, c)
    assert edit_distance(a, "") == len(a)


@pytest.fixture
def espeak_anew() -> Iterator[None]:
    """The library keeps its data's path for the whole process: whoever asks after this test begins again."""
    yield
    engines.espeak.cache_clear()
    engines.engine.cache_clear()


@pytest.mark.usefixtures("espeak_anew")
def test_data_path_too_long_for_espeak_is_bridged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    espeakng_loader = pytest.importorskip("espeakng_loader")
    far = tmp_path / ("x" * 100) / ("y" * 100)
    far.mkdir(parents=True)
    (far / "espeak-ng-data").symlink_to(espeakng_loader.get_data_path(), target_is_directory=True)
    monkeypatch.setattr(espeakng_loader, "get_data_path", lambda: str(far / "espeak-ng-data"))
    library = EspeakLibrary()
    said = library.say([Utterance("yes", library.voices("en-us")[0])])[0]
    assert len(corpus.trim(said)) > 1000


@pytest.mark.parametrize("maker", [EspeakCommand, Flite, Festival])
def test_system_synthesisers_speak_at_any_rate(maker: type[EspeakCommand] | type[Flite] | type[Festival]) -> None:
    if not shutil.which(maker.name):
        need("voices")
    synthesiser: Synthesiser = maker()
    voices: list[Voice] = synthesiser.voices("en")[:6]
    said = synthesiser.say([Utterance("yes", voice, rate=rate) for voice in voices for rate in (0.8, 1.3)])
    lengths = [len(corpus.trim(audio)) for audio in said]
    assert synthesiser.version and min(lengths) > 1500
    slower = [slow > fast for slow, fast in zip(lengths[::2], lengths[1::2], strict=True)]
    assert sum(slower) >= 2, "festival's HTS voice has one pace, the others follow the rate"
    assert synthesiser.voices("sw") == [] or maker is EspeakCommand


def test_pico_follows_rate_and_pitch() -> None:
    if not pico.Pico.installed():
        without("with a C compiler and Python's headers: pip install ttspico")
    speaker = pico.Pico()
    (voice,) = speaker.voices("en-gb")
    manners: list[dict[str, float]] = [{"pitch": -4.0}, {"pitch": 4.0}, {"rate": 1.4}]
    low, high, fast = map(corpus.trim, speaker.say([Utterance("yellow", voice, **manner) for manner in manners]))
    assert 3000 < len(fast) < 0.85 * len(low)
    assert fundamental(high.astype(float)) > 1.3 * fundamental(low.astype(float))
    assert speaker.voices("sw") == []


@given(st.lists(st.binary(max_size=6).map(lambda b: b + b), max_size=4), st.integers(0, 60))
def test_what_pico_said_before_it_crashed_is_kept(said: list[bytes], cut: int) -> None:
    stream = b"".join(len(sound).to_bytes(4, "little") + sound for sound in said)
    kept = [sound.tobytes() for sound in pico.recordings(stream[:cut])]
    ends = np.cumsum([4 + len(sound) for sound in said])
    assert kept == said[: int((ends <= cut).sum())]


@pytest.mark.parametrize(
    ("lives", "lengths"), [([1, 0, 2], [1, 2, 3]), ([1, 0, 0, 1, 0, 1], [1, 2, 0]), ([], [0, 0, 0])]
)
def test_after_a_crash_pico_goes_on_where_it_was(
    monkeypatch: pytest.MonkeyPatch, lives: list[int], lengths: list[int]
) -> None:
    voice = Voice("pico", "en-GB", "en-gb", "pico:en-GB")
    turns = iter(lives)

    def crash(utterances: list[Utterance]) -> list[np.ndarray]:
        return [np.ones(len(u.text), np.int16) for u in utterances[: next(turns, 0)]]

    monkeypatch.setattr(pico, "_apart", crash)
    said = pico.Pico.say(None, [Utterance("a" * n, voice) for n in (1, 2, 3)])
    assert [len(sound) for sound in said] == lengths


@pytest.mark.parametrize("name", NEURAL)
def test_neural_voices_have_many_throats_of_both_accents(name: str) -> None:
    voices = synth.list_voices("en", [name])
    assert len({v.speaker for v in voices}) >= 60 and {v.language for v in voices} == {"en-gb", "en-us"}
    assert synth.installed().count(name) == 1


@pytest.mark.parametrize("name", NEURAL)
def test_neural_voices_say_the_same_again_each_in_its_own_way(name: str) -> None:
    one, two, *_ = engines.engine(name).voices("en-us")
    slow, again, fast, other = (
        corpus.trim(engines.engine(name).say([Utterance("yes", voice, rate=rate)])[0])
        for voice, rate in ((one, 0.8), (one, 0.8), (one, 1.3), (two, 0.8))
    )
    assert slow.tobytes() == again.tobytes() and 2500 < len(fast) < 0.9 * len(slow)
    assert not np.array_equal(slow, other)


def test_another_throat_moves_formants_and_the_pitch_of_voiced_frames() -> None:
    voice = Voice("hibari", "0-en-us", "en-us", "hibari:0")
    throat = neural.Throat(0.5, -12.0)
    pitch_hz = np.array([0.0, 200.0, 100.0, -1.0])
    higher, flat = Utterance("a", voice, pitch=12.0), Utterance("a", voice, intonation=0.0)
    assert throat.spoken(pitch_hz, higher) == pytest.approx(pitch_hz)
    assert throat.spoken(pitch_hz, flat) == pytest.approx([0.0, 100 / 2**0.5, 100 / 2**0.5, -1.0])
    assert throat.shifted(np.arange(8.0)[:, None])[:, 0].tolist() == [0, 2, 4, 6, 7, 7, 7, 7]


@pytest.mark.parametrize("ending", ["", ".", "!"])
def test_punctuation_gives_the_melody_but_no_other_word(ending: str) -> None:
    voice = engines.engine("hibari").voices("en-us")[0]
    assert neural.phonemes(Utterance("no" + ending, voice)) == neural.phonemes(Utterance("no", voice)) + ending


def test_mixed_voices_are_near_those_they_are_mixed_of() -> None:
    mixtures = [neural.mixed(f"kokoro:{n}", 5) for n in range(100)]
    for half in ("timbre", "manner"):
        weights = np.array([getattr(m, half) for m in mixtures])
        assert np.allclose(weights.sum(axis=1), 1, atol=1e-5) and weights.min() > -0.2 and weights.max() < 1.5
    assert len({m.throat for m in mixtures}) == 100


def test_every_synthesiser_has_its_share_and_a_slow_one_is_heard_again(tmp_path: Path) -> None:
    clips = synth.synthesise({"yes": 40}, "en", seed=1, engines=["espeak-ng", "hibari", "kokoro"], cache=tmp_path)
    of = {name: [i for i, s in enumerate(clips.speakers) if s.startswith(name)] for name in ("espeak-ng", *NEURAL)}
    assert len(clips) == 40 and len(of["espeak-ng"]) > len(of["kokoro"]) >= 4
    assert len({clips.audio[i].tobytes() for i in of["kokoro"]}) <= len(of["kokoro"]) // 3
    assert len({clips.audio[i].tobytes() for i in of["hibari"]}) == len(of["hibari"])


@pytest.mark.parametrize("name", ["flite", *NEURAL])
def test_missing_synthesiser_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    maker = engines.engine.__wrapped__
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(UsageError, match=rf"{name} is not installed; .*install"):
        maker(name)
