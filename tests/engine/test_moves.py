"""Operators that move data, over their parameter space and TFLM's element types."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.errors import ConvertError
from tests.support.equality import assert_same_everywhere, litert, random_values, tflm

SEEDS = st.integers(0, 2**32 - 1)
WIDE = ("INT8", "INT16", "INT32", "FLOAT32")
QUANTISED = {"INT8": (0.5, -7), "INT16": (0.25, 0)}
many = settings(max_examples=60, deadline=None)


def shapes(low=1, high=4, size=4):
    return st.lists(st.integers(1, size), min_size=low, max_size=high).map(tuple)


def kinds(*names):
    return st.sampled_from(names)


class Model(ModelBuilder):
    """Tensors of one element type; the outputs' shapes come from NumPy's idea of the operator."""

    def __init__(self, kind):
        super().__init__()
        self.kind, self.quantisation = kind, QUANTISED.get(kind, (None, 0))

    def x(self, shape):
        return self.input(self.kind, shape, *self.quantisation)

    def y(self, shape):
        return self.output(self.kind, shape, *self.quantisation)

    def numbers(self, values, kind="INT32"):
        return self.constant(kind, np.asarray(values, np.int64))


def same(m, seed):
    return assert_same_everywhere(m.build(), seed)


@many
@given(shapes(), kinds("INT8", "INT16", "FLOAT32"), st.randoms(use_true_random=False), SEEDS)
def test_transpose_gives_tflm_bytes(shape, kind, random, seed):
    order = random.sample(range(len(shape)), len(shape))
    m = Model(kind)
    m.op("TRANSPOSE", [m.x(shape), m.numbers(order)], [m.y(tuple(shape[i] for i in order))], "TransposeOptions")
    same(m, seed)


@many
@given(st.data(), shapes(), kinds("INT8", "INT16", "INT32", "INT64", "FLOAT32", "BOOL"), st.integers(1, 5), SEEDS)
def test_concatenation_gives_tflm_bytes(data, shape, kind, count, seed):
    """Of inputs and constants in any order, the same one twice included."""
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    m, parts, total, rng = Model(kind), [], 0, np.random.default_rng(seed)
    for _ in range(count):
        part = list(shape)
        part[axis] = data.draw(st.integers(1, 4))
        what = data.draw(st.sampled_from(["input", "constant", "again"])) if parts else "input"
        if what == "again":
            tensor, part = data.draw(st.sampled_from(parts))
        elif what == "constant":
            tensor = m.constant(kind, random_values(kind, tuple(part), rng), *m.quantisation)
        else:
            tensor = m.x(tuple(part))
        parts.append((tensor, part))
        total += part[axis]
    out = list(shape)
    out[axis] = total
    m.op("CONCATENATION", [t for t, _ in parts], [m.y(tuple(out))], "ConcatenationOptions", axis=axis)
    same(m, seed)


@many
@given(st.data(), shapes(), kinds(*WIDE), st.integers(1, 4), SEEDS)
def test_split_gives_tflm_bytes(data, shape, kind, count, seed):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    whole = list(shape)
    whole[axis] *= count
    m = Model(kind)
    x = m.x(tuple(whole))
    m.op("SPLIT", [m.numbers(axis), x], [m.y(shape) for _ in range(count)], "SplitOptions", numSplits=count)
    same(m, seed)


@many
@given(st.data(), shapes(), kinds(*WIDE), st.lists(st.integers(1, 4), min_size=1, max_size=4), st.booleans(), SEEDS)
def test_split_v_gives_tflm_bytes(data, shape, kind, sizes, one_open, seed):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))

    def sized(n):
        return tuple(n if i == axis % len(shape) else size for i, size in enumerate(shape))

    m = Model(kind)
    x, stated = m.x(sized(sum(sizes))), [*sizes[:-1], -1] if one_open else sizes
    outputs = [m.y(sized(n)) for n in sizes]
    m.op("SPLIT_V", [x, m.numbers(stated), m.numbers(axis)], outputs, "SplitVOptions", numSplits=len(sizes))
    same(m, seed)


@many
@given(st.data(), shapes(size=6), kinds("INT8", "INT16", "INT32", "BOOL", "FLOAT32"), SEEDS)
def test_strided_slice_gives_tflm_bytes(data, shape, kind, seed):
    masks = {name: data.draw(st.integers(0, 2 ** len(shape) - 1)) for name in ("begin", "end", "shrink")}
    begins, ends, strides, out = [], [], [], []
    for axis, n in enumerate(shape):
        shrink = bool(masks["shrink"] >> axis & 1)
        first, last = data.draw(st.integers(-n, n - 1)), data.draw(st.integers(-n - 2, n + 2))
        step = data.draw(st.integers(1, 3) if shrink else st.sampled_from([1, 2, 3, -1, -2]))
        begin = None if masks["begin"] >> axis & 1 else first
        end = None if masks["end"] >> axis & 1 else last
        taken = len(range(n)[begin:end:step])
        if not shrink and taken == 0:  # an empty result is no model; take everything
            masks["begin"], masks["end"], taken = (
                masks["begin"] | 1 << axis,
                masks["end"] | 1 << axis,
                -(-n // abs(step)),
            )
        if not shrink:
            out.append(taken)
        begins, ends, strides = [*begins, first], [*ends, last], [*strides, step]
    m = Model(kind)
    operands = [m.x(shape), m.numbers(begins), m.numbers(ends), m.numbers(strides)]
    options = {"beginMask": masks["begin"], "endMask": masks["end"], "shrinkAxisMask": masks["shrink"]}
    m.op("STRIDED_SLICE", operands, [m.y(tuple(out))], "StridedSliceOptions", **options)
    same(m, seed)


@many
@given(st.data(), shapes(high=5), kinds("INT8", "INT16", "INT32", "BOOL", "FLOAT32"), kinds("INT32", "INT64"), SEEDS)
def test_slice_gives_tflm_bytes(data, shape, kind, index_kind, seed):
    begins = [data.draw(st.integers(0, n - 1)) for n in shape]
    out = tuple(data.draw(st.integers(1, n - b)) for n, b in zip(shape, begins, strict=True))
    sizes = [-1 if n - b == s and data.draw(st.booleans()) else s for n, b, s in zip(shape, begins, out, strict=True)]
    m = Model(kind)
    operands = [m.x(shape), m.numbers(begins, index_kind), m.numbers(sizes, index_kind)]
    m.op("SLICE", operands, [m.y(out)], "SliceOptions")
    same(m, seed)


@many
@given(st.data(), shapes(0, 3), kinds("INT8", "INT16", "INT32", "INT64", "FLOAT32"), st.integers(1, 5), SEEDS)
def test_pack_gives_tflm_bytes(data, shape, kind, count, seed):
    axis = data.draw(st.integers(-len(shape) - 1, len(shape)))
    out = list(shape)
    out.insert(axis % (len(shape) + 1), count)
    m = Model(kind)
    parts = [m.x(shape) for _ in range(count)]
    m.op("PACK", parts, [m.y(tuple(out))], "PackOptions", axis=axis, valuesCount=count)
    same(m, seed)


@many
@given(st.data(), shapes(), kinds(*WIDE), SEEDS)
def test_unpack_gives_tflm_bytes(data, shape, kind, seed):
    axis = data.draw(st.integers(-len(shape), len(shape) - 1))
    out = tuple(n for i, n in enumerate(shape) if i != axis % len(shape))
    m = Model(kind)
    x, count = m.x(shape), shape[axis]
    m.op("UNPACK", [x], [m.y(out) for _ in range(count)], "UnpackOptions", axis=axis, num=count)
    same(m, seed)


@many
@given(st.data(), shapes(high=5), kinds(*WIDE), st.booleans(), SEEDS)
def test_pad_gives_tflm_bytes(data, shape, kind, own_value, seed):
    widths = [[data.draw(st.integers(0, 2)), data.draw(st.integers(0, 2))] for _ in shape]
    out = tuple(n + a + b for n, (a, b) in zip(shape, widths, strict=True))
    m = Model(kind)
    operands = [m.x(shape), m.numbers(widths)]
    if own_value:
        operands.append(m.constant(kind, random_values(kind, (), np.random.default_rng(seed)), *m.quantisation))
    m.op("PADV2" if own_value else "PAD", operands, [m.y(out)], "PadV2Options" if own_value else "PadOptions")
    same(m, seed)


@many
@given(st.data(), shapes(size=5), kinds("INT8", "FLOAT32"), kinds("INT32", "INT64"), st.sampled_from([0, 1]), SEEDS)
def test_mirror_pad_gives_tflm_bytes(data, shape, kind, width_kind, mode, seed):
    limits = [min(n - 1 + mode, 3) for n in shape]
    widths = [[data.draw(st.integers(0, limit)), data.draw(st.integers(0, limit))] for limit in limits]
    out = tuple(n + a + b for n, (a, b) in zip(shape, widths, strict=True))
    m = Model(kind)
    m.op("MIRROR_PAD", [m.x(shape), m.numbers(widths, width_kind)], [m.y(out)], "MirrorPadOptions", mode=mode)
    same(m, seed)


@many
@given(shapes(), kinds("INT8", "INT32", "FLOAT32"), kinds("INT32", "INT64"), SEEDS)
def test_fill_gives_tflm_bytes(shape, kind, size_kind, seed):
    m = Model(kind)
    m.op("FILL", [m.numbers(shape, size_kind), m.x(())], [m.y(shape)], "FillOptions")
    same(m, seed)


@many
@given(st.data(), shapes(high=5), kinds("INT8", "INT16", "INT32", "BOOL", "FLOAT32"), SEEDS)
def test_broadcast_to_gives_tflm_bytes(data, shape, kind, seed):
    source = tuple(1 if data.draw(st.booleans()) else n for n in shape)
    m = Model(kind)
    m.op("BROADCAST_TO", [m.x(source), m.numbers(shape)], [m.y(shape)], "BroadcastToOptions")
    same(m, seed)


@many
@given(shapes(4, 4), kinds("INT8", "FLOAT32"), st.integers(1, 3), st.booleans(), SEEDS)
def test_depth_and_space_give_tflm_bytes(shape, kind, block, to_space, seed):
    n, h, w, c = shape
    deep, wide = (n, h, w, c * block**2), (n, h * block, w * block, c)
    m = Model(kind)
    name, options, source, out = (
        ("DEPTH_TO_SPACE", "DepthToSpaceOptions", deep, wide)
        if to_space
        else ("SPACE_TO_DEPTH", "SpaceToDepthOptions", wide, deep)
    )
    m.op(name, [m.x(source)], [m.y(out)], options, blockSize=block)
    same(m, seed)


@many
@given(st.data(), shapes(3, 4), kinds("INT8", "FLOAT32"), st.booleans(), SEEDS)
def test_space_to_batch_gives_tflm_bytes(data, shape, kind, pads, seed):
    """The input's sizes are what is left of whole blocks after padding. TFLM leaves its padding uninitialised, so with
    padding the reference is LiteRT."""
    spatial = len(shape) - 2
    blocks = [data.draw(st.integers(1, 3)) for _ in range(spatial)]
    widths = [[data.draw(st.integers(0, 2 * pads)) for _ in range(2)] for _ in range(spatial)]
    padded = [-(-(n + sum(w)) // b) * b for n, b, w in zip(shape[1:-1], blocks, widths, strict=True)]
    source = [p - sum(w) for p, w in zip(padded, widths, strict=True)]
    out = (shape[0] * int(np.prod(blocks)), *(p // b for p, b in zip(padded, blocks, strict=True)), shape[-1])
    m = Model(kind)
    operands = [m.x((shape[0], *source, shape[-1])), m.numbers(blocks), m.numbers(widths)]
    m.op("SPACE_TO_BATCH_ND", operands, [m.y(out)], "SpaceToBatchNDOptions")
    assert_same_everywhere(m.build(), seed, run=litert if np.any(widths) else tflm)


@many
@given(st.data(), shapes(3, 4), kinds("INT8", "FLOAT32"), SEEDS)
def test_batch_to_space_gives_tflm_bytes(data, shape, kind, seed):
    spatial = len(shape) - 2
    blocks = [data.draw(st.integers(1, 3)) for _ in range(spatial)]
    whole = [n * b for n, b in zip(shape[1:-1], blocks, strict=True)]
    crops = [[data.draw(st.integers(0, (n - 1) // 2)) for _ in range(2)] for n in whole]
    out = (shape[0], *(n - sum(c) for n, c in zip(whole, crops, strict=True)), shape[-1])
    m = Model(kind)
    source = (shape[0] * int(np.prod(blocks)), *shape[1:])
    m.op("BATCH_TO_SPACE_ND", [m.x(source), m.numbers(blocks), m.numbers(crops)], [m.y(out)], "BatchToSpaceNDOptions")
    same(m, seed)


@many
@given(st.data(), shapes(high=5), kinds("INT8", "INT16", "INT32", "INT64", "UINT8", "BOOL", "FLOAT32"), SEEDS)
def test_reverse_gives_tflm_bytes(data, shape, kind, seed):
    first = data.draw(st.integers(0, len(shape) - 1))
    axes = list(range(first, data.draw(st.integers(first, len(shape) - 1)) + 1))  # TFLM: axes must be neighbours
    m = Model(kind)
    m.op("REVERSE_V2", [m.x(shape), m.numbers(axes)], [m.y(shape)], "ReverseV2Options")
    same(m, seed)


@many
@given(shapes(), kinds("INT8", "INT32", "FLOAT32"), SEEDS)
def test_shape_and_zeros_are_constants(shape, kind, seed):
    m = Model(kind)
    x = m.x(shape)
    m.op("SHAPE", [x], [m.output("INT32", (len(shape),))], "ShapeOptions", outType=2)
    m.op("ZEROS_LIKE", [x], [m.y(shape)], "ZerosLikeOptions")
    assert same(m, seed).operators == []


def refusal(m):
    with pytest.raises(ConvertError) as caught:
        convert(m.build(), "bad.tflite")
    return str(caught.value)


def test_moves_with_computed_geometry_are_refused_by_name():
    m = Model("INT8")
    m.op("TRANSPOSE", [m.x((2, 3)), m.input("INT32", (2,))], [m.y((3, 2))], "TransposeOptions")
    assert "TRANSPOSE (operator 0" in refusal(m) and "to be constant" in refusal(m)


def test_concatenation_of_different_scales_is_refused():
    m = Model("INT8")
    m.op("CONCATENATION", [m.x((2,)), m.input("INT8", (2,), 0.25, 1)], [m.y((4,))], "ConcatenationOptions", axis=0)
    assert "different scales" in refusal(m)


@pytest.mark.parametrize("fields", [{"ellipsisMask": 1}, {"newAxisMask": 1}, {"offset": True}])
def test_strided_slices_that_tflm_misreads_are_refused(fields):
    m = Model("INT8")
    operands = [m.x((4,)), m.numbers([1]), m.numbers([3]), m.numbers([1])]
    m.op("STRIDED_SLICE", operands, [m.y((2,))], "StridedSliceOptions", **fields)
    assert "STRIDED_SLICE" in refusal(m)


@many
@given(st.data(), shapes(), kinds("INT8", "INT16", "INT32", "FLOAT32", "BOOL", "UINT8"), SEEDS)
def test_relabelled_tensors_give_tflm_bytes_without_an_operator(data, shape, kind, seed):
    """RESHAPE, SQUEEZE and EXPAND_DIMS on the way through: inputs whose outputs are views of them."""
    axis = data.draw(st.integers(0, len(shape)))
    longer = (*shape[:axis], 1, *shape[axis:])
    m = Model(kind)
    x, flat = m.x(shape), m.tensor(kind, (int(np.prod(shape)),), *m.quantisation)
    m.op("RESHAPE", [x, m.numbers([-1])], [flat], "ReshapeOptions")
    m.op("RESHAPE", [flat, m.numbers(shape)], [m.y(shape)], "ReshapeOptions")
    if kind in ("INT8", "FLOAT32"):  # TFLM's other two know fewer types
        expanded = m.y(longer)
        m.op("EXPAND_DIMS", [x, m.numbers(axis)], [expanded], "ExpandDimsOptions")
        m.op("SQUEEZE", [expanded], [m.y(shape)], "SqueezeOptions", squeezeDims=[axis])
    assert same(m, seed).operators == []


def test_shapes_computed_from_constants_are_folded():
    m = Model("INT8")
    sizes = m.tensor("INT32", (2,))
    m.op("BROADCAST_ARGS", [m.numbers([3, 1]), m.numbers([1, 4])], [sizes])
    m.op("BROADCAST_TO", [m.x((3, 1)), sizes], [m.y((3, 4))], "BroadcastToOptions")
    assert [op.name for op in convert(m.build(), "x").operators] == ["COPY"]
