"""Operators with a memory of their own: SVDF and LSTM. Their state tensors are changed in place."""

from __future__ import annotations

import numpy as np

from smidgen.graph import DTYPES, Op, Tensor
from smidgen.quantise import LIMITS, lstm_scalings, svdf_scalings
from smidgen.reference.arith import scale, scale_wide, wrap32
from smidgen.reference.sigmoid import logistic16, tanh16
from smidgen.reference.table import clamped, defines


def known(tensor: Tensor | None) -> Tensor:
    """A tensor that must be there. Raises ValueError when it is not."""
    if tensor is None:
        raise ValueError("lacks an operand")
    return tensor


@defines("SVDF")
def svdf(
    op: Op, x: np.ndarray, feature: np.ndarray, time: np.ndarray, bias: np.ndarray, state: np.ndarray
) -> list[np.ndarray]:
    """A filter over features, whose result joins a queue, then a filter over the queue; `rank` filters make an output.

    x [n, inputs], feature [filters, inputs], time [filters, memory], bias [units], state [n, filters * memory]; the
    fused activation is ignored, as TensorFlow Lite Micro does.
    """
    source, kept, out = known(op.inputs[0]), known(op.inputs[4]), op.outputs[0]
    first, second = svdf_scalings(op)
    filters, memory = time.shape
    queue = state.reshape(-1, filters, memory)
    queue[..., :-1] = queue[..., 1:].copy()
    sums = (x.astype(np.int64) - source.zp) @ feature.astype(np.int64).T
    queue[..., -1] = (kept.zp + np.clip(scale(wrap32(sums), *first), *LIMITS[kept.type])).astype(state.dtype)
    products = time.astype(np.int64) * (queue.astype(np.int64) - kept.zp)
    units = products.sum(axis=2).reshape(len(x), -1, op.options["rank"]).sum(axis=2) + bias
    return clamped(op, scale(wrap32(units), *second) + out.zp, -128, 127)


@defines("UNIDIRECTIONAL_SEQUENCE_LSTM")
def lstm(op: Op, x: np.ndarray, *operands: np.ndarray | None) -> list[np.ndarray]:
    """A long short-term memory; see TensorFlow Lite Micro's lstm_eval.h.

    x [n, steps, inputs], or [steps, n, inputs] when time_major; operands 1 to 4: weights [cells, inputs] of the gates
    input, forget, cell, output; 5 to 8: the same [cells, cells] of the hidden state; 12 to 15: biases; 18: hidden state
    [n, cells] of x's type; 19: cell state [n, cells] INT16.
    """
    values = [x, *operands]
    hidden, cell = (np.asarray(values[i]).reshape(-1, op.outputs[0].shape[2]) for i in (18, 19))
    steps = x if op.options["time_major"] else x.swapaxes(0, 1)
    results = []
    for now in steps.astype(np.int64):
        _lstm_step(op, now, values, hidden, cell)
        results.append(hidden.copy())
    axis = 0 if op.options["time_major"] else 1
    return [np.stack(results, axis=axis).astype(DTYPES[op.outputs[0].type])]


def _lstm_step(op: Op, x: np.ndarray, values: list, hidden: np.ndarray, cell: np.ndarray) -> None:
    """One step of all sequences: x int64 [n, inputs]; `hidden` and `cell` change."""
    s = lstm_scalings(op)
    kept = known(op.inputs[18])
    before = hidden.astype(np.int64) - kept.zp
    requantised = scale_wide if kept.type == "INT16" else lambda sums, m, shift: scale(wrap32(sums), m, shift)

    def gate(i: int) -> np.ndarray:
        """The weighted sum of gate i, in Q3.12."""
        from_input = (x - known(op.inputs[0]).zp) @ weights(1 + i).T + values[12 + i]
        from_hidden = before @ weights(5 + i).T
        parts = [requantised(from_input, *s.gates[i]), requantised(from_hidden, *s.gates[4 + i])]
        return _int16(_int16(parts[0]) + _int16(parts[1]))

    def weights(i: int) -> np.ndarray:
        return values[i].astype(np.int64) - known(op.inputs[i]).zp

    input_gate, forget_gate, output_gate = (logistic16(3 * gate(i)) for i in (0, 1, 3))
    remembered = _int16(scale(forget_gate * cell.astype(np.int64), *s.forget))
    added = _int16(scale(input_gate * tanh16(3 * gate(2)), *s.input))
    updated = np.clip(_int16(remembered + added), -s.cell_clip, s.cell_clip)
    cell[...] = updated
    shown = tanh16(_scaled_by_3(updated, s.tanh_shift)) * output_gate
    hidden[...] = np.clip(scale(shown, *s.hidden) + kept.zp, *LIMITS[kept.type])


def _scaled_by_3(x: np.ndarray, shift: int) -> np.ndarray:
    """3 x * 2^shift, rounded half up."""
    return (3 * x) << shift if shift >= 0 else (3 * x + (1 << (-shift - 1))) >> -shift


def _int16(x: np.ndarray) -> np.ndarray:
    return np.clip(x, *LIMITS["INT16"])
