"""`smidgen record` from a simulated board: pauses part recordings, files go where training reads them, a re-run goes
on."""

from __future__ import annotations

import numpy as np
import pytest

from smidgen.datasets.motion.files import load
from smidgen.datasets.motion.wand import simulate
from smidgen.datasets.motion.windows import stream
from smidgen.datasets.picture.camera import frame_of, picture_of
from smidgen.datasets.picture.files import load_file as load_picture
from smidgen.datasets.wav import load_audio
from smidgen.errors import DeviceError
from smidgen.record.pictures import PictureReader
from smidgen.record.split import Pauses, Splitter
from smidgen.sim import SimBoard
from tests.host.cli.conftest import fails_with_one_line
from tests.support.vision_model import pictures_like


@pytest.fixture(scope="module")
def sim():
    with SimBoard() as board:
        yield board


def test_gestures_with_pauses_become_a_file_each_and_a_second_run_goes_on(smidgen, sim):
    made = simulate({"slope": 3}, 25.0, seed=3).samples
    samples, _ = stream(made, 100)
    for done in ("3 of 5 recorded", "3 of 5 recorded"):
        sim.move(samples, rate_hz=25)
        arguments = ("record", "slope", "--port", sim.url, "--out", "mine", "--count", "5", "--session", "me")
        result = smidgen(*arguments)
        assert result.returncode == 0, result.stderr
        assert done in result.stdout
    names = sorted(path.name for path in (smidgen.folder / "mine" / "slope").iterdir())
    assert names == [f"me-{n:03d}.csv" for n in range(1, 7)]
    found = load(smidgen.folder / "mine", 25.0)
    assert found.sessions == ["me"] * 6
    for n, recording in enumerate(made):  # the whole gesture is in there, sample for sample
        inside = found.samples[n]
        liveliest = recording[len(recording) // 4 : -len(recording) // 4]
        starts = range(len(inside) - len(liveliest) + 1)
        assert any(np.array_equal(inside[i : i + len(liveliest)], liveliest) for i in starts)


def test_words_become_wavs_and_it_stops_at_the_count(smidgen, sim):
    rng = np.random.default_rng(1)
    quiet = rng.normal(0, 20, 16000)
    word = quiet[:8000] + 8000 * np.sin(np.arange(8000) / 5)
    sound = np.concatenate([quiet, word, quiet, word, quiet, word, quiet]).astype(np.int16)
    sim.play(sound)
    result = smidgen("record", "yes", "--sensor", "microphone", "--port", sim.url, "--out", "mine", "--count", "2")
    assert result.returncode == 0, result.stderr
    assert "2 of 2 recorded" in result.stdout
    paths = sorted((smidgen.folder / "mine" / "yes").glob("*.wav"))
    assert len(paths) == 2 and all(8000 <= len(load_audio(path)) <= 18000 for path in paths)


def test_a_cameras_pictures_become_pngs_at_a_steady_pace(smidgen, sim):
    frames = [frame_of(picture) for picture in pictures_like(5, (120, 160))]
    sim.look(b"".join(frames))
    arguments = ("--sensor", "camera", "--port", sim.url, "--out", "mine", "--session", "mug", "--every", "2")
    result = smidgen("record", "cup", *arguments)
    assert result.returncode == 0, result.stderr
    assert "3 of 10 recorded" in result.stdout
    paths = sorted((smidgen.folder / "mine" / "cup").glob("mug-*.png"))
    for path, frame in zip(paths, frames[::2], strict=True):
        assert np.array_equal(load_picture(path), picture_of(frame))


@pytest.mark.parametrize("line", ["garbage", "2 2 JPEG", "2 1 GS8\nAAAA", "2 1 GS8\n*"])
def test_what_is_no_picture_in_the_middle_of_one_is_an_error(line):
    reader = PictureReader()
    with pytest.raises(DeviceError, match="in the middle of a picture"):
        for part in [*line.split("\n"), "AAAA", "AAAA"]:
            reader.feed(part)


def test_names_that_would_mix_up_sessions_are_refused(smidgen):
    fails_with_one_line(smidgen("record", "a/b", "--port", "socket://localhost:1"), "label 'a/b'", "use letters")
    result = smidgen("record", "ring", "--session", "me-1", "--port", "socket://localhost:1")
    fails_with_one_line(result, "session 'me-1'", "use letters")


def test_short_noises_are_dropped_and_long_ones_cut():
    splitter = Splitter(Pauses(before=1, calm=2, least=3, most=5))
    happening = [0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 0] + [1] * 7 + [0, 0]
    found = [splitter.feed(np.array([i]), bool(now)) for i, now in enumerate(happening)]
    assert [f.tolist() for f in found if f is not None] == [[4, 5, 6, 7, 8, 9], [10, 11, 12, 13, 14, 15]]
    assert not splitter.active and splitter.end() is None
