"""The stack that smg.h promises: measured painted on a Cortex-M0+, and frames that the compiler knows to be fixed."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from functools import cache, partial
from pathlib import Path

import pytest

from smidgen.bench import measure
from smidgen.bench.networks import ds_cnn
from smidgen.convert import convert
from tests.support.samples import SAMPLES

ENGINE = Path(__file__).parents[2] / "firmware" / "engine"
PROMISED = int(re.search(r"Stack: at most (\d+) bytes", (ENGINE / "smg.h").read_text())[1])
LARGEST_FRAME = 512  # bytes, of 64-bit machines
NO_INPUT = {"gather"}  # the bench feeds random numbers, which are no indices
BUILDERS = {
    **SAMPLES,
    "ds_cnn": partial(ds_cnn, full=True),
}  # one of a usual size: fast kernels put rows of sums on the stack
MODELS = sorted(BUILDERS.keys() - NO_INPUT)


@cache
def used(name: str) -> int:
    """Bytes below the program that opens the model, its smg_model included, on an emulated RP2040."""
    return measure(convert(BUILDERS[name](), name).to_bytes(), name).stack_bytes


@pytest.mark.parametrize("name", MODELS)
def test_stack_stays_within_the_promise(name):
    assert used(name) <= PROMISED


def test_promise_is_not_idle():
    assert max(used(name) for name in MODELS) > PROMISED - 64


def test_every_frame_has_a_fixed_size(tmp_path):
    """No arrays of variable length, no alloca, and no frame out of proportion."""
    compiler = shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("needs a compiler: apt install gcc")
    sources = map(str, ENGINE.rglob("*.c"))
    command = [compiler, "-std=c99", "-O2", "-ffreestanding", "-fstack-usage", "-c", *sources]
    subprocess.run(command, cwd=tmp_path, check=True)
    lines = [line.split("\t") for path in tmp_path.glob("*.su") for line in path.read_text().splitlines()]
    assert len(lines) > 50
    assert {kind for _, _, kind in lines} == {"static"}
    assert max(int(size) for _, size, _ in lines) <= LARGEST_FRAME
