"""Every sample, and so every engine operator: the same bytes from TFLM, the oracle, the engine here, step by step, and
in WebAssembly."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from smidgen import _format as fmt
from smidgen.convert import convert, read
from smidgen.engine import Engine
from tests.support.equality import assert_same_everywhere, random_inputs
from tests.support.samples import SAMPLES
from tests.support.wasm import run_wasm

INFERENCES = 3


@cache
def converted(name: str) -> bytes:
    return convert(SAMPLES[name](), name).to_bytes()


def sequence(name: str) -> list[list[np.ndarray]]:
    rng = np.random.default_rng(1)
    inputs = read(SAMPLES[name](), name).inputs
    return [valid(name, random_inputs(inputs, rng)) for _ in range(INFERENCES)]


def valid(name: str, inputs: list[np.ndarray]) -> list[np.ndarray]:
    """Indices must lie in what they index."""
    return [x % 5 if name == "gather" and x.dtype == np.int32 else x for x in inputs]


def results(engine: Engine, inputs: list[list[np.ndarray]]) -> list[list[bytes]]:
    return [[y.tobytes() for y in engine.invoke(values)] for values in inputs]


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_gives_tflm_bytes(name):
    assert_same_everywhere(SAMPLES[name](), sequence=sequence(name))


@pytest.mark.parametrize("name", SAMPLES)
def test_steps_give_the_bytes_of_an_invoke(name):
    whole, stepped = (Engine(converted(name), name) for _ in range(2))
    for inputs in sequence(name):
        expected = whole.invoke(inputs)
        stepped.set_inputs(inputs)
        steps = 1
        while stepped.step():
            steps += 1
        assert steps == len(stepped.blob.operators)
        for got, want in zip(stepped.get_outputs(), expected, strict=True):
            np.testing.assert_array_equal(got, want)


def test_webassembly_gives_the_hosts_bytes():
    jobs = {name: (converted(name), sequence(name)) for name in SAMPLES}
    for name, got in zip(jobs, run_wasm(list(jobs.values())), strict=True):
        assert got == results(Engine(converted(name), name), sequence(name)), name


def test_models_share_an_arena_in_turns():
    """Each has a state of its own; the first needs the largest arena."""
    names = sorted(["streaming", "keyword", "svdf"], key=lambda name: -Engine(converted(name)).arena_size)
    alone = {name: results(Engine(converted(name), name), sequence(name)) for name in names}
    first = Engine(converted(names[0]))
    engines = [first, *(Engine(converted(name), name, arena_of=first) for name in names[1:])]
    for turn in range(INFERENCES):
        for name, engine in zip(names, engines, strict=True):
            assert results(engine, [sequence(name)[turn]]) == [alone[name][turn]], name


def test_an_arena_that_is_too_small_is_refused():
    small, large = sorted((Engine(converted(name)) for name in ("max_pool", "keyword")), key=lambda e: e.arena_size)
    with pytest.raises(fmt.MemoryError):
        Engine(converted("keyword"), "keyword", arena_of=small)
    assert small.arena_size < large.arena_size
