"""Kernels for ARMv6-M give the plain kernels' bytes, in the emulator and through their twins in C."""

from __future__ import annotations

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smidgen.bench import measure
from smidgen.bench.networks import ds_cnn, micro_speech
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.engine import Engine
from smidgen.quantise import window_out

MANY = 12  # layers of one emulated model


@st.composite
def conv(draw, widest=7):
    """A convolution: geometry, channels, and how large its weights are."""
    g = {name: draw(st.integers(1, 3)) for name in ("kh", "kw", "sy", "sx")}
    g["dy"], g["dx"] = draw(st.sampled_from([(1, 1), (1, 1), (1, 2), (2, 1)]))
    g["padding"] = draw(st.sampled_from([0, 1]))
    g["h"] = draw(st.integers((g["kh"] - 1) * g["dy"] + 1, 7))
    g["w"] = draw(st.integers((g["kw"] - 1) * g["dx"] + 1, widest))
    g["c"], g["out_c"] = draw(st.integers(1, 20)), draw(st.integers(1, 7))
    g["n"], g["largest"] = draw(st.sampled_from([1, 1, 2])), draw(st.sampled_from([3, 40, 127]))
    g["fused"], g["seed"] = draw(st.sampled_from([0, 1, 3])), draw(st.integers(0, 2**32 - 1))
    return g


def add_conv(m: ModelBuilder, g: dict) -> None:
    rng = np.random.default_rng(g["seed"])
    oh = window_out(g["padding"], g["h"], g["kh"], g["sy"], g["dy"])
    ow = window_out(g["padding"], g["w"], g["kw"], g["sx"], g["dx"])
    scales = 10 ** rng.uniform(-4, -2, g["out_c"])
    scale = 0.05
    x = m.input("INT8", (g["n"], g["h"], g["w"], g["c"]), scale, int(rng.integers(-128, 128)))
    values = rng.integers(-g["largest"], g["largest"] + 1, (g["out_c"], g["kh"], g["kw"], g["c"]))
    values *= rng.random(values.shape) < rng.choice([0.1, 0.9, 1.0])
    w = m.constant("INT8", values, scales, 0, 0)
    b = m.constant("INT32", rng.integers(-100_000, 100_000, g["out_c"]), scales * scale)
    y = m.output("INT8", (g["n"], oh, ow, g["out_c"]), float(rng.uniform(0.002, 0.2)), int(rng.integers(-128, 128)))
    options = {"padding": g["padding"], "strideH": g["sy"], "strideW": g["sx"], "fusedActivationFunction": g["fused"]}
    options |= {"dilationHFactor": g["dy"], "dilationWFactor": g["dx"]}
    m.op("CONV_2D", [x, w, b], [y], "Conv2DOptions", **options)


@st.composite
def dense(draw):
    """A dense layer; one of more than 1024 inputs is not packed."""
    inputs = st.integers(1, 300) | st.integers(1025, 1033)
    g = {"rows": draw(st.sampled_from([1, 1, 3])), "c": draw(inputs), "out_c": draw(st.integers(1, 20))}
    g["largest"], g["fused"] = draw(st.sampled_from([1, 40, 127])), draw(st.sampled_from([0, 1, 3]))
    return g | {"seed": draw(st.integers(0, 2**32 - 1))}


def add_dense(m: ModelBuilder, g: dict) -> None:
    rng = np.random.default_rng(g["seed"])
    scale, weight_scale = 0.05, float(10 ** rng.uniform(-4, -2))
    x = m.input("INT8", (g["rows"], g["c"]), scale, int(rng.integers(-128, 128)))
    w = m.constant("INT8", rng.integers(-g["largest"], g["largest"] + 1, (g["out_c"], g["c"])), weight_scale)
    b = m.constant("INT32", rng.integers(-100_000, 100_000, g["out_c"]), weight_scale * scale)
    y = m.output("INT8", (g["rows"], g["out_c"]), float(rng.uniform(0.002, 0.2)), int(rng.integers(-128, 128)))
    m.op("FULLY_CONNECTED", [x, w, b], [y], "FullyConnectedOptions", fusedActivationFunction=g["fused"])


def model_of(layers: list[dict]) -> bytes:
    """A model of independent layers: each has its own input and output."""
    m = ModelBuilder()
    for layer in layers:
        (add_conv if "kh" in layer else add_dense)(m, layer)
    return convert(m.build(), "layers").to_bytes()


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(conv() | dense(), min_size=MANY, max_size=MANY))
def test_layers_give_the_plain_bytes_in_the_emulator(layers):
    measure(model_of(layers), "layers")


def test_sums_at_their_limits_give_the_plain_bytes_in_the_emulator():
    """Weights of 127 on inputs of -128, as most are behind RELU: the lower half of a word is negative, the upper as low
    as a chunk lets it be."""
    measure(convert(ds_cnn(full=True), "full").to_bytes(), "full")


def test_windows_beside_each_other_and_long_dense_layers_give_the_plain_bytes_in_the_emulator():
    """A picture with its padding around it, whose windows overlap, and 4000 inputs by 4 channels."""
    measure(convert(micro_speech(full=True), "micro_speech").to_bytes(), "micro_speech")


@settings(max_examples=80, deadline=None)
@given(conv(widest=20) | dense())
def test_layers_give_the_plain_bytes_through_the_twins(layer):
    content = model_of([layer])
    plain = Engine(content, "plain")
    assert_same(plain, packed_engine(plain), layer["seed"])


def test_network_gives_the_plain_bytes_through_the_twins():
    """Where outputs overwrite inputs, and scratch memory lies between."""
    plain = Engine(convert(ds_cnn(), "ds_cnn").to_bytes(), "plain")
    assert_same(plain, packed_engine(plain), 0)


def packed_engine(plain: Engine) -> Engine:
    return Engine(pack(plain.blob, "ARMV6M").to_bytes(), "packed", table="smg_armv6m")


def assert_same(plain: Engine, packed: Engine, seed: int) -> None:
    rng = np.random.default_rng(seed)
    inputs = [rng.integers(-128, 128, t.dims, np.int8) for t in plain.inputs]
    for result, want in zip(packed.invoke(inputs), plain.invoke(inputs), strict=True):
        np.testing.assert_array_equal(result, want)
