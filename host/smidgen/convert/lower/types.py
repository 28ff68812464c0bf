"""Refusals for types that the engine does not compute with."""

from __future__ import annotations

from smidgen.convert.lower.driver import Refusal
from smidgen.graph import Op, Tensor

QUANTISED = ("INT8", "UINT8", "INT16")


def require_types(op: Op, *allowed: tuple[str, ...]) -> None:
    """Refuse an operator unless the types of its inputs and its first output are one of `allowed`."""
    types = tuple(t.type for t in (*op.inputs, op.outputs[0]) if t is not None)
    if types in allowed:
        return
    if "FLOAT32" in types:
        raise Refusal("computes in float32; quantise the model to int8 (full integer quantisation) and convert again")
    known = ", ".join(f"{' and '.join(t[:-1])} to {t[-1]}" for t in allowed)
    raise Refusal(f"goes from {' and '.join(types[:-1])} to {types[-1]}; the engine has {known}")


def require_scales(op: Op) -> None:
    """Refuse an operator on quantised values that do not say how they are quantised, or say it per channel."""
    for tensor in (*op.inputs, op.outputs[0]):
        if tensor is not None and tensor.type in QUANTISED and (tensor.scale.size != 1 or not tensor.s > 0):
            raise Refusal(f"lacks a scale for {tensor}; quantise the model to int8 and convert again")


def require_factors(*factors: tuple[int, int]) -> None:
    """Refuse (multiplier, shift) pairs that shift further than the engine does."""
    if any(shift > 30 for _, shift in factors):
        raise Refusal("scales its values up so far that they overflow; the scale of its output is too small")


def require_zero_point(tensor: Tensor, zero_point: int) -> None:
    """Refuse a tensor whose zero point is another."""
    if tensor.zp != zero_point:
        raise Refusal(f"needs zero point {zero_point} for {tensor}, not {tensor.zp}")
