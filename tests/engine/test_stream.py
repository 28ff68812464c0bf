"""A model cut into steps: the bytes of TFLM on a sliding window, and a refusal that names the layer in the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.seeded import RELU, SAME, VALID, Activation, Network
from smidgen.convert import convert, read
from smidgen.convert.stream import smallest_hop, stream, window_of
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from smidgen.reference import Reference
from tests.support.equality import tflm
from tests.support.streaming import streaming_model

KINDS = ("conv", "depthwise", "average", "max", "residual")


def grown(data: st.DataObject, net: Network, kind: str) -> Network:
    """One more layer that slides in time, as far as there are rows for it."""
    _, h, w, c = net.now.shape
    kernel = data.draw(st.integers(1, min(4, h)))
    dilation = data.draw(st.integers(1, 2)) if (kernel - 1) * 2 < h else 1
    stride = data.draw(st.integers(1, min(3, h)))
    size, strides = (kernel, min(2, w)), (stride, 1)
    if kind == "conv":
        return net.conv(data.draw(st.integers(1, 5)), size, strides, dilation=(dilation, 1))
    if kind == "depthwise":
        return net.depthwise(size, strides, dilation=(dilation, 1))
    if kind == "residual":
        before = net.now
        inner = net.conv(c, (kernel, 1)).now
        net.now = before
        branch = net.rows(data.draw(st.integers(0, kernel - 1)), inner.shape[1]).now
        net.now = inner
        return net.add(branch)
    return net.pool(size, strides, "AVERAGE_POOL_2D" if kind == "average" else "MAX_POOL_2D")


def ended(net: Network, head: str) -> Network:
    if head == "columns":
        return net
    if head == "average":
        return net.global_average().dense(4).softmax()
    return net.dense(4, RELU).dense(3)


def steps_of(frames: np.ndarray, window: int, hop: int) -> list[np.ndarray]:
    """The frames in steps of `hop`, cut so that a step ends where the first whole window ends."""
    first = (window - 1) % hop + 1
    padded = np.concatenate([np.full((hop - first, *frames.shape[1:]), 77, np.int8), frames])
    return [padded[i : i + hop][np.newaxis] for i in range(0, len(padded) - hop + 1, hop)]


def assert_streams(content: bytes, hop: int, seed: int = 0, count: int = 4) -> None:
    """Engine and oracle in steps = TFLM on each whole window."""
    graph = read(content, "whole.tflite")
    window = window_of(graph)
    rng = np.random.default_rng(seed)
    frames = rng.integers(-128, 128, (window + hop * (count - 1), *graph.inputs[0].shape[2:])).astype(np.int8)
    wanted = tflm(content, [[frames[np.newaxis, i : i + window]] for i in range(0, hop * count, hop)])
    models = Engine(convert(content, "whole.tflite", hop=hop).to_bytes()), Reference(stream(graph, hop))
    for model in models:
        found = [model.invoke([step])[0] for step in steps_of(frames, window, hop)][-count:]
        for got, (whole,) in zip(found, wanted, strict=True):
            newest = whole[:, -got.shape[1] :] if whole.ndim == 4 else whole
            np.testing.assert_array_equal(got, newest)


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, 2**32 - 1))
def test_any_stack_of_valid_layers_streams_with_the_bytes_of_the_sliding_window(data, seed):
    shape = (data.draw(st.integers(4, 40)), data.draw(st.integers(3, 8)), data.draw(st.integers(1, 2)))
    net = Network(shape, seed, padding=VALID)
    for kind in data.draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=5)):
        grown(data, net, kind)
    content = ended(net, data.draw(st.sampled_from(["columns", "average", "dense"]))).build()
    smallest = smallest_hop(read(content, "whole.tflite"))
    if smallest <= shape[0]:
        hops = st.integers(1, min(3, shape[0] // smallest))
        assert_streams(content, smallest * data.draw(hops), seed % 1000)


def keyword_network() -> Network:
    net = Network((49, 40, 1), seed=1, padding=VALID).conv(12, (10, 8), (2, 4))
    return net.depthwise(3).conv(12).depthwise(3, (2, 1)).conv(12).global_average().dense(4).softmax()


def test_a_keyword_model_costs_a_step_a_fraction_of_a_window():
    content = keyword_network().build()
    assert smallest_hop(read(content, "k.tflite")) == 4
    assert_streams(content, 4, count=6)
    whole, steps = convert(content, "k.tflite"), convert(content, "k.tflite", hop=4)
    assert steps.macs < whole.macs / 8 and steps.arena_size + len(steps.state) < whole.arena_size


def test_what_is_kept_begins_as_real_zeros_and_takes_no_room_in_the_file():
    steps = convert(keyword_network().build(), "k.tflite", hop=4)
    assert len(steps.state) > 1000
    assert len(steps.to_bytes()) < len(convert(keyword_network().build(), "k.tflite").to_bytes()) + 1500


def test_reset_forgets_the_stream():
    content = keyword_network().build()
    engine = Engine(convert(content, "k.tflite", hop=4).to_bytes())
    frames = np.random.default_rng(0).integers(-128, 128, (20, 1, 4, 40, 1)).astype(np.int8)
    first = [engine.invoke([step])[0].tobytes() for step in frames]
    engine.reset()
    assert [engine.invoke([step])[0].tobytes() for step in frames] == first


def padded() -> bytes:
    return Network((20, 8, 1), 1, padding=SAME).conv(4, (3, 3)).global_average().dense(2).build()


def scaled_by_place() -> bytes:
    net = Network((20, 8, 1), 1, padding=VALID).conv(4, 3)
    factor = net.builder.constant("INT8", np.arange(18).reshape(1, 18, 1, 1), 0.1)
    net._finish("MUL", [net.now.index, factor], Activation(-1, net.now.shape, 0.1, 0, 40.0), "MulOptions")
    return net.global_average().dense(2).build()


REFUSED = {
    "padding in time": (padded, r"CONV_2D \(operator 0 -> 't\d+' .* cannot be streamed: it pads in time"),
    "a factor for each place": (scaled_by_place, r"MUL \(operator 1 .* joins columns of time with 't\d+'"),
    "a state of its own": (streaming_model, "VAR_HANDLE .* keeps a state already"),
    "no axis of time": (Network((40,), 1).dense(4).build, r"must be one window \[1, frames, ...\], not 't0'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_model_that_cannot_be_streamed_is_refused_with_the_layers_name(name):
    model, complaint = REFUSED[name]
    with pytest.raises(ConvertError, match=complaint):
        convert(model(), "bad.tflite", hop=1)


@pytest.mark.parametrize("hop", [0, 3, 52])
def test_a_hop_off_the_phase_of_its_strides_is_refused(hop):
    with pytest.raises(ConvertError, match=f"cannot move on by {hop} frames; use a multiple of 4, at most 49"):
        convert(keyword_network().build(), "k.tflite", hop=hop)
