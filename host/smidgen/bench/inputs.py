"""What a measured model is given."""

from __future__ import annotations

import numpy as np

from smidgen.engine import Engine
from smidgen.graph import DTYPES

SEED = 0


def random_input(engine: Engine) -> list[np.ndarray]:
    """Seeded random values over each input's whole range, one array an input, of its type and shape."""
    rng = np.random.default_rng(SEED)
    return [_random(t.type, t.dims, rng) for t in engine.inputs]


def _random(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if kind == "FLOAT32":
        return rng.normal(size=shape).astype(np.float32)
    if kind == "BOOL":
        return rng.integers(0, 2, shape).astype(np.bool_)
    limits = np.iinfo(DTYPES[kind])
    return rng.integers(limits.min, limits.max, shape, DTYPES[kind], endpoint=True)
