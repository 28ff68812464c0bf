"""Time a model on this machine, operator by operator, through the engine's `smg_step`."""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np

from smidgen.engine import Engine
from smidgen.graph import DTYPES


@dataclass(frozen=True)
class Profile:
    """operators_us: microseconds of each operator, in order."""

    operators_us: list[float]

    @property
    def total_us(self) -> float:
        """Microseconds of the whole inference."""
        return sum(self.operators_us)


def profile_engine(engine: Engine, runs: int) -> Profile:
    """Step through `runs` inferences of an all-zero input. Leaves the model reset.

    The fastest time of each operator counts: what disturbs a measurement only ever adds to it.
    """
    zeros: list[np.ndarray] = [np.zeros(t.dims, DTYPES[t.type]) for t in engine.inputs]
    times = [_one_run(engine, zeros) for _ in range(runs)]
    engine.reset()
    return Profile([min(column) / 1000 for column in zip(*times, strict=True)])


def _one_run(engine: Engine, inputs: list[np.ndarray]) -> list[int]:
    """Nanoseconds of each operator."""
    engine.set_inputs(inputs)
    taken, more = [], True
    while more:
        start = time.perf_counter_ns()
        more = engine.step()
        taken.append(time.perf_counter_ns() - start)
    return taken
