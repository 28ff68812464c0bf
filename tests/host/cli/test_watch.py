"""`smidgen train gesture`, then `smidgen watch`: gestures in a recording, and what is no recording."""

from __future__ import annotations

import json

from smidgen.blob import Blob
from smidgen.datasets.motion.wand import simulate
from smidgen.datasets.motion.windows import at_rest
from smidgen.pipeline import listen
from tests.host.cli.conftest import fails_with_one_line
from tests.support.keyword_model import keyword_model


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


def test_a_model_for_sound_and_a_file_without_motion_are_refused(smidgen):
    (smidgen.folder / "sound.smg").write_bytes(keyword_model())
    (smidgen.folder / "a.csv").write_text("1,2,3\n")
    fails_with_one_line(smidgen("watch", "a.csv", "--model", "sound.smg"), "sound.smg", "smidgen listen")
    fails_with_one_line(smidgen("train", "gesture", "--data", "nowhere", "--out", "out"), "nowhere", "no such folder")
