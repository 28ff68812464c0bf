"""The one question that most tests of the engine ask: are the bytes the same everywhere?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from tflite_micro.python.tflite_micro import runtime

from smidgen.blob import Blob
from smidgen.convert import convert, read
from smidgen.engine import Engine
from smidgen.graph import DTYPES, Tensor
from smidgen.reference import Reference

Sequence = list[list[np.ndarray]]  # the inputs, or the outputs, of inferences one after the other
Runner = Callable[[bytes, Sequence], Sequence]


def random_inputs(tensors: list[Tensor], rng: np.random.Generator) -> list[np.ndarray]:
    """One array for each tensor, over the whole range of its type."""
    return [random_values(t.type, t.shape, rng) for t in tensors]


def random_values(kind: str, shape: tuple[int, ...], rng: np.random.Generator) -> np.ndarray:
    if kind == "FLOAT32":
        return rng.normal(0, 10 ** rng.uniform(-3, 3), shape).astype(np.float32)
    if kind == "BOOL":
        return rng.integers(0, 2, shape).astype(np.bool_)
    limits = np.iinfo(DTYPES[kind])
    return rng.integers(limits.min, limits.max, shape, DTYPES[kind], endpoint=True)


def tflm(content: bytes, sequence: Sequence) -> Sequence:
    """TensorFlow Lite Micro's outputs for a sequence of inferences (state is kept between them)."""
    interpreter = runtime.Interpreter.from_bytes(content, arena_size=4 << 20)
    results = []
    for inputs in sequence:
        for i, values in enumerate(inputs):
            interpreter.set_input(values, i)
        interpreter.invoke()
        results.append([np.array(interpreter.get_output(i)) for i in range(_output_count(content))])
    return results


def litert(content: bytes, sequence: Sequence) -> Sequence:
    """LiteRT's reference kernels, for what TensorFlow Lite Micro leaves undefined."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    resolver = OpResolverType.BUILTIN_REF
    interpreter = Interpreter(model_content=content, experimental_op_resolver_type=resolver)
    interpreter.allocate_tensors()
    results = []
    for inputs in sequence:
        for detail, values in zip(interpreter.get_input_details(), inputs, strict=True):
            interpreter.set_tensor(detail["index"], values)
        interpreter.invoke()
        results.append([interpreter.get_tensor(detail["index"]) for detail in interpreter.get_output_details()])
    return results


def _output_count(content: bytes) -> int:
    return len(read(content, "test").outputs)


def assert_same_everywhere(
    content: bytes, seed: int = 0, count: int = 3, sequence: Sequence | None = None, run: Runner = tflm
) -> Blob:
    """Oracle = C engine = TFLM (or another `run`) on every byte of the successive inferences of `sequence`, by default
    `count` random ones; returns the converted model."""
    graph = read(content, "test.tflite")
    rng = np.random.default_rng(seed)
    sequence = sequence or [random_inputs(graph.inputs, rng) for _ in range(count)]
    expected = run(content, sequence)
    oracle = Reference(graph)
    blob = convert(content, "test.tflite")
    engine = Engine(blob.to_bytes(), "test.smg")
    for inputs, wanted in zip(sequence, expected, strict=True):
        for name, results in (("oracle", oracle.invoke(inputs)), ("engine", engine.invoke(inputs))):
            for i, (result, want) in enumerate(zip(results, wanted, strict=True)):
                np.testing.assert_array_equal(result.reshape(-1), want.reshape(-1), f"{name}, output {i}")
    return blob
