"""Convolutions and dense layers: sums of products, requantised per channel."""

from __future__ import annotations

import numpy as np

from smidgen.graph import Op, Tensor
from smidgen.quantise import (
    activation_range,
    conv_scales,
    fully_connected_scales,
    padding_before,
    quantise_multipliers,
    sums_are_wide,
    window_out,
)
from smidgen.reference.arith import scale, scale_wide, wrap32
from smidgen.reference.table import clamped, defines

MAX_SEEN = 1 << 28


def requantise(op: Op, sums: np.ndarray, bias: np.ndarray | None, scales: np.ndarray) -> list[np.ndarray]:
    """Accumulators [..., out_c] to outputs; `scales` float64 [1 or out_c]."""
    out = op.outputs[0]
    if bias is not None:
        sums = sums + bias
    multiplier, shift = quantise_multipliers(scales)
    low, high = activation_range(op.options["fused_activation_function"], out)
    wide = sums_are_wide(op, None if bias is None else op.inputs[-1])
    scaled = scale_wide(sums, multiplier, shift) if wide else scale(wrap32(sums), multiplier, shift)
    return clamped(op, wrap32(scaled + out.zp), low, high)


def patches(op: Op, x: np.ndarray, kernel: tuple[int, int], zero_point: int) -> np.ndarray:
    """What the window sees less the zero point, int64 [n, oh, ow, kh, kw, c]; padding is 0.

    Raises ValueError when that is too much for a computer's memory.
    """
    o = op.options
    oh, ow = op.outputs[0].shape[1:3]
    if x.shape[0] * oh * ow * kernel[0] * kernel[1] * x.shape[3] > MAX_SEEN:
        raise ValueError(f"{op} looks at more than {MAX_SEEN} values")
    dy, dx = o.get("dilation_hfactor", 1), o.get("dilation_wfactor", 1)
    top = padding_before(o["padding"], x.shape[1], oh, kernel[0], o["stride_h"], dy)
    left = padding_before(o["padding"], x.shape[2], ow, kernel[1], o["stride_w"], dx)
    rows = np.arange(oh)[:, None] * o["stride_h"] - top + np.arange(kernel[0]) * dy
    columns = np.arange(ow)[:, None] * o["stride_w"] - left + np.arange(kernel[1]) * dx
    inside_y, inside_x = (rows >= 0) & (rows < x.shape[1]), (columns >= 0) & (columns < x.shape[2])
    inside = inside_y[:, None, :, None] & inside_x[None, :, None, :]
    rows, columns = rows.clip(0, x.shape[1] - 1), columns.clip(0, x.shape[2] - 1)
    taken = x.astype(np.int64)[:, rows[:, None, :, None], columns[None, :, None, :]]
    return np.where(inside[None, ..., None], taken - zero_point, 0)


@defines("CONV_2D")
def conv_2d(op: Op, x: np.ndarray, weights: np.ndarray, bias: np.ndarray | None = None) -> list[np.ndarray]:
    """out[n, y, x, o] = sum over the window and the group's channels of (in - zero point) * weights[o]."""
    source, filters = _tensors(op)
    out_c, kh, kw, group_c = weights.shape
    groups = x.shape[3] // group_c
    seen = patches(op, x, (kh, kw), source.zp)
    seen = seen.reshape(*seen.shape[:5], groups, group_c)
    grouped = weights.astype(np.int64).reshape(groups, out_c // groups, kh, kw, group_c)
    sums = np.einsum("nyxhwgc,gohwc->nyxgo", seen, grouped, optimize=True)
    return requantise(op, sums.reshape(*sums.shape[:3], out_c), bias, conv_scales(source, filters, op.outputs[0]))


@defines("DEPTHWISE_CONV_2D")
def depthwise_conv_2d(op: Op, x: np.ndarray, weights: np.ndarray, bias: np.ndarray | None = None) -> list[np.ndarray]:
    """out[n, y, x, c * m + k] = sum over the window of (in[c] - zero point) * weights[c * m + k]; m = out_c / c."""
    source, filters = _tensors(op)
    _, kh, kw, out_c = weights.shape
    seen = np.repeat(patches(op, x, (kh, kw), source.zp), out_c // x.shape[3], axis=5)
    sums = np.einsum("nyxhwc,hwc->nyxc", seen, weights[0].astype(np.int64), optimize=True)
    return requantise(op, sums, bias, conv_scales(source, filters, op.outputs[0]))


@defines("TRANSPOSE_CONV")
def transpose_conv(
    op: Op, shape: np.ndarray, weights: np.ndarray, x: np.ndarray, bias: np.ndarray | None = None
) -> list[np.ndarray]:
    """out[n, y * stride - pad + k] += (in[n, y] - zero point) * weights[k], in both directions."""
    o, out = op.options, op.outputs[0]
    source, filters = op.inputs[2], op.inputs[1]
    if source is None or filters is None:
        raise ValueError(f"{op} lacks its input or its weights")
    steps = o["stride_h"], o["stride_w"]
    pads = [
        padding_before(o["padding"], size, window_out(o["padding"], size, k, step), k, step)
        for size, k, step in zip(out.shape[1:3], weights.shape[1:3], steps, strict=True)
    ]
    sums = np.zeros(out.shape, np.int64)
    for ky, kx in np.ndindex(weights.shape[1:3]):
        rows = np.arange(x.shape[1]) * steps[0] - pads[0] + ky
        columns = np.arange(x.shape[2]) * steps[1] - pads[1] + kx
        inside_y, inside_x = (rows >= 0) & (rows < out.shape[1]), (columns >= 0) & (columns < out.shape[2])
        seen = x.astype(np.int64)[:, inside_y][:, :, inside_x] - source.zp
        sums[:, rows[inside_y][:, None], columns[inside_x]] += seen @ weights[:, ky, kx].astype(np.int64).T
    return requantise(op, sums, bias, conv_scales(source, filters, out))


@defines("FULLY_CONNECTED")
def fully_connected(op: Op, x: np.ndarray, weights: np.ndarray, bias: np.ndarray | None = None) -> list[np.ndarray]:
    """out[r, o] = sum of (in[r] - zero point) * (weights[o] - zero point)."""
    source, filters = _tensors(op)
    rows = x.astype(np.int64).reshape(-1, weights.shape[1]) - source.zp
    weight_zero_point = filters.zp if filters.scale.size == 1 else 0
    sums = rows @ (weights.astype(np.int64) - weight_zero_point).T
    return requantise(op, sums, bias, fully_connected_scales(source, filters, op.outputs[0]))


def _tensors(op: Op) -> tuple[Tensor, Tensor]:
    source, filters = op.inputs[0], op.inputs[1]
    if source is None or filters is None:
        raise ValueError(f"{op} lacks its input or its weights")
    return source, filters
