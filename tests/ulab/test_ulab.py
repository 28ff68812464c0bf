"""Models in ulab's numpy: within a stated distance of the integer engines, on a shim and as real ulab answered."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from smidgen.bench.seeded import Network
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.engine import Engine
from smidgen.errors import ConvertError, UsageError
from smidgen.export import export_ulab
from smidgen.resources import find
from tests.support.samples import SAMPLES
from tests.ulab.models import MODELS, exact_outputs, model_and_inputs
from tests.ulab.record import HERE, VECTORS, answer

STEPS = {"keyword": 3, "gesture": 4, "anomaly": 1}  # of 256; docs/ulab.md promises them
HEAP = 100_000  # bytes; recorded on a machine whose pointers are twice as wide as a board's
RUN = "import sys, gc; gc.mem_alloc = lambda: 0; sys.argv = sys.argv[1:]; exec(open(sys.argv[0]).read())"


@pytest.fixture(scope="module")
def recorded() -> dict[str, np.ndarray]:
    with np.load(VECTORS) as kept:
        return dict(kept)


def distance(a: np.ndarray, b: np.ndarray) -> int:
    return int(np.abs(a.astype(int) - b.astype(int)).max())


def on_shim(monkeypatch: pytest.MonkeyPatch, content: bytes, inputs: list[np.ndarray], folder: Path) -> np.ndarray:
    """The exported folder's program on this Python, with the shim for ulab."""
    for name, value in (("MICROPYPATH", ""), ("PYTHONPATH", "")):
        monkeypatch.setenv(name, value)
    paths = f"import sys; sys.path[:0] = [{str(folder / 'exported' / 'lib')!r}, {str(HERE / 'shim')!r}]; "
    (version, engine, _), outputs = answer([sys.executable, "-c", paths + RUN], content, inputs, folder)
    assert (version, engine) == ("shim-4D", "ulab")
    return np.frombuffer(outputs, np.int8).reshape(len(inputs), -1)


@pytest.mark.parametrize("name", MODELS)
def test_real_ulab_is_within_the_promised_distance_and_memory(recorded, name):
    content, inputs = model_and_inputs(name)
    assert np.array_equal(recorded[f"{name}.inputs"], inputs), "record again: python -m tests.ulab.record"
    assert distance(recorded[f"{name}.outputs"], exact_outputs(content, inputs)) <= STEPS[name]
    assert recorded[f"{name}.heap"] < HEAP


def test_the_guide_states_what_was_recorded(recorded):
    guide = (Path(__file__).parents[2] / "docs" / "ulab.md").read_text(encoding="utf-8")
    for name in MODELS:
        content, _ = model_and_inputs(name)
        steps, heap = STEPS[name], recorded[f"{name}.heap"]
        row = rf"\| {name} [\w-]+, {len(content):,} bytes \| {steps} steps? \| {heap:,} \|"
        assert re.search(row, guide), row
    assert f"ulab {str(recorded['version']).split('-')[0]} in" in guide


@pytest.mark.parametrize("name", MODELS)
def test_the_shim_answers_as_real_ulab_did(monkeypatch, recorded, tmp_path, name):
    content, inputs = model_and_inputs(name)
    got = on_shim(monkeypatch, content, inputs, tmp_path)
    assert distance(got, exact_outputs(content, inputs)) <= STEPS[name]
    # The only difference that is left is the last bit of exp and of sums, which moves a rounded value by a step.
    assert distance(got, recorded[f"{name}.outputs"]) <= 1


@pytest.mark.parametrize("name", ["gesture", "anomaly"])
def test_the_models_that_ship_run_too(monkeypatch, tmp_path, name):
    content = (find("firmware/demos") / name / "model.smg").read_bytes()
    shape = Engine(content, "").inputs[0].dims
    inputs = list(np.random.default_rng(25).integers(-128, 128, (12, *shape), np.int8))
    assert distance(on_shim(monkeypatch, content, inputs, tmp_path), exact_outputs(content, inputs)) <= STEPS[name]


def odd_shapes() -> bytes:
    """Strides, padding, a depth multiplier, pooling and a dense layer over a picture of odd sizes."""
    net = Network((9, 8, 2), seed=23)
    return net.conv(6, 3, stride=2).depthwise(3, stride=2, multiplier=2).pool(2).dense(5).build()


@pytest.mark.parametrize("build", [odd_shapes, *(SAMPLES[name] for name in ("max_pool", "lookup", "copy"))])
def test_every_other_operator_runs(monkeypatch, tmp_path, build):
    content = convert(build(), "").to_bytes()
    shape = Engine(content, "").inputs[0].dims
    inputs = list(np.random.default_rng(24).integers(-128, 128, (16, *shape), np.int8))
    assert distance(on_shim(monkeypatch, content, inputs, tmp_path), exact_outputs(content, inputs)) <= 1


def test_a_model_with_a_foreign_operator_is_refused_by_name_and_nothing_is_written(tmp_path):
    content = convert(SAMPLES["gather"](), "gather.tflite").to_bytes()
    assert "GATHER" in {operator.name for operator in Blob.from_bytes(content).operators}
    with pytest.raises(ConvertError, match="GATHER"):
        export_ulab(content, "gather.smg", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path):
    with pytest.raises(UsageError, match="is there already"):
        export_ulab(model_and_inputs("gesture")[0], "x.smg", tmp_path)
    assert list(tmp_path.iterdir()) == []
