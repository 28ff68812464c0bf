"""A model in the engine's own operators, before memory is planned: what `lower` makes and `plan` and `emit` consume."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from smidgen import _format as fmt


@dataclass(eq=False)
class Value:
    """A tensor of the program. Compared by identity.

    A constant has `data`, a state value has `initial` (its contents after a reset), a view has `base` and lies `offset`
    bytes into it. Anything else is computed and lives in the arena.
    """

    type: str
    shape: tuple[int, ...]
    zero_point: int = 0
    scale: float = 0.0
    name: str = ""
    data: np.ndarray | None = None
    initial: np.ndarray | None = None
    base: Value | None = None
    offset: int = 0
    layout: str = "PLAIN"

    @property
    def elements(self) -> int:
        return int(np.prod(self.shape, dtype=np.int64))

    @property
    def nbytes(self) -> int:
        return (self.elements + 1) // 2 if self.type == "INT4" else self.elements * fmt.TYPE_BYTES[self.type]

    @property
    def root(self) -> Value:
        """The value whose memory this one lies in."""
        value = self
        while value.base is not None:  # chains grow as long as the model is deep
            value = value.base
        return value

    @property
    def root_offset(self) -> int:
        """Bytes from the root's start."""
        value, offset = self, 0
        while value.base is not None:
            value, offset = value.base, offset + value.offset
        return offset

    @property
    def is_constant(self) -> bool:
        return self.root.data is not None


@dataclass(eq=False)
class Channels:
    """The channel block: bias int32 or int64 [out_c], multiplier int32 [scales], shift int8 [scales]."""

    bias: np.ndarray
    multiplier: np.ndarray
    shift: np.ndarray

    def to_bytes(self) -> bytes:
        return b"".join(
            array.astype(array.dtype.newbyteorder("<")).tobytes() for array in (self.bias, self.multiplier, self.shift)
        )


@dataclass(eq=False)
class Instruction:
    """One engine operator. `origin` says which TFLite operator it comes from, for `inspect` and for errors."""

    name: str
    inputs: list[Value]
    outputs: list[Value]
    params: dict[str, int] = field(default_factory=dict)
    trailer: bytes = b""
    channels: Channels | None = None
    origin: str = ""
    macs: int = 0


@dataclass(eq=False)
class Program:
    """A whole model. Instructions run in order."""

    inputs: list[Value]
    outputs: list[Value]
    instructions: list[Instruction]
