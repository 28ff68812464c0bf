"""Islands of float32: functions between DEQUANTIZE and QUANTIZE of 8-bit values. A whole chain of them is one table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from smidgen import reference
from smidgen.convert.lower.driver import Lowering, Refusal, computed, constant, lowers
from smidgen.graph import DTYPES, Graph, Op, Tensor
from smidgen.reference.real import REAL
from smidgen.reference.table import operand

ONE_BYTE = ("INT8", "UINT8")


def emit_island(low: Lowering, op: Op) -> bool:
    """The LOOKUP for a QUANTIZE that ends an island; False when it does not end one."""
    chain = _chain_to(low.graph, operand(op))
    if not chain or op.outputs[0].type not in ONE_BYTE:
        return False
    source = operand(chain[0])
    values: np.ndarray = np.arange(256, dtype=np.uint8).view(DTYPES[source.type])
    for step in (*chain, op):
        x, out = operand(step), step.outputs[0]
        probe = replace(step, inputs=[replace(x, shape=(256,))], outputs=[replace(out, shape=(256,))])
        values = reference.evaluate(probe, [values])[0]
    low.emit("LOOKUP", [low.value(source), constant(op.outputs[0].type, values)], [low.output(op)])
    return True


@lowers(*REAL)
def real(low: Lowering, op: Op) -> None:
    """Nothing to emit inside an island; there is no function of this name anywhere else."""
    if operand(op).type != "FLOAT32":
        raise Refusal("is not supported by the engine; TensorFlow Lite Micro has it in float32 only")
    if not _chain_to(low.graph, op.outputs[0]) or not _all_end_in_quantize(low.graph, op.outputs[0]):
        raise Refusal(
            "computes in float32, which the engine has only between DEQUANTIZE and QUANTIZE of 8-bit values; "
            "quantise the model to int8 (full integer quantisation) and convert again"
        )
    low.define(op.outputs[0], computed(op.outputs[0]))


def _chain_to(graph: Graph, tensor: Tensor) -> list[Op]:
    """The operators that make a float32 tensor of an 8-bit one, from DEQUANTIZE on; none when others take part."""
    chain: list[Op] = []
    producers = {out.index: op for op in graph.ops for out in op.outputs}
    while len(chain) <= len(graph.ops) and (op := producers.get(tensor.index)) is not None:
        chain.insert(0, op)
        tensor = operand(op)
        if op.name == "DEQUANTIZE":
            return chain if tensor.type in ONE_BYTE and tensor.data is None else []
        if op.name not in REAL:
            break
    return []


def _all_end_in_quantize(graph: Graph, tensor: Tensor) -> bool:
    """Is the tensor read, and by nothing but islands and the QUANTIZE that ends each?"""
    readers = [op for op in graph.ops if any(t is not None and t.index == tensor.index for t in op.inputs)]
    if not readers or any(t.index == tensor.index for t in graph.outputs):
        return False
    return all(
        op.outputs[0].type in ONE_BYTE
        if op.name == "QUANTIZE"
        else op.name in REAL and _all_end_in_quantize(graph, op.outputs[0])
        for op in readers
    )
