"""LOOKUPs that the converter folds away change no byte of any output."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smidgen.bench.seeded import NONE, Network
from smidgen.blob import Blob
from tests.support.equality import assert_same_everywhere


def names(blob: Blob) -> list[str]:
    return [op.name for op in blob.operators]


def relu_model(name, scale, zero_point):
    """A convolution without activation, then a standalone one."""
    net = Network((4, 4, 2), 7).conv(3, 2, fused=NONE)
    net.unary(name, net.now.scale * scale, net.now.zero_point + zero_point)
    return net


@pytest.mark.parametrize("name", ["RELU", "RELU6"])
def test_relu_of_the_same_scale_goes_into_its_producer(name):
    assert names(assert_same_everywhere(relu_model(name, 1, 0).build())) == ["CONV_2D"]


@pytest.mark.parametrize(("scale", "zero_point"), [(0.7, 0), (1, 9)])
def test_relu_that_rescales_stays(scale, zero_point):
    assert names(assert_same_everywhere(relu_model("RELU", scale, zero_point).build())) == ["CONV_2D", "LOOKUP"]


def test_relu_stays_when_its_input_is_an_output_too():
    net = relu_model("RELU", 1, 0)
    before = net.builder.graph.operators[0].outputs[0]
    blob = assert_same_everywhere(net.build(before))
    assert names(blob) == ["CONV_2D", "LOOKUP"]


def test_tables_one_behind_the_other_become_one():
    net = relu_model("RELU", 0.7, 3)
    net.unary("RELU6", net.now.scale * 1.3, -5)
    assert names(assert_same_everywhere(net.build())) == ["CONV_2D", "LOOKUP"]


def quantised(net, scale, zero_point, kind="INT8"):
    """QUANTIZE at the network's end."""
    before = net.now
    out = net.builder.tensor(kind, before.shape, scale, zero_point)
    net.builder.op("QUANTIZE", [before.index], [out], "QuantizeOptions")
    net.now = replace(before, index=out, scale=scale, zero_point=zero_point)


def test_a_quantize_that_changes_nothing_goes():
    net = Network((4, 4, 2), 7).conv(3, 2, fused=NONE)
    quantised(net, net.now.scale, net.now.zero_point)
    assert names(assert_same_everywhere(net.build())) == ["CONV_2D"]


def test_two_quantizes_become_one_table():
    net = Network((4, 4, 2), 7).conv(3, 2, fused=NONE)
    quantised(net, net.now.scale * 1.4, 11)
    quantised(net, net.now.scale * 0.8, -3)
    assert names(assert_same_everywhere(net.build())) == ["CONV_2D", "LOOKUP"]


def test_relu_behind_an_addition_goes_into_it():
    net = Network((4, 4, 2), 7).conv(3, 2, fused=NONE)
    net.add(net.now, fused=NONE)
    net.unary("RELU", net.now.scale, net.now.zero_point)
    assert names(assert_same_everywhere(net.build())) == ["CONV_2D", "ADD_INT8"]


def test_relu_of_a_reshaped_value_goes_into_its_producer():
    net = Network((4, 4, 2), 7).conv(3, 2, fused=NONE).reshape(1, 48)
    net.unary("RELU6", net.now.scale, net.now.zero_point)
    assert names(assert_same_everywhere(net.build())) == ["CONV_2D"]
