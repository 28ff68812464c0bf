"""Operators from one 8-bit value to one 8-bit value: a table of 256 results, computed by the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smidgen import reference
from smidgen.convert.lower.driver import Lowering, Refusal, constant, lowers
from smidgen.graph import DTYPES, Op


@lowers("RELU", "RELU6")
def unary(low: Lowering, op: Op) -> None:
    x, out = op.inputs[0], op.outputs[0]
    if x is None or x.type not in ("INT8", "UINT8") or out.type not in ("INT8", "UINT8"):
        raise Refusal(f"needs 8-bit integers, not {x}")
    domain: np.ndarray = np.arange(256, dtype=np.uint8).view(DTYPES[x.type])  # by bit pattern: what the engine indexes with
    probe = replace(op, inputs=[replace(x, shape=(256,)), *op.inputs[1:]], outputs=[replace(out, shape=(256,))])
    values: list[np.ndarray | None] = [domain, *(None if t is None else t.data for t in op.inputs[1:])]
    table = reference.evaluate(probe, values)[0]
    low.emit("LOOKUP", [low.value(x), constant(out.type, table)], [low.output(op)])
