"""The engine stays small."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SPEC = importlib.util.spec_from_file_location("size", ROOT / "tools/size.py")
size = importlib.util.module_from_spec(SPEC)
sys.modules["size"] = size  # dataclasses look their module up
SPEC.loader.exec_module(size)


@pytest.fixture(scope="module")
def objects():
    return size.compile_engine(size.CLANG)


def test_engine_stays_within_its_limits_of_code_size(objects):
    _, totals = size.report(objects)
    assert totals["every operator"] < 24_000
    assert totals["a keyword model's operators"] < 8_000


def test_size_counts_every_operator_of_the_table(objects):
    rows, _ = size.report(objects)
    counted = {name for _, operators, _ in rows for name in operators.split(", ")}
    assert set(size.kernels()) <= counted
    assert all(bytes_ > 0 for _, _, bytes_ in rows)
