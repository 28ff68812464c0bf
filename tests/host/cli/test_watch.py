"""`smidgen train gesture`, then `smidgen watch`: gestures in a recording, and what is no recording."""

from __future__ import annotations

import json

from PIL import Image

from smidgen.blob import Blob
from smidgen.cli.watch import sight_line
from smidgen.datasets.motion.wand import simulate
from smidgen.datasets.motion.windows import at_rest
from smidgen.datasets.picture.camera import frame_of, picture_of
from smidgen.pipeline import listen
from smidgen.viewer import Viewer
from tests.host.cli.conftest import fails_with_one_line
from tests.support.keyword_model import keyword_model
from tests.support.vision_model import LABELS, pictures_like, vision_model


def test_a_trained_model_watches_a_recording(smidgen):
    result = smidgen("train", "gesture", "--recipe", "tiny", "--gestures", "ring", "--out", "out")
    assert result.returncode == 0, result.stderr
    assert "macro recall" in result.stdout and "recordings it has not seen" in result.stdout
    model = smidgen.folder / "out" / "model.smg"
    assert Blob.load(model).labels == ["negative", "ring"]
    samples = simulate({"ring": 3}, 25.0, seed=12).samples[2]
    rows = [f"{40 * i},{x},{y},{z}" for i, (x, y, z) in enumerate(samples.tolist())]
    (smidgen.folder / "ring.csv").write_text("\n".join(["time_ms,x_mg,y_mg,z_mg", *rows]))
    found = json.loads(smidgen("watch", "ring.csv", "--model", model, "--json").stdout)["detections"]
    expected = listen(model.read_bytes(), at_rest(samples, 50))
    assert found == [d._replace(time_ms=d.time_ms - 2000)._asdict() for d in expected]
    said = smidgen("watch", "ring.csv", "--model", model).stdout
    assert ("ring " in said) if expected else ("no gesture in" in said)
    (smidgen.folder / "day").mkdir()
    (smidgen.folder / "ring.csv").rename(smidgen.folder / "day" / "a.csv")
    of_folder = smidgen("watch", "day", "--model", model).stdout
    assert of_folder == "day/a.csv:\n" + said.replace("ring.csv:", "day/a.csv:")


def test_pictures_are_seen_as_a_board_sees_them(smidgen):
    (smidgen.folder / "see.smg").write_bytes(vision_model())
    pictures = pictures_like(40, (120, 160))
    (smidgen.folder / "views").mkdir()
    for n, picture in enumerate(pictures):
        Image.fromarray(picture).save(smidgen.folder / "views" / f"{n}.png")
    expected = list(Viewer(vision_model()).feed(picture_of(frame_of(picture)) for picture in pictures))
    said = smidgen("watch", "views", "--model", "see.smg")
    assert said.returncode == 0 and said.stdout.splitlines() == [sight_line(sight) for sight in expected]
    told = json.loads(smidgen("watch", "views/0.png", "--model", "see.smg", "--json").stdout)
    first = picture_of(frame_of(pictures[0]))
    assert told["scores"] == dict(zip(LABELS, Viewer(vision_model()).scores(first), strict=True))
    (smidgen.folder / "empty").mkdir()
    fails_with_one_line(smidgen("watch", "empty", "--model", "see.smg"), "empty: holds no pictures")


def test_a_model_for_sound_and_a_file_without_motion_are_refused(smidgen):
    (smidgen.folder / "sound.smg").write_bytes(keyword_model())
    (smidgen.folder / "a.csv").write_text("1,2,3\n")
    fails_with_one_line(smidgen("watch", "a.csv", "--model", "sound.smg"), "sound.smg", "smidgen listen")
    fails_with_one_line(smidgen("train", "gesture", "--data", "nowhere", "--out", "out"), "nowhere", "no such folder")
