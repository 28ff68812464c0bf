"""`.tflite` files that contradict themselves: refused with the operator and the tensor named, all problems at once, or
converted into a model that gives the oracle's bytes; never more memory than a model of their size needs."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert, read
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from smidgen.reference import Reference
from tests.support.equality import random_inputs
from tests.support.samples import SAMPLES

Change = Callable[[Any], None]


def changed(content: bytes, change: Change) -> bytes:
    """The file with its first graph changed."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    change(model.subgraphs[0])
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def tensor(index: int, **fields: Any) -> Change:
    def change(graph: Any) -> None:
        for name, value in fields.items():
            setattr(graph.tensors[index], name, value)

    return change


def scales(index: int, values: list[float]) -> Change:
    def change(graph: Any) -> None:
        quantisation = graph.tensors[index].quantization
        quantisation.scale, quantisation.zeroPoint = values, [0] * len(values)

    return change


def operands(which: str, op: int, values: list[int]) -> Change:
    return lambda graph: setattr(graph.operators[op], which, values)


def swapped(graph: Any) -> None:
    graph.operators[0], graph.operators[1] = graph.operators[1], graph.operators[0]


# Tensors of `keyword`: input 0, outputs of its operators 1 to 5, bias 6, weights 7 to 9.
KEYWORD: dict[str, tuple[Change, str]] = {
    "an operator reads its own output": (operands("inputs", 0, [1, 7, 6]), r"CONV_2D .*'t1'.*before any operator"),
    "an operator reads a later one's": (operands("inputs", 0, [4, 7, 6]), r"CONV_2D .*'t4'.*before any operator"),
    "operators in the wrong order": (swapped, r"DEPTHWISE_CONV_2D .*'t1'.*before any operator"),
    "an operator writes the input": (operands("outputs", 0, [0]), r"CONV_2D .*writes 't0'"),
    "an operator writes a constant": (operands("outputs", 2, [7]), r"AVERAGE_POOL_2D .*writes 't7'"),
    "two operators write one tensor": (operands("outputs", 1, [1]), r"DEPTHWISE_CONV_2D .*writes 't1'"),
    "an input that is not there": (operands("inputs", 0, [99, 7, 6]), "damaged"),
    "an input below 0": (operands("inputs", 0, [-2, 7, 6]), "damaged"),
    "weights left out": (operands("inputs", 0, [0, -1, 6]), r"CONV_2D .*lacks"),
    "too few inputs": (operands("inputs", 0, [0]), r"CONV_2D .*malformed"),
    "no outputs": (operands("outputs", 0, []), r"CONV_2D .*malformed"),
    "an output that nothing computes": (lambda g: setattr(g, "outputs", [5, 99]), "damaged"),
    "more channels than scales": (scales(7, [0.1] * 3), r"CONV_2D .*3 weight scales for 4"),
    "a scale of 0": (scales(1, [0.0]), r"CONV_2D "),
    "no quantisation": (tensor(0, quantization=None), r"CONV_2D .*lacks quantisation"),
    "weights of another type": (tensor(8, type=schema.TensorType.INT16, shape=[1, 3, 3, 2]), r"DEPTHWISE_CONV_2D "),
    "a type that boards do not have": (tensor(0, type=schema.TensorType.COMPLEX64), r"'t0'"),
    "a negative size": (tensor(1, shape=[1, -6, 5, 4]), r"tensor 1 't1' has the absurd shape"),
    "sizes that overflow": (tensor(1, shape=[65536, 65536, 65536, 65536]), r"tensor 1 't1' has the absurd shape"),
    "a size of 0": (tensor(1, shape=[1, 0, 5, 4]), r"CONV_2D .*'t1'"),
    "another rank": (tensor(1, shape=[6, 5, 4]), r"CONV_2D .*'t1'"),
    "a constant of another size": (tensor(7, shape=[4, 3, 3, 2]), r"tensor 't7' has 36 values|CONV_2D .*'t1'|damaged"),
}


@pytest.mark.parametrize("case", KEYWORD)
def test_contradiction_is_refused_by_name(case):
    change, message = KEYWORD[case]
    with pytest.raises(ConvertError) as caught:
        convert(changed(SAMPLES["keyword"](), change), "bad.tflite")
    assert str(caught.value).startswith("bad.tflite: ")
    assert "\n" not in str(caught.value)
    assert re.search(message, str(caught.value)), str(caught.value)


def resized(content: bytes) -> Iterator[tuple[str, bytes]]:
    """The file with one size of one operator's output larger or smaller by one, each in turn."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(content, 0))
    for op in model.subgraphs[0].operators:
        for index in op.outputs:
            shape = list(model.subgraphs[0].tensors[index].shape)
            for axis in range(len(shape)):
                for step in (-1, 1):
                    other = [n + step * (i == axis) for i, n in enumerate(shape)]
                    yield f"t{index} {other}", changed(content, tensor(index, shape=other))


@pytest.mark.parametrize("name", SAMPLES)
def test_output_shape_that_does_not_follow_from_the_inputs_is_refused(name):
    for what, content in resized(SAMPLES[name]()):
        try:
            convert(content, "bad.tflite")
        except ConvertError:
            continue
        pytest.fail(f"{what} was converted")


def test_every_problem_is_told_at_once():
    m = ModelBuilder()
    x = m.input("INT8", (1, 4), 0.1)
    lost, made = m.tensor("INT8", (1, 4), 0.1), m.output("INT8", (1, 4), 0.1)
    m.op("FLOOR", [x], [m.tensor("INT8", (1, 4), 0.1)])
    m.op("LOGISTIC", [lost], [made])
    m.op("CEIL", [made], [m.output("FLOAT32", (1, 4))])
    with pytest.raises(ConvertError) as caught:
        convert(m.build(), "bad.tflite")
    assert len(caught.value.problems) == 3
    for words in ("FLOOR (operator 0", "LOGISTIC (operator 1", "CEIL (operator 2"):
        assert words in str(caught.value)


@settings(max_examples=150)
@given(st.sampled_from(sorted(SAMPLES)), st.lists(st.tuples(st.integers(0), st.integers(0, 7)), min_size=1, max_size=2))
def test_flipped_bits_are_refused_or_make_what_the_oracle_makes(name, flips):
    content = bytearray(SAMPLES[name]())
    for at, bit in flips:
        content[8 + at % (len(content) - 8)] ^= 1 << bit
    try:
        blob = convert(bytes(content), "flipped.tflite")
    except ConvertError:
        return
    graph = read(bytes(content), "flipped.tflite")
    inputs = random_inputs(graph.inputs, np.random.default_rng(0))
    inputs = [x % 5 if x.dtype == np.int32 and name == "gather" else x for x in inputs]
    with np.errstate(all="ignore"):
        expected = Reference(graph).invoke(inputs)
    for got, want in zip(Engine(blob.to_bytes()).invoke(inputs), expected, strict=True):
        np.testing.assert_array_equal(got.reshape(-1), want.reshape(-1))


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_absurd_sizes_take_no_memory(tmp_path):
    """Each file says that some tensor is huge; all are read under a limit that leaves little above the packages."""
    for i, index in enumerate([0, 1, 4, 5, 6, 7]):
        shape = [1, 4096, 4096, 1]
        (tmp_path / f"{i}.tflite").write_bytes(changed(SAMPLES["keyword"](), tensor(index, shape=shape)))
    program = (
        "import resource, sys, pathlib; from smidgen.convert import convert; from smidgen.errors import ConvertError\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + (768 << 20),) * 2)\n"
        "for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):\n"
        "    try: convert(path.read_bytes(), path.name)\n"
        "    except ConvertError: print('refused')\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    result = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert result.stdout.split() == ["refused"] * 6, result.stderr
