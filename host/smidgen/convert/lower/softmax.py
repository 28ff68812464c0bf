"""SOFTMAX."""

from __future__ import annotations

import numpy as np

from smidgen.convert.lower.driver import Lowering, Refusal, lowers
from smidgen.graph import Op
from smidgen.reference.softmax import softmax_scaling


@lowers("SOFTMAX")
def softmax(low: Lowering, op: Op) -> None:
    x, out = op.inputs[0], op.outputs[0]
    if x is None or x.type != "INT8" or out.type != "INT8":
        raise Refusal(f"needs an INT8 input and output, not {x}")
    if out.zp != -128 or out.s != np.float32(1 / 256):
        raise Refusal("needs an output scale of 1/256 and zero point -128")
    multiplier, shift, diff_min = softmax_scaling(op.options["beta"], float(x.s))
    low.emit("SOFTMAX", [low.value(x)], [low.output(op)], multiplier=multiplier, shift=shift, diff_min=diff_min)
