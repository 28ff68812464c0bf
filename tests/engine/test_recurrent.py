"""SVDF and LSTM: the same bytes as TensorFlow Lite Micro over a sequence of inferences, which states link."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from tests.support.equality import assert_same_everywhere

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 9)
TANH = 4
TENSOR_BYTES = struct.calcsize(fmt.RECORDS["tensor"][0])


def svdf_model(n, inputs, units, rank, memory, kind, seed):
    """One SVDF whose state is of type `kind`."""
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    filters, limit = units * rank, 127 if kind == "INT8" else 32767
    in_scale, feature_scale, time_scale = rng.uniform(0.01, 0.1), rng.uniform(0.005, 0.02), rng.uniform(0.3, 1) / limit
    state_scale = float(np.sqrt(inputs) * 70 * 70 * in_scale * feature_scale / limit * rng.uniform(1, 4))
    state_zero = int(rng.integers(-20, 20)) if kind == "INT8" else 0
    x = m.input("INT8", (n, inputs), in_scale, int(rng.integers(-128, 128)))
    feature = m.constant("INT8", rng.integers(-127, 128, (filters, inputs)), feature_scale)
    time = m.constant(kind, rng.integers(-limit, limit + 1, (filters, memory)), time_scale)
    bias = m.constant(
        "INT32", rng.integers(-3000, 3000, units), float(np.float32(state_scale) * np.float32(time_scale))
    )
    state = m.variable(kind, (n, filters * memory), state_scale, state_zero)
    y = m.output(
        "INT8", (n, units), float(state_scale * rng.uniform(0.5, 2) * limit / 70), int(rng.integers(-128, 128))
    )
    m.op("SVDF", [x, feature, time, bias, state], [y], "SVDFOptions", rank=rank, fusedActivationFunction=1)
    return m.build()


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 2), SIZES, SIZES, st.integers(1, 3), SIZES, st.sampled_from(["INT8", "INT16"]), SEEDS)
def test_svdf_gives_tflm_bytes_over_a_sequence(n, inputs, units, rank, memory, kind, seed):
    content = svdf_model(n, inputs, units, rank, memory, kind, seed)
    blob = assert_same_everywhere(content, seed, count=memory + 2)
    assert len(blob.state) == -(-n * units * rank * memory * (1 if kind == "INT8" else 2) // 8) * 8


def lstm_model(n, steps, inputs, cells, kind, time_major, clip, seed):
    """One LSTM with activations of type `kind`."""
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    in_scale = float(rng.uniform(0.01, 0.05)) if kind == "INT8" else float(2.0**-13)
    hidden_scale, hidden_zero = (1 / 128, int(rng.integers(-10, 10))) if kind == "INT8" else (2.0**-15, 0)
    cell_scale = 2.0 ** int(rng.integers(-15, -9))
    sizes = (n, steps) if not time_major else (steps, n)
    x = m.input(kind, (*sizes, inputs), in_scale, int(rng.integers(-128, 128)) if kind == "INT8" else 0)
    operands = [x]
    for size in (inputs, cells):
        for _ in range(4):
            scale = float(rng.uniform(0.004, 0.02))
            operands.append(m.constant("INT8", rng.integers(-127, 128, (cells, size)), scale))
    operands += [-1] * 3
    for _ in range(4):
        operands.append(m.constant("INT32" if kind == "INT8" else "INT64", rng.integers(-2000, 2000, cells)))
    operands += [-1] * 2
    operands.append(m.variable(kind, (n, cells), hidden_scale, hidden_zero))
    operands.append(m.variable("INT16", (n, cells), cell_scale))
    y = m.output(kind, (*sizes, cells), hidden_scale, hidden_zero)
    options = {"fusedActivationFunction": TANH, "cellClip": clip, "timeMajor": time_major}
    m.op("UNIDIRECTIONAL_SEQUENCE_LSTM", [*operands, *[-1] * 4], [y], "UnidirectionalSequenceLSTMOptions", **options)
    return m.build()


@settings(max_examples=80, deadline=None)
@given(
    st.integers(1, 3),
    st.integers(1, 4),
    SIZES,
    SIZES,
    st.sampled_from(["INT8", "INT16"]),
    st.booleans(),
    st.sampled_from([0.0, 0.3, 10.0]),
    SEEDS,
)
def test_lstm_gives_tflm_bytes_over_a_sequence(n, steps, inputs, cells, kind, time_major, clip, seed):
    content = lstm_model(n, steps, inputs, cells, kind, time_major, clip, seed)
    blob = assert_same_everywhere(content, seed, count=4)
    assert blob.macs == n * steps * 4 * cells * (inputs + cells)


@pytest.mark.parametrize(
    "content", [svdf_model(1, 5, 3, 2, 4, "INT8", 0), lstm_model(1, 2, 3, 4, "INT8", False, 0.0, 0)]
)
def test_state_belongs_to_the_instance_and_reset_forgets(content):
    blob = convert(content, "model.tflite")
    rng = np.random.default_rng(0)
    dims = blob.tensors[0].dims
    inputs = [rng.integers(-128, 128, dims, np.int8) for _ in range(3)]
    alone, one, other = (Engine(blob.to_bytes()) for _ in range(3))
    expected = [alone.invoke([x])[0] for x in inputs]
    for x, want in zip(inputs, expected, strict=True):
        np.testing.assert_array_equal(one.invoke([x])[0], want)
        other.invoke([rng.integers(-128, 128, dims, np.int8)])
    assert not np.array_equal(one.invoke([inputs[0]])[0], expected[0]), "the state should matter"
    one.reset()
    np.testing.assert_array_equal(one.invoke([inputs[0]])[0], expected[0])


def test_real_zeros_at_the_end_of_the_initial_state_take_no_room_in_the_file():
    blob = convert(lstm_model(1, 1, 2, 64, "INT8", False, 0.0, 1), "model.tflite")
    assert len(blob.state) == 64 + 64 * 2
    assert blob.state[0] != 0, "the zero point of the hidden state should matter"
    stateless = Blob(**{**vars(blob), "state": b"", "tensors": [t for t in blob.tensors if t.place != "STATE"]})
    assert len(blob.to_bytes()) - len(stateless.to_bytes()) == 2 * TENSOR_BYTES
    assert Blob.from_bytes(blob.to_bytes()) == blob


def test_lstm_variants_are_refused_by_name():
    m = ModelBuilder()
    x, y = m.input("INT8", (1, 1, 2), 0.1), m.output("INT8", (1, 1, 2), 1 / 128)
    peephole = m.constant("INT16", [1, 2], 0.1)
    m.op(
        "UNIDIRECTIONAL_SEQUENCE_LSTM",
        [x] + [-1] * 8 + [peephole] * 3 + [-1] * 12,
        [y],
        "UnidirectionalSequenceLSTMOptions",
    )
    with pytest.raises(ConvertError, match="peephole"):
        convert(m.build(), "model.tflite")
