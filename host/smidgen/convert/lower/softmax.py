"""SOFTMAX, LOG_SOFTMAX."""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.convert.lower.types import require_factors, require_scales, require_types, require_zero_point
from smidgen.graph import Op, Tensor
from smidgen.reference.log_softmax import log_softmax_scaling
from smidgen.reference.softmax import exp_table, reciprocal_table, softmax_int16_scaling, softmax_scaling
from smidgen.reference.table import operand

# Types -> zero point and scale of the output, and by how much of it TFLM lets the scale be off.
OUTPUTS = {("INT8", "INT8"): (-128, 2.0**-8, 0.0), ("INT8", "INT16"): (-32768, 2.0**-16, 1e-3)}
OUTPUTS |= {("INT16", "INT16"): (0, 2.0**-15, 1e-3)}


@lowers("SOFTMAX")
def softmax(low: Lowering, op: Op) -> None:
    require_types(op, *OUTPUTS)
    require_scales(op)
    x, out, beta = operand(op), op.outputs[0], op.options["beta"]
    zero_point, scale, tolerance = OUTPUTS[x.type, out.type]
    require_zero_point(out, zero_point)
    if abs(float(out.s) - scale) > tolerance * scale:
        raise Refusal(f"needs an output scale of 1/{round(1 / scale)} for {out}")
    if x.type == "INT8":
        multiplier, shift, diff_min = _scaling(beta, x)
        low.emit("SOFTMAX", [low.value(x)], [low.output(op)], multiplier=multiplier, shift=shift, diff_min=diff_min)
        return
    require_zero_point(x, 0)
    multiplier, shift = softmax_int16_scaling(beta, float(x.s))
    require_factors((multiplier, shift))
    tables = constant("INT16", exp_table()), constant("INT16", reciprocal_table())
    low.emit("SOFTMAX_INT16", [low.value(x), *tables], [low.output(op)], multiplier=multiplier, shift=shift)


def _scaling(beta: float, x: Tensor) -> tuple[int, int, int]:
    """softmax_scaling, for input scales that TFLM takes."""
    if beta * float(x.s) * (1 << 26) < 1:
        raise Refusal(f"needs a scale of at least 2^-26 for {x}")
    return softmax_scaling(beta, float(x.s))


@lowers("LOG_SOFTMAX")
def log_softmax(low: Lowering, op: Op) -> None:
    require_types(op, ("INT8", "INT8"))
    require_scales(op)
    x, out = operand(op), op.outputs[0]
    require_zero_point(out, 127)
    if out.s != np.float32(1 / 16):
        raise Refusal(f"needs an output scale of 1/16 for {out}")
    multiplier, shift, diff_min = _scaling(1.0, x)
    reverse_multiplier, reverse_shift = log_softmax_scaling(float(x.s))[1]
    low.emit(
        "LOG_SOFTMAX",
        [low.value(x)],
        [low.output(op)],
        multiplier=multiplier,
        shift=shift,
        diff_min=diff_min,
        reverse_multiplier=reverse_multiplier,
        reverse_shift=reverse_shift,
    )
