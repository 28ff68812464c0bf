"""Is a converted model equal to TensorFlow Lite Micro? Asked input by input, on every output byte.

Random inputs alone prove little about a classifier: they drive its last layer to the ends of its range, where wrong
accumulators give right bytes. So half of the inputs are sought: points between two random inputs where the model is in
doubt.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from smidgen.convert import convert, read
from smidgen.engine import Engine, outputs_along
from smidgen.graph import DTYPES, Graph
from smidgen.reference import Reference

Arrays = list[np.ndarray]
Invoke = Callable[[Arrays], Arrays]

INPUTS = 64
_BISECTIONS = 12
_TFLM_ARENA = 16 << 20  # generous: TFLM does not say how much it needs


@dataclass(frozen=True)
class Verdict:
    """What `compare` found.

    reference: whom the engine was compared with. inputs: successive inferences tried. undecided: those of them whose
    output stays off the ends of its range (see `undecided`). difference: the first that differs, in words, or None when
    all bytes are equal.
    """

    reference: str
    inputs: int
    undecided: int
    difference: str | None

    @property
    def equal(self) -> bool:
        return self.difference is None


def has_tflm() -> bool:
    """Whether TensorFlow Lite Micro is installed here."""
    return importlib.util.find_spec("tflite_micro") is not None


def compare(tflite: bytes, smg: bytes, source: str, *, count: int = INPUTS, seed: int = 0) -> Verdict:
    """Run `count` inferences in a row through the engine and through TensorFlow Lite Micro, or through the NumPy
    reference where `tflite-micro` is not installed. State is kept from one to the next in both.

    tflite, smg: the two files' bytes. source: names the model in errors. Raises ConvertError or ModelError for a file
    that cannot be read.
    """
    graph = read(tflite, source)
    inputs = trial_inputs(graph, Engine(smg, source), count, seed)
    engine = Engine(smg, source)
    return _compared((engine.invoke(values) for values in inputs), inputs, tflite, source)


def compare_windows(windows: np.ndarray, tflite: bytes, smg: bytes, source: str) -> Verdict:
    """As `compare`, each of int8 [n, frames, channels] on its own; the engine may take them in steps."""
    engine = Engine(smg, source)
    answers = (list(outputs_along(engine, window, len(window)))[-1] for window in windows)
    return _compared(answers, [[window] for window in windows], tflite, source)


def _compared(answers: Iterable[Arrays], inputs: Sequence[Arrays], tflite: bytes, source: str) -> Verdict:
    """The engine's answers against the reference's on `inputs`, one after the other."""
    graph = read(tflite, source)
    name, reference = _reference(graph, tflite)
    seen_undecided, difference = 0, None
    for number, (got, values) in enumerate(zip(answers, inputs, strict=True)):
        wanted = reference([v.reshape(t.shape) for v, t in zip(values, graph.inputs, strict=True)])
        seen_undecided += undecided(wanted)
        difference = difference or _difference(number, got, wanted)
    return Verdict(name, len(inputs), seen_undecided, difference)


def compare_stream(tflite: bytes, smg: bytes, source: str, hop: int, *, count: int = INPUTS, seed: int = 0) -> Verdict:
    """As `compare`, for a model in steps of `hop` frames: each answer is compared with the reference's on the whole
    window that ends there."""
    graph = read(tflite, source)
    frames, window = graph.inputs[0].shape[1], graph.inputs[0].shape[1:]
    needed = frames + hop * (count - 1)
    whole = Engine(convert(tflite, source).to_bytes(), source)
    parts = trial_inputs(graph, whole, -(-needed // frames), seed)
    sound = np.concatenate([values.reshape(window) for (values,) in parts])[:needed]
    windows = [[sound[start : start + frames]] for start in range(0, hop * count, hop)]
    return _compared(outputs_along(Engine(smg, source), sound, frames), windows, tflite, source)


def _reference(graph: Graph, tflite: bytes) -> tuple[str, Invoke]:
    if has_tflm():
        return "TensorFlow Lite Micro", _tflm(graph, tflite)
    return "the NumPy reference", Reference(graph).invoke


def _tflm(graph: Graph, tflite: bytes) -> Invoke:
    from tflite_micro.python.tflite_micro import runtime

    interpreter = runtime.Interpreter.from_bytes(tflite, arena_size=_TFLM_ARENA)

    def invoke(values: Arrays) -> Arrays:
        for i, value in enumerate(values):
            interpreter.set_input(value, i)
        interpreter.invoke()
        return [np.array(interpreter.get_output(i)) for i in range(len(graph.outputs))]

    return invoke


def _difference(number: int, got: Arrays, wanted: Arrays) -> str | None:
    for i, (ours, theirs) in enumerate(zip(got, wanted, strict=True)):
        a, b = ours.reshape(-1), np.asarray(theirs).reshape(-1)
        if a.tobytes() != b.tobytes():
            at = int(np.flatnonzero(a != b)[0]) if a.shape == b.shape and (a != b).any() else 0
            return f"inference {number}, output {i}, element {at}: {a[at]} instead of {b[at]}"
    return None


def undecided(outputs: Arrays) -> bool:
    """Whether a model's answer stays off the ends of its range: two elements (one, where there is but one) of an output
    lie strictly between the smallest and the largest value of its type."""
    for values in outputs:
        if values.dtype.kind in "iu":
            limits = np.iinfo(values.dtype)
            inside = np.count_nonzero((values > limits.min) & (values < limits.max))
            if inside >= min(2, values.size):
                return True
        elif values.dtype.kind == "f":
            return True
    return False


def trial_inputs(graph: Graph, engine: Engine, count: int, seed: int) -> list[Arrays]:
    """Inputs to compare on: half random over each input's whole range, half sought between two such.

    Sought is where the output is undecided; a bisection may end short of that.
    """
    rng = np.random.default_rng(seed)
    random = [[_random(DTYPES[t.type], t.shape, rng) for t in graph.inputs] for _ in range(count - count // 2)]
    sought = [_between(random, engine, rng) for _ in range(count // 2)]
    return [*random, *sought]


def _random(dtype: Any, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    kind = np.dtype(dtype)
    if kind == np.bool_:
        return rng.integers(0, 2, shape).astype(kind)
    if kind.kind == "f":
        return rng.normal(0, 1, shape).astype(kind)
    limits = np.iinfo(kind)
    return rng.integers(limits.min, limits.max, shape, kind, endpoint=True)


def _between(known: list[Arrays], engine: Engine, rng: np.random.Generator) -> Arrays:
    """A point on the line from one input, faded by a random amount, to another, where the answer changes."""
    a, b = rng.integers(0, len(known), 2)
    fade = rng.uniform(0.02, 1.0)
    start, end = [_mix(np.zeros_like(v), v, fade) for v in known[a]], known[b]
    from_class = _winner(start, engine)
    low, high = 0.0, 1.0
    point = start
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        point = [_mix(x, y, middle) for x, y in zip(start, end, strict=True)]
        engine.reset()
        if undecided(engine.invoke(point)):
            return point
        low, high = (middle, high) if _winner(point, engine) == from_class else (low, middle)
    return point


def _mix(x: np.ndarray, y: np.ndarray, share: float) -> np.ndarray:
    mixed = x.astype(np.float64) * (1 - share) + y.astype(np.float64) * share
    return (mixed if x.dtype.kind == "f" else np.rint(mixed)).astype(x.dtype)


def _winner(inputs: Arrays, engine: Engine) -> int:
    """The largest element of the first output."""
    engine.reset()
    return int(engine.invoke(inputs)[0].argmax())
