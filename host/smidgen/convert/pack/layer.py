"""What a layout packs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from smidgen import _format as fmt
from smidgen.blob import Blob, OperatorRecord, TensorRecord
from smidgen.convert.pack.data import Pieces
from smidgen.convert.program import Channels

INT32 = fmt.TYPES["INT32"]
LARGEST_SUM = 1 << 29  # what the fast requantisation can take


@dataclass
class Layer:
    """An operator from INT8 to INT8 with constant INT8 weights that are its own.

    values: int8, of the weights' shape. channels: one bias, multiplier and shift for each output channel.
    """

    op: OperatorRecord
    x: TensorRecord
    weights: TensorRecord
    out: TensorRecord
    values: np.ndarray
    channels: Channels

    @classmethod
    def of(cls, blob: Blob, op: OperatorRecord, pieces: Pieces) -> Layer | None:
        """None for an operator that is no such layer."""
        if "channels" not in op.params or op.params["bias_type"] != INT32 or len(op.inputs) != 2:
            return None
        x, weights, out = (blob.tensors[i] for i in (*op.inputs, op.outputs[0]))
        users = sum(other.inputs.count(op.inputs[1]) for other in blob.operators)
        own = users == 1 and weights.place == "DATA" and pieces.stands_alone(weights.offset, weights.nbytes)
        if not own or {x.type, weights.type, out.type} != {"INT8"}:
            return None
        values = np.frombuffer(blob.data, np.int8, weights.elements, weights.offset).reshape(weights.dims)
        out_c = weights.dims[-1] if op.name == "DEPTHWISE_CONV_2D" else weights.dims[0]
        return cls(op, x, weights, out, values, _channels(blob.data, op, out_c))

    @property
    def filters(self) -> np.ndarray:
        """int32 [out_c, taps]."""
        last = self.op.name == "DEPTHWISE_CONV_2D"
        rows = np.moveaxis(self.values, -1, 0) if last else self.values
        return rows.reshape(rows.shape[0], -1).astype(np.int32)

    def is_whole(self, operator: str) -> bool:
        """Is it this convolution, without groups or a multiplier of channels?"""
        return self.op.name == operator and self.weights.dims[3] == self.x.dims[3]

    @property
    def scales_down(self) -> bool:
        """Can the fast requantisation do it? It takes factors below 1/2 and sums below 2^29."""
        largest = np.abs(self.filters).sum(axis=1) * 255 + np.abs(self.channels.bias.astype(np.int64))
        return bool((self.channels.shift < 0).all() and largest.max() < LARGEST_SUM)


def _channels(data: bytes, op: OperatorRecord, out_c: int) -> Channels:
    at, scales = op.params["channels"], op.params["scales"]
    bias = np.frombuffer(data, "<i4", out_c, at)
    multiplier = np.frombuffer(data, "<i4", scales, at + 4 * out_c)
    shift = np.frombuffer(data, np.int8, scales, at + 4 * out_c + 4 * scales)
    return Channels(bias, *(np.broadcast_to(values, out_c) for values in (multiplier, shift)))


class Layout(Protocol):
    """One way to pack weights. grows: does it take more bytes than PLAIN?"""

    name: str
    grows: bool

    def fits(self, layer: Layer) -> bool:
        """Can the layer's weights be packed so?"""

    def pack(self, layer: Layer) -> bytes:
        """The packed weights, to lie at a multiple of 8."""

    def unpack(self, content: bytes, dims: tuple[int, ...]) -> np.ndarray:
        """The weights of shape `dims` that begin where `content` does, which may be longer; int8."""

    def scratch_words(self, layer: Layer) -> int:
        """32-bit words of arena that its kernel works in."""
