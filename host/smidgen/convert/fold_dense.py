"""Convolutions that are dense layers: one window that is the whole picture, or a 1x1 filter at few positions.

Both kinds read each picture, or each position, once and in order, as FULLY_CONNECTED reads its rows, and requantise
alike. A kernel for convolutions is made to share weights among positions; where there are few, one for dense layers
costs less.
"""

from __future__ import annotations

from dataclasses import replace

from smidgen.convert.pack.quads import LONGEST
from smidgen.convert.program import Instruction, Program

FEW = 6  # positions; with more, filters that up to twelve of them share cost less on ARMv6-M


def fold_dense(program: Program) -> None:
    """Make FULLY_CONNECTED of every CONV_2D that is one and that no fast kernel finds too long."""
    for conv in program.instructions:
        if conv.name != "CONV_2D" or not (_is_whole(conv) or _is_position(conv)):
            continue
        weights = conv.inputs[1]
        rows = (weights.shape[0], weights.elements // weights.shape[0])
        if rows[1] <= LONGEST:
            conv.name = "FULLY_CONNECTED"
            conv.inputs = [conv.inputs[0], replace(weights, shape=rows, zero_point=0)]
            conv.params = {name: conv.params[name] for name in ("act_min", "act_max")}


def _is_whole(conv: Instruction) -> bool:
    """One window, which covers the picture from corner to corner."""
    x, weights, out = (value.shape for value in (*conv.inputs, *conv.outputs))
    return weights[1:] == x[1:] and out[1:3] == (1, 1) and not conv.params["pad_top"] and not conv.params["pad_left"]


def _is_position(conv: Instruction) -> bool:
    """A filter that sees one position, at each of a few."""
    x, weights, out = (value.shape for value in (*conv.inputs, *conv.outputs))
    return weights[1:] == (1, 1, x[3]) and out[1:3] == x[1:3] and out[1] * out[2] <= FEW
