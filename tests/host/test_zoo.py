"""The models that ship with the demos, on simulated people and machines that no recipe has seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from smidgen.blob import Blob
from smidgen.datasets.machine.bearing import Machine
from smidgen.datasets.motion.wand import simulate
from smidgen.datasets.motion.windows import as_recorded
from smidgen.datasets.picture.bundled import FACE, faces, photographs
from smidgen.datasets.picture.pictures import NOTHING
from smidgen.datasets.picture.scenes import simulate as simulate_pictures
from smidgen.engine import Engine
from smidgen.evaluation import engine_predictor
from smidgen.features.motion import MotionSpec
from smidgen.monitor import Monitor
from smidgen.train.evaluate import evaluate
from smidgen.train.scoring import area_under_curve
from smidgen.train.vision_recipe import VisionRecipe
from smidgen.viewer import Viewer

DEMOS = Path(__file__).parents[2] / "firmware" / "demos"


def test_the_gesture_demos_model_knows_strangers_gestures():
    content = (DEMOS / "gesture" / "model.smg").read_bytes()
    blob = Blob.from_bytes(content)
    assert blob.labels == ["negative", "ring", "slope", "wing"] and len(content) < 16_000
    spec = MotionSpec.from_section(blob.sections["IMU"])
    motions = simulate(dict.fromkeys(blob.labels, 40), spec.rate_hz, seed=987)
    windows = as_recorded(motions, np.array([blob.labels.index(label) for label in motions.labels]), spec)
    found = evaluate(engine_predictor(Engine(content)), windows.features, windows.targets, blob.labels)
    assert found.macro_recall >= 0.93


def test_the_vision_demos_model_tells_faces_that_it_has_not_learned_from():
    """Rendered ones of another seed, and those of the bundled set that its recipe held out."""
    content = (DEMOS / "vision" / "model.smg").read_bytes()
    viewer = Viewer(content)
    assert viewer.labels == [NOTHING, FACE] and len(content) < 24_000
    _, real = faces().split_by_subject(1 - VisionRecipe().real, seed=1)
    rendered = simulate_pictures({FACE: 60, NOTHING: 60}, 987, photographs())
    for pictures, least in ((real, 0.97), (rendered, 0.85)):
        scores = np.array([viewer.scores(image)[1] for image in pictures.images])
        shown = np.array(pictures.labels) == FACE
        assert area_under_curve(scores[~shown].tolist(), scores[shown].tolist()) >= least


def test_the_anomaly_demos_model_hears_a_fault_in_a_machine_of_its_own():
    content = (DEMOS / "anomaly" / "model.smg").read_bytes()
    assert len(content) < 64_000
    machine, rng = Machine(1000), np.random.default_rng(5)  # the recipe's first; these recordings are new

    def score(fault: str | None) -> float:
        return float(np.mean(list(Monitor(content).scores(machine.record(3.0, rng, fault, -6.0)))))

    assert area_under_curve([score(None) for _ in range(5)], [score("ball") for _ in range(5)]) == 1.0
