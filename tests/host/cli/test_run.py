"""`smidgen run`: raw integers in, raw integers out."""

from __future__ import annotations

import numpy as np
import pytest

from tests.host.cli.conftest import fails_with_one_line
from tests.support.equality import tflm


@pytest.fixture
def sample(smidgen) -> np.ndarray:
    values = np.random.default_rng(3).integers(-128, 128, (1, 49, 10, 1), np.int8)
    np.save(smidgen.folder / "x.npy", values)
    return values


def test_run_gives_tflm_s_bytes_from_either_format(smidgen, tflite, sample):
    wanted = tflm(tflite.read_bytes(), [[sample]])[0][0]
    smidgen("convert", tflite, "--inputs", 2)
    for model in ("model.tflite", "model.smg"):
        result = smidgen("run", model, "--input", "x.npy", "--output", "y.npy")
        assert result.stdout == "y.npy: int8 [1, 12]\n"
        got = np.load(smidgen.folder / "y.npy")
        assert got.dtype == np.int8 and got.tobytes() == wanted.tobytes()


def test_run_takes_the_values_in_any_shape(smidgen, tflite, sample):
    np.save(smidgen.folder / "flat.npy", sample.reshape(-1))
    outputs = []
    for name in ("x.npy", "flat.npy"):
        assert smidgen("run", tflite, "--input", name, "--output", "y.npy").returncode == 0
        outputs.append(np.load(smidgen.folder / "y.npy"))
    np.testing.assert_array_equal(*outputs)


def test_inputs_that_do_not_fit_are_refused(smidgen, tflite, sample):
    np.save(smidgen.folder / "float.npy", sample.astype(np.float32))
    np.save(smidgen.folder / "short.npy", sample[:, 1:])
    (smidgen.folder / "text.npy").write_text("1 2 3")
    before = smidgen.files()
    for name, word in (("float.npy", "int8"), ("short.npy", "[1, 49, 10, 1]"), ("text.npy", "not a .npy file")):
        fails_with_one_line(smidgen("run", tflite, "--input", name, "--output", "y.npy"), word)
    both = ("--input", "x.npy", "--output", "y.npy", "--output", "z.npy")
    fails_with_one_line(smidgen("run", tflite, *both), "--output")
    fails_with_one_line(smidgen("run", tflite, "--input", "none.npy", "--output", "y.npy"), "none.npy")
    assert smidgen.files() == before


def test_full_disk_leaves_no_output(smidgen, tflite, sample):
    before = smidgen.files()
    result = smidgen.apart("run", tflite, "--input", "x.npy", "--output", "y.npy", file_limit=64)
    fails_with_one_line(result, "y.npy")
    assert smidgen.files() == before
