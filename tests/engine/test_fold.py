"""What the converter folds away changes no byte of any output."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.networks import mobilenet
from smidgen.bench.seeded import NONE, SAME, VALID, Network
from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.blob import Blob
from tests.support.equality import assert_same_everywhere

SEEDS = st.integers(0, 2**32 - 1)


def names(blob: Blob) -> list[str]:
    return [op.name for op in blob.operators]


def weight_bytes(blob: Blob) -> int:
    """Bytes of constants that operators read as weights."""
    return sum(blob.tensors[op.inputs[1]].nbytes for op in blob.operators if len(op.inputs) > 1)


def chain(seed: int, dead: float, layers: list[str]) -> bytes:
    """A network of these layers on 6 x 5 pictures of two channels."""
    net = Network((6, 5, 2), seed, dead).conv(6, fused=NONE)
    for layer in layers:
        if layer == "pointwise":
            net.conv(5)
        elif layer == "conv":
            net.conv(4, 3, fused=NONE)
        elif layer == "strided":
            net.conv(6, 2, stride=2)
        elif layer == "depthwise":
            net.depthwise(3)
        elif layer == "multiplied":
            net.depthwise(2, multiplier=2)
        else:
            net.pool(2)
    return net.dense(4).build()


LAYERS = st.lists(st.sampled_from(["pointwise", "conv", "strided", "depthwise", "multiplied", "pool"]), max_size=4)


@settings(max_examples=80, deadline=None)
@given(LAYERS, st.sampled_from([0.3, 0.7, 1.0]), SEEDS)
def test_dead_channels_go_and_every_byte_stays(layers, dead, seed):
    assert_same_everywhere(chain(seed, dead, layers), seed)


def test_a_dead_channel_takes_its_filter_and_its_readers_weights_along():
    alive, sparse = (
        assert_same_everywhere(chain(5, dead, ["pointwise", "depthwise", "pointwise"])) for dead in (0.0, 0.5)
    )
    assert weight_bytes(sparse) < 0.8 * weight_bytes(alive)
    assert sparse.macs < 0.6 * alive.macs
    assert sparse.arena_size < alive.arena_size


def test_sparse_mobilenet_shrinks_to_what_is_alive():
    dense, sparse = mobilenet(3), mobilenet(3, dead=0.5)
    blobs = [assert_same_everywhere(content, count=1) for content in (dense, sparse)]
    assert len(dense) == len(sparse)
    assert len(blobs[1].to_bytes()) < 0.4 * len(blobs[0].to_bytes())
    assert blobs[1].macs < 0.5 * blobs[0].macs
    assert blobs[1].arena_size < blobs[0].arena_size


def pad_model(paddings, kernel, stride, padding, value, seed, extra_reader=False):
    """PAD, or PADV2 with `value`, then a convolution over the padded picture."""
    rng = np.random.default_rng(seed)
    m = ModelBuilder()
    zero = int(rng.integers(-128, 128))
    shape = np.array([1, 5, 6, 2])
    padded = tuple(int(n) for n in shape + np.sum(paddings, axis=1))
    x = m.input("INT8", tuple(shape), 0.05, zero)
    p = m.constant("INT32", paddings)
    framed = (m.output if extra_reader else m.tensor)("INT8", padded, 0.05, zero)
    fill = [] if value is None else [m.constant("INT8", [zero if value == "zero" else value], 0.05, zero)]
    m.op("PADV2" if fill else "PAD", [x, p, *fill], [framed], "PadV2Options" if fill else "PadOptions")
    w = m.constant("INT8", rng.integers(-127, 128, (3, kernel, kernel, padded[3])), 0.01)
    out = tuple(-(-(n if padding == SAME else n - kernel + 1) // stride) for n in padded[1:3])
    y = m.output("INT8", (padded[0], *out, 3), 0.1, 3)
    options = {"padding": padding, "strideH": stride, "strideW": stride, "dilationHFactor": 1, "dilationWFactor": 1}
    m.op("CONV_2D", [framed, w], [y], "Conv2DOptions", **options)
    return m.build()


FRAMES = st.tuples(*[st.integers(0, 3)] * 4).map(lambda f: [[0, 0], [f[0], f[1]], [f[2], f[3]], [0, 0]])


@settings(max_examples=60, deadline=None)
@given(
    FRAMES, st.integers(1, 3), st.integers(1, 2), st.sampled_from([SAME, VALID]), st.sampled_from([None, "zero"]), SEEDS
)
def test_pad_goes_into_the_convolution(paddings, kernel, stride, padding, value, seed):
    blob = assert_same_everywhere(pad_model(paddings, kernel, stride, padding, value, seed), seed)
    assert names(blob) == ["CONV_2D"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"paddings": [[0, 0], [1, 1], [1, 1], [0, 0]], "value": 77},
        {"paddings": [[0, 0], [1, 1], [1, 1], [0, 1]], "value": None},
        {"paddings": [[1, 0], [1, 1], [1, 1], [0, 0]], "value": None},
        {"paddings": [[0, 0], [1, 1], [1, 1], [0, 0]], "value": None, "extra_reader": True},
    ],
    ids=["other value", "channels", "batch", "also an output"],
)
def test_a_pad_that_is_more_than_a_frame_of_zeros_stays(arguments):
    blob = assert_same_everywhere(pad_model(kernel=2, stride=1, padding=VALID, seed=1, **arguments))
    assert "COPY" in names(blob)
