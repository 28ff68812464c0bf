"""An input or output of a model, as a program sees it."""

import struct
from math import floor

from ._format import TYPE_NAMES
from .blob import elements, tensor_bytes
from .errors import error

_STRUCT_CODES = {"int8": "b", "uint8": "B", "int16": "h", "int32": "i", "int64": "q", "float32": "f", "bool": "B"}
_LIMITS = {"int8": (-128, 127), "uint8": (0, 255), "int16": (-32768, 32767), "int32": (-(2**31), 2**31 - 1)}
_SEQUENCES = (list, tuple)  # made once: nothing in `fill` may allocate when it is given a buffer


class _Whole:
    def __getitem__(self, index):
        return index


# `view[ALL] = other` copies like `view[:] = other`, but does not build a new slice object on the heap each time.
ALL = _Whole()[:]


class Tensor:
    """shape: sizes along the axes, size: their product. dtype: "int8", "uint8", ... scale, zero_point: real =
    scale * (value - zero_point). data: the memoryview of its bytes. Inputs and outputs share memory with what the model
    computes: write inputs anew before each inference, read outputs before the next."""

    def __init__(self, record, data):
        self.shape = record[7 : 7 + record[2]]
        self.dtype = TYPE_NAMES[record[0]]
        self.zero_point, self.scale = record[5], record[6]
        self.data = data
        self.size = elements(record)
        self._format = "<%d%s" % (self.size, _STRUCT_CODES.get(self.dtype, "B"))

    def fill(self, values):
        """Write the whole tensor.

        values: a buffer with the tensor's own bytes (for int8 a bytearray or an array("b")), which is copied without
        allocating; or a list or tuple of real numbers, which are quantised. Raises InputError when it does not fit.
        """
        try:
            if isinstance(values, _SEQUENCES):
                values = self._quantised(values)
            try:
                self.data[ALL] = values
            except ValueError:  # other length, or elements of more than a byte
                self.data[ALL] = bytes(memoryview(values))
        except (TypeError, ValueError, NotImplementedError, OverflowError):
            raise self._misfit()

    def values(self):
        """The elements as they are stored, a tuple of numbers."""
        return struct.unpack_from(self._format, self.data)

    def real(self, value):
        """The real number that a stored value stands for."""
        return self.scale * (value - self.zero_point) if self.scale else value

    def _quantised(self, values):
        if len(values) != self.size:
            raise ValueError
        if self.dtype in _LIMITS:
            low, high = _LIMITS[self.dtype]
            scale = self.scale or 1
            values = [min(max(floor(v / scale + 0.5) + self.zero_point, low), high) for v in values]
        return struct.pack(self._format, *values)

    def _misfit(self):
        return error("InputError", "input", "takes %d values of %s: %d bytes" % (self.size, self.dtype, len(self.data)))


def tensor_at(record, places):
    """The Tensor of a record; places: the bytes of arena, data and state, by the format's numbers."""
    place = memoryview(places[record[1]])
    return Tensor(record, place[record[4] : record[4] + tensor_bytes(record)])
