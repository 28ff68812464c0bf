"""The engine in Python gives the C engine's bytes, and its verdict on malformed files."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen.bench.seeded import Network
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.blob import Blob, OperatorRecord, TensorRecord
from smidgen.convert import convert
from smidgen.engine import Engine
from smidgen.python_engine import refused_operators
from smidgen.quantise import window_out
from tests.evil.container import CONTAINER
from tests.evil.mutate import File
from tests.support.board import board_module
from tests.support.samples import SAMPLES

Model = board_module("model").Model
errors = board_module("errors")
supported = set(board_module("python_kernels").KERNELS)
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 5)


def assert_same_bytes(content: bytes, seed: int) -> None:
    """Three successive inferences of a .tflite's model, in C and in Python."""
    assert_blob_same_bytes(convert(content, "test").to_bytes(), seed)


def assert_blob_same_bytes(blob: bytes, seed: int) -> None:
    """The same of a .smg."""
    c, python = Engine(blob), Model(bytearray(blob), engine="python")
    rng = np.random.default_rng(seed)
    for _ in range(3):
        xs = [rng.integers(-128, 128, x.elements, np.int8) for x in c.inputs]
        for tensor, x in zip(python.inputs, xs, strict=True):
            tensor.fill(x.tobytes())
        assert bytes(python.invoke()) == c.invoke(xs)[0].tobytes()


@st.composite
def windows(draw):
    """Geometry of a window over a small picture."""
    g = {
        "kernel": (draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        "stride": (draw(st.integers(1, 3)), draw(st.integers(1, 3))),
    }
    g["dilation"] = (draw(st.integers(1, 2)), 1)
    g["padding"] = draw(st.sampled_from([0, 1]))
    low = [(k - 1) * d + 1 for k, d in zip(g["kernel"], g["dilation"], strict=True)]
    g["size"] = tuple(draw(st.integers(n, 7)) for n in low)
    axes = zip(g["size"], g["kernel"], g["stride"], g["dilation"], strict=True)
    g["out"] = tuple(window_out(g["padding"], *axis) for axis in axes)
    return g


def options(g, **more):
    (sy, sx), (dy, dx) = g["stride"], g["dilation"]
    dilated = {"dilationHFactor": dy, "dilationWFactor": dx}
    return {"padding": g["padding"], "strideH": sy, "strideW": sx, "fusedActivationFunction": 1, **dilated, **more}


@settings(max_examples=40, deadline=None)
@given(windows(), st.integers(1, 2), st.integers(1, 3), st.integers(1, 2), st.integers(1, 3), st.booleans(), SEEDS)
def test_conv_2d_equals_c(g, n, group_c, groups, multiple, per_channel, seed):
    rng, m, out_c = np.random.default_rng(seed), ModelBuilder(), groups * multiple
    scales = rng.uniform(0.001, 0.02, out_c if per_channel else 1)
    x = m.input("INT8", (n, *g["size"], groups * group_c), 0.05, int(rng.integers(-128, 128)))
    w = m.constant("INT8", rng.integers(-127, 128, (out_c, *g["kernel"], group_c)), scales)
    b = m.constant("INT32", rng.integers(-3000, 3000, out_c), scales * 0.05)
    y = m.output("INT8", (n, *g["out"], out_c), float(rng.uniform(0.01, 0.2)), int(rng.integers(-128, 128)))
    m.op("CONV_2D", [x, w, b], [y], "Conv2DOptions", **options(g))
    assert_same_bytes(m.build(), seed)


@settings(max_examples=40, deadline=None)
@given(windows(), st.integers(1, 2), st.integers(1, 3), st.integers(1, 3), SEEDS)
def test_depthwise_conv_2d_equals_c(g, n, c, multiplier, seed):
    rng, m, out_c = np.random.default_rng(seed), ModelBuilder(), c * multiplier
    scales = rng.uniform(0.001, 0.02, out_c)
    x = m.input("INT8", (n, *g["size"], c), 0.05, int(rng.integers(-128, 128)))
    w = m.constant("INT8", rng.integers(-127, 128, (1, *g["kernel"], out_c)), scales, axis=3)
    b = m.constant("INT32", rng.integers(-3000, 3000, out_c), scales * 0.05)
    y = m.output("INT8", (n, *g["out"], out_c), float(rng.uniform(0.01, 0.2)), int(rng.integers(-128, 128)))
    m.op("DEPTHWISE_CONV_2D", [x, w, b], [y], "DepthwiseConv2DOptions", **options(g, depthMultiplier=multiplier))
    assert_same_bytes(m.build(), seed)


@settings(max_examples=30, deadline=None)
@given(SIZES, st.integers(1, 20), SIZES, st.sampled_from([-3, 0, 7]), st.floats(0.0001, 3), SEEDS)
def test_fully_connected_equals_c(rows, n, out_c, weight_zero_point, scale, seed):
    """scale reaches from vanishing outputs to multipliers above 1, which shift left."""
    rng, m = np.random.default_rng(seed), ModelBuilder()
    x = m.input("INT8", (rows, n), 0.5, int(rng.integers(-128, 128)))
    w = m.constant("INT8", rng.integers(-128, 128, (out_c, n)), scale, weight_zero_point)
    b = m.constant("INT32", rng.integers(-(2**30), 2**30, out_c))
    y = m.output("INT8", (rows, out_c), 0.25, int(rng.integers(-128, 128)))
    m.op("FULLY_CONNECTED", [x, w, b], [y], "FullyConnectedOptions")
    assert_same_bytes(m.build(), seed)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["AVERAGE_POOL_2D", "MAX_POOL_2D"]), windows(), st.integers(1, 2), SIZES, SEEDS)
def test_pools_equal_c(name, g, n, c, seed):
    m, kernel = ModelBuilder(), g["kernel"]
    out = tuple(window_out(g["padding"], *axis) for axis in zip(g["size"], kernel, g["stride"], strict=True))
    x, y = m.input("INT8", (n, *g["size"], c), 0.1, 3), m.output("INT8", (n, *out, c), 0.1, 3)
    window = {k: v for k, v in options(g).items() if not k.startswith("dilation")}
    m.op(name, [x], [y], "Pool2DOptions", filterHeight=kernel[0], filterWidth=kernel[1], **window)
    assert_same_bytes(m.build(), seed)


@settings(max_examples=40, deadline=None)
@given(SIZES, st.integers(1, 40), st.floats(0.001, 2), SEEDS)
def test_softmax_equals_c(rows, n, scale, seed):
    m = ModelBuilder()
    x, y = m.input("INT8", (rows, n), scale, 3), m.output("INT8", (rows, n), 1 / 256, -128)
    m.op("SOFTMAX", [x], [y], "SoftmaxOptions", beta=1.0)
    assert_same_bytes(m.build(), seed)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(SIZES, st.integers(0, 3)), min_size=1, max_size=3), st.sampled_from([0, 1, 3]), SEEDS)
def test_additions_equal_c(axes, activation, seed):
    """Axes of 1 in either input repeat; a long last axis is added in pieces."""
    rng, m = np.random.default_rng(seed), ModelBuilder()
    shapes = [[*(1 if kind == which else size for size, kind in axes), 70] for which in (1, 2)]
    shapes[1][-1] = int(rng.choice([1, 70]))
    shapes.append(np.broadcast_shapes(*shapes))
    scales, zeros = rng.uniform(0.01, 0.2, 3), rng.integers(-128, 128, 3)
    a, b = (m.input("INT8", tuple(shapes[i]), float(scales[i]), int(zeros[i])) for i in range(2))
    y = m.output("INT8", tuple(shapes[2]), float(scales[2]), int(zeros[2]))
    m.op("ADD", [a, b], [y], "AddOptions", fusedActivationFunction=activation)
    assert_same_bytes(m.build(), seed)


@settings(max_examples=30, deadline=None)
@given(st.lists(SIZES, min_size=2, max_size=4), st.randoms(use_true_random=False), SEEDS)
def test_copies_equal_c(shape, random, seed):
    m, order = ModelBuilder(), list(range(len(shape)))
    random.shuffle(order)
    x, y = m.input("INT8", tuple(shape), 0.1, 3), m.output("INT8", tuple(shape[i] for i in order), 0.1, 3)
    m.op("TRANSPOSE", [x, m.constant("INT32", order)], [y], "TransposeOptions")
    assert_same_bytes(m.build(), seed)


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(["INT8", "UINT8"]), st.integers(1, 300), st.integers(0, 8), SEEDS)
def test_lookups_equal_c(kind, n, ahead, seed):
    """In its input's memory, or so far ahead of it."""
    table = np.random.default_rng(seed).integers(0, 256, 256).astype(np.uint8)
    tensors = [TensorRecord("INT8", "ARENA", 8, (n,)), TensorRecord(kind, "ARENA", 8 - ahead, (n,))]
    tensors.append(TensorRecord(kind, "DATA", 0, (256,)))
    blob = Blob(tensors, [OperatorRecord("LOOKUP", [0, 2], [1])], 1, 1, 0, table.tobytes())
    assert_blob_same_bytes(blob.to_bytes(), seed)


def delay_line() -> bytes:
    """A model with state: its output is its last four inputs, at first 1, 2, 3 and 4."""
    x, y = TensorRecord("INT8", "ARENA", 0, (1,)), TensorRecord("INT8", "ARENA", 8, (4,))
    state, data = TensorRecord("INT8", "STATE", 0, (4,)), struct.Struct("<Iii").pack
    shift = OperatorRecord("COPY", [2], [2], copy_params(1, 0), data(3, 1, 1))
    append = OperatorRecord("COPY", [0], [2], copy_params(0, 3), data(1, 0, 0))
    show = OperatorRecord("COPY", [2], [1], copy_params(0, 0), data(4, 1, 1))
    return Blob([x, y, state], [shift, append, show], 1, 1, 0, b"", bytes([1, 2, 3, 4, 0, 0, 0, 0])).to_bytes()


def copy_params(src: int, dst: int) -> dict[str, int]:
    return {"rank": 1, "reserved": 0, "reserved2": 0, "src": src, "dst": dst}


def test_state_is_kept_until_reset_in_either_engine():
    assert_blob_same_bytes(delay_line(), 0)
    model = Model(bytearray(delay_line()), engine="python")
    for _ in range(2):
        model.reset()
        assert [bytes(model.invoke(bytes([x]))) for x in (7, 8)] == [bytes([2, 3, 4, 7]), bytes([3, 4, 7, 8])]


@settings(max_examples=10, deadline=None)
@given(
    st.integers(4, 12), st.integers(3, 8), st.lists(st.tuples(st.integers(1, 8), st.integers(1, 2)), max_size=3), SEEDS
)
def test_whole_networks_equal_c(h, w, blocks, seed):
    """Layers that write over their inputs, as the planner lets them."""
    net = Network((h, w, 1), seed).conv(6, (3, 2), stride=1)
    for channels, stride in blocks:
        net.depthwise(3, stride).conv(channels)
    assert_same_bytes(net.global_average().dense(5).softmax().build(), seed)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_sample_runs_or_is_unsupported_by_name(name):
    content = SAMPLES[name]()
    blob = convert(content, name)
    codes = {fmt.OPERATORS[operator.name] for operator in blob.operators}
    foretold = refused_operators(blob.to_bytes())
    try:
        Model(bytearray(blob.to_bytes()), engine="python")
    except errors.UnsupportedError as e:
        others = {t.type for t in blob.tensors} - {"INT8", "INT32"}
        assert codes - supported or others, f"{name} was refused: {e}"
        assert foretold
        return
    assert codes <= supported and not foretold
    assert_same_bytes(content, 0)


@pytest.fixture(scope="module")
def good() -> bytes:
    return convert(SAMPLES["keyword"](), "keyword").to_bytes()


@pytest.mark.parametrize("name", CONTAINER)
def test_malformed_files_get_the_c_engines_verdict(name, good):
    change, error = CONTAINER[name]
    file = File(good)
    change(file)
    with pytest.raises(errors.ModelError) as caught:
        Model(bytearray(file.bytes()), engine="python")
    assert type(caught.value).__name__ == error.__name__


def verdict(content: bytes, engine: str) -> str:
    """The word "good", or the name of the error."""
    try:
        if engine == "c":
            Engine(content)
        else:
            Model(bytearray(content), engine="python")
    except (fmt.ModelError, errors.ModelError) as e:
        return type(e).__name__
    return "good"


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_changed_byte_gets_the_c_engines_verdict(good, data):
    """The checksum is mended, so that the checks behind it must notice. Python refuses what it cannot compute, too."""
    file = File(good)
    end = file.section("DATA")[1]
    file.content[data.draw(st.integers(8, end - 1))] = data.draw(st.integers(0, 255))
    content = file.bytes()
    c, python = verdict(content, "c"), verdict(content, "python")
    assert python == c or python == "UnsupportedError"


@pytest.mark.parametrize("name", ["depthwise of another scale count", "a shift of 31", "a clamp beyond int8"])
def test_malformed_parameters_are_operator_errors(name, good):
    file = File(good)
    if name.startswith("depthwise"):
        file.set_param("DEPTHWISE_CONV_2D", "scales", 3)
    elif name.startswith("a clamp"):
        file.set_param("AVERAGE_POOL_2D", "act_max", 128)
    else:
        at, code = file.param_at("CONV_2D", "channels")
        channels = file.section("DATA")[1] + int.from_bytes(file.content[at : at + 4], "little")
        assert code == "I"
        file.content[channels + 4 * 4 + 4 * 4] = 31
    assert verdict(file.bytes(), "python") == verdict(file.bytes(), "c") == "OperatorError"


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_or_cut_file_is_noticed(good, data):
    size = data.draw(st.integers(0, len(good) - 1))
    assert verdict(good[:size], "python") == "TruncatedError"
    damaged = bytearray(good)
    damaged[data.draw(st.integers(0, len(good) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert verdict(bytes(damaged), "python") != "good"


def test_a_model_that_is_not_bound_is_an_order_error(good):
    engine = board_module("python_engine").PythonEngine(good, "x")
    assert engine.step() == engine.reset() == engine.invoke() == fmt.OrderError.code
