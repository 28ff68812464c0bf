"""3x3 depthwise filters packed for ARMv6-M give the plain bytes: assembly in the emulator, its twin in C here."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from smidgen import _format as fmt
from smidgen.bench import measure
from smidgen.bench.seeded import Network
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.engine import Engine
from smidgen.quantise import window_out
from tests.evil.mutate import File

SAME, RELU = 0, 1
SIZES = st.integers(1, 9)
# batch, height, width, channels, stride, zero point of the input, largest weight, seed
CASES = st.tuples(
    st.integers(1, 2),
    SIZES,
    SIZES,
    st.integers(2, 6),  # one channel would be a convolution
    st.integers(1, 2),
    st.integers(-128, 127),
    st.sampled_from([10, 40, 127]),
    st.integers(0, 2**32 - 1),
)


def depthwise(m: ModelBuilder, case: tuple[int, ...]) -> None:
    """One operator between an input and an output of its own, behind RELU."""
    n, h, w, c, stride, zero_point, largest, number = case
    rng = np.random.default_rng(number)
    scales = rng.uniform(0.2, 1.0, c) / largest
    x = m.input("INT8", (n, h, w, c), 0.05, zero_point)
    weights = m.constant("INT8", rng.integers(-largest, largest + 1, (1, 3, 3, c)), scales, 0, 3)
    bias = m.constant("INT32", rng.integers(-60 * largest, 60 * largest + 1, c), scales * 0.05)
    y = m.output("INT8", (n, window_out(SAME, h, 3, stride), window_out(SAME, w, 3, stride), c), 0.05, -128)
    options = {"padding": SAME, "strideH": stride, "strideW": stride, "fusedActivationFunction": RELU}
    m.op("DEPTHWISE_CONV_2D", [x, weights, bias], [y], "DepthwiseConv2DOptions", depthMultiplier=1, **options)


def blob_of(cases: list[tuple[int, ...]]):
    m = ModelBuilder()
    for case in cases:
        depthwise(m, case)
    return convert(m.build(), "depthwise")


def chip_engine(content: bytes) -> Engine:
    return Engine(content, "packed", table="smg_armv6m")


def layouts(blob) -> list[str]:
    return [blob.tensors[op.inputs[1]].layout for op in blob.operators]


@seed(0)
@settings(max_examples=40, deadline=None)
@given(CASES)
def test_the_twin_in_c_gives_the_plain_bytes(case):
    blob = blob_of([case])
    packed = pack(blob, "ARMV6M")
    assert layouts(packed) == ["FILTERS"]
    plain, chip = Engine(blob.to_bytes(), "plain"), chip_engine(packed.to_bytes())
    rng = np.random.default_rng(case[-1])
    inputs = [rng.integers(-128, 128, t.dims, np.int8) for t in plain.inputs]
    assert chip.invoke(inputs)[0].tobytes() == plain.invoke(inputs)[0].tobytes()


@seed(0)
@settings(max_examples=4, deadline=None)
@given(st.lists(CASES, min_size=12, max_size=12, unique_by=lambda case: case[-1]))  # equal weights are stored once
def test_the_assembly_gives_the_plain_bytes(cases):
    blob = blob_of(cases)
    assert set(layouts(pack(blob, "ARMV6M"))) == {"FILTERS"}
    measure(blob.to_bytes(), "depthwise")  # raises when a byte differs


@pytest.mark.parametrize("stride", [1, 2])
def test_an_output_may_overlap_its_input(stride):
    """The plan puts it there, by the order of the plain kernel."""
    net = Network((12, 12, 8), 3).conv(8).depthwise(3, stride).conv(8)
    blob = convert(net.global_average().dense(4).build(), "overlap")
    depthwise = next(op for op in blob.operators if op.name == "DEPTHWISE_CONV_2D")
    x, y = blob.tensors[depthwise.inputs[0]], blob.tensors[depthwise.outputs[0]]
    assert x.offset < y.offset + y.nbytes and y.offset < x.offset + x.nbytes
    measure(blob.to_bytes(), "overlap")


def test_a_depthwise_layer_costs_less_than_nine_cycles_a_product():
    net = Network((24, 24, 8), 3).depthwise(3).depthwise(3, 2)
    report = measure(convert(net.build(), "speed").to_bytes(), "speed")
    assert report.cycles < 9 * report.macs


def good() -> File:
    return File(pack(blob_of([(1, 5, 6, 3, 2, 4, 127, 0)]), "ARMV6M").to_bytes())


def in_weights(offset: int, code: str, value: int):
    def change(f: File) -> None:
        tensor = f.tensor(struct.unpack_from("<H", f.content, f.operator("DEPTHWISE_CONV_2D") + 6)[0])
        struct.pack_into(
            "<" + code, f.content, f.section("DATA")[1] + f.get("tensor", tensor, "offset") + offset, value
        )

    return change


def of_operand(which: int, field: str, value: int, element: int = 0):
    def change(f: File) -> None:
        index = struct.unpack_from("<H", f.content, f.operator("DEPTHWISE_CONV_2D") + 4 + 2 * which)[0]
        f.set("tensor", f.tensor(index), field, value, element)

    return change


EVIL = {
    "a band of no rows": in_weights(0, "I", 0),
    "a band beyond the output": in_weights(0, "I", 4),
    "a shift too far": in_weights(8 + 19, "B", 32),
    "scratch memory too small": of_operand(3, "dims", 20),
    "scratch memory of bytes": of_operand(3, "type", fmt.TYPES["INT8"]),
    "weights at the end of the data": of_operand(1, "offset", 64),
    "weights not at a multiple of 8": of_operand(1, "offset", 4),
    "5x3": of_operand(1, "dims", 5, 1),
    "a clamp": lambda f: f.set_param("DEPTHWISE_CONV_2D", "act_max", 100),
    "stride 3": lambda f: f.set_param("DEPTHWISE_CONV_2D", "stride_h", 3),
    "strides that differ": lambda f: f.set_param("DEPTHWISE_CONV_2D", "stride_w", 1),
    "dilation": lambda f: f.set_param("DEPTHWISE_CONV_2D", "dilation_w", 2),
    "no padding": lambda f: f.set_param("DEPTHWISE_CONV_2D", "pad_top", 0),
    "padding of two": lambda f: f.set_param("DEPTHWISE_CONV_2D", "pad_left", 2),
}


@pytest.mark.parametrize("name", EVIL)
def test_malformed_filters_are_refused(name):
    chip_engine(good().bytes())
    file = good()
    EVIL[name](file)
    with pytest.raises(fmt.ModelError):
        chip_engine(file.bytes())
