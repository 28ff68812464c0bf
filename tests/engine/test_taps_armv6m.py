"""Depthwise filters of any size, packed for ARMv6-M, give the plain bytes: in the emulator and by the twin in C."""

from __future__ import annotations

import numpy as np
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from smidgen.bench import measure
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.engine import Engine
from smidgen.quantise import window_out

MANY = 12  # layers of one emulated model
NONE, RELU, RELU6 = 0, 1, 3


@st.composite
def layers(draw) -> dict:
    """A geometry, most often one that a kernel for 3x3 pictures with padding does not take."""
    g = {
        "n": draw(st.integers(1, 2)),
        "kh": draw(st.sampled_from([1, 2, 3, 5, 8, 9, 17])),
        "kw": draw(st.integers(1, 3)),
    }
    g["padding"], g["stride"] = draw(st.integers(0, 1)), draw(st.integers(1, 3))
    g["dilation"] = draw(st.sampled_from([1, 1, 2])) if g["stride"] == 1 else 1
    g["h"] = (g["kh"] - 1) * g["dilation"] + draw(st.integers(1, 3))
    g["w"] = (g["kw"] - 1) * g["dilation"] + draw(st.integers(1, 5))
    g["c"], g["largest"] = draw(st.integers(2, 9)), draw(st.sampled_from([10, 127]))
    g["fused"], g["zero_point"] = draw(st.sampled_from([NONE, RELU, RELU6])), draw(st.integers(-128, 127))
    return g | {"seed": draw(st.integers(0, 2**32 - 1))}


def add(m: ModelBuilder, g: dict) -> None:
    """One operator between an input and an output of its own."""
    rng = np.random.default_rng(g["seed"])
    scales = rng.uniform(0.2, 1.0, g["c"]) / g["largest"]
    x = m.input("INT8", (g["n"], g["h"], g["w"], g["c"]), 0.05, g["zero_point"])
    values = rng.integers(-g["largest"], g["largest"] + 1, (1, g["kh"], g["kw"], g["c"]))
    weights = m.constant("INT8", values, scales, 0, 3)
    bias = m.constant("INT32", rng.integers(-60 * g["largest"], 60 * g["largest"] + 1, g["c"]), scales * 0.05)
    sizes = [window_out(g["padding"], g[s], g[k], g["stride"], g["dilation"]) for s, k in (("h", "kh"), ("w", "kw"))]
    y = m.output("INT8", (g["n"], *sizes, g["c"]), 0.05, -128 if g["fused"] == RELU else int(rng.integers(-128, 128)))
    options = {"padding": g["padding"], "strideH": g["stride"], "strideW": g["stride"]}
    options |= {"dilationHFactor": g["dilation"], "dilationWFactor": g["dilation"]}
    options |= {"fusedActivationFunction": g["fused"], "depthMultiplier": 1}
    m.op("DEPTHWISE_CONV_2D", [x, weights, bias], [y], "DepthwiseConv2DOptions", **options)


def content_of(some: list[dict]) -> bytes:
    m = ModelBuilder()
    for g in some:
        add(m, g)
    return convert(m.build(), "depthwise").to_bytes()


def layouts(blob) -> set[str]:
    return {blob.tensors[op.inputs[1]].layout for op in blob.operators}


@seed(0)
@settings(max_examples=60, deadline=None)
@given(layers())
def test_the_twin_in_c_gives_the_plain_bytes(layer):
    plain = Engine(content_of([layer]), "plain")
    packed = pack(plain.blob, "ARMV6M")
    assert layouts(packed) <= {"TAPS", "FILTERS"}
    chip = Engine(packed.to_bytes(), "packed", table="smg_armv6m")
    rng = np.random.default_rng(layer["seed"])
    inputs = [rng.integers(-128, 128, t.dims, np.int8) for t in plain.inputs]
    np.testing.assert_array_equal(chip.invoke(inputs)[0], plain.invoke(inputs)[0])


@seed(0)
@settings(max_examples=3, deadline=None)
@given(st.lists(layers(), min_size=MANY, max_size=MANY, unique_by=lambda g: g["seed"]))  # equal weights are stored once
def test_the_assembly_gives_the_plain_bytes(some):
    content = content_of(some)
    assert "TAPS" in layouts(pack(Engine(content, "plain").blob, "ARMV6M"))
    measure(content, "depthwise")  # raises when a byte differs


def test_a_step_of_a_stream_costs_less_than_fifteen_cycles_a_product():
    rows = {"kh": 3, "kw": 3, "n": 1, "padding": 1, "stride": 1, "dilation": 1, "h": 3, "w": 9, "c": 56}
    long = rows | {"kh": 23, "kw": 1, "h": 23, "w": 1, "c": 64}
    for g in (rows, long):
        layer = g | {"largest": 127, "fused": RELU, "zero_point": -128, "seed": 1}
        report = measure(content_of([layer]), "speed")
        assert report.cycles < 15 * report.macs
