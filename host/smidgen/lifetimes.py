"""Which bytes of a planned model's arena are in use when."""

from __future__ import annotations

from dataclasses import dataclass

from smidgen.blob import Blob


@dataclass(frozen=True)
class Life:
    """A piece of arena that holds one tensor, from operator `first` to operator `last`. offset, size: bytes.

    first is -1 for an input, last is the number of operators for an output.
    """

    name: str
    offset: int
    size: int
    first: int
    last: int


def lifetimes(blob: Blob) -> list[Life]:
    """Which bytes of the arena hold which tensor, from the operator that writes them to the last one that reads them.

    A view that is only read counts towards whatever was written to its bytes last.
    """
    inputs = range(blob.input_count)
    births = {i: [-1, -1] for i in inputs if blob.tensors[i].place == "ARENA"}
    for step, op in enumerate(blob.operators):
        for operand in op.inputs:
            _read(operand, step, births, blob)
        for result in op.outputs:
            if blob.tensors[result].place == "ARENA":
                births.setdefault(result, [step, step])[1] = step
    for i in range(blob.input_count, blob.input_count + blob.output_count):
        _read(i, len(blob.operators), births, blob)
    return [_life(i, blob, first, last) for i, (first, last) in births.items()]


def _read(operand: int, step: int, births: dict[int, list[int]], blob: Blob) -> None:
    wanted = blob.tensors[operand]
    if wanted.place != "ARENA":
        return
    missing = [(wanted.offset, wanted.offset + wanted.nbytes)]
    for index, life in reversed(births.items()):
        start = blob.tensors[index].offset
        end = start + blob.tensors[index].nbytes
        if any(low < end and start < high for low, high in missing):
            life[1] = max(life[1], step)
            missing = [piece for low, high in missing for piece in ((low, min(high, start)), (max(low, end), high))]
            missing = [(low, high) for low, high in missing if low < high]


def _life(index: int, blob: Blob, first: int, last: int) -> Life:
    tensor = blob.tensors[index]
    return Life("x".join(map(str, tensor.dims)), tensor.offset, tensor.nbytes, first, last)
