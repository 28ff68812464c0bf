"""ulab.numpy. What is not here, ulab lacks or Smidgen does not use; asking for it is an AttributeError."""

from __future__ import annotations

import numpy as _np

MAX_DIMS = 4
int8, uint8, int16, uint16 = _np.int8, _np.uint8, _np.int16, _np.uint16
float = _np.float32
_DTYPES = (int8, uint8, int16, uint16, float)


class ndarray:
    """An array of ulab: four axes, five dtypes, arithmetic in float32."""

    def __init__(self, values: _np.ndarray):
        assert 1 <= values.ndim <= MAX_DIMS, f"ulab has {MAX_DIMS} axes"
        assert values.dtype in _DTYPES, f"ulab has no {values.dtype}"
        self._values = values

    @property
    def shape(self):
        return self._values.shape

    @property
    def size(self):
        return self._values.size

    def __len__(self):
        return len(self._values)

    def reshape(self, shape):
        assert isinstance(shape, tuple) and -1 not in shape
        return ndarray(self._values.reshape(shape))

    def transpose(self):
        return ndarray(self._values.transpose())

    def __getitem__(self, index):
        found = self._values[_index(index)]
        return ndarray(found) if isinstance(found, _np.ndarray) else found.item()

    def __setitem__(self, index, value):
        value = value._values if isinstance(value, ndarray) else value
        assert not isinstance(value, _np.ndarray) or value.dtype == self._values.dtype, "convert first"
        self._values[_index(index)] = value

    def _with(self, other, operation):
        assert self._values.dtype == float, "ulab's integer arrays wrap; convert to float first"
        if isinstance(other, ndarray):
            assert other._values.dtype == float, "ulab's integer arrays wrap; convert to float first"
            return ndarray(operation(self._values, other._values))
        return ndarray(operation(self._values, float(other)))

    def __add__(self, other):
        return self._with(other, _np.add)

    def __sub__(self, other):
        return self._with(other, _np.subtract)

    def __mul__(self, other):
        return self._with(other, _np.multiply)

    def __truediv__(self, other):
        return self._with(other, _np.divide)

    __radd__, __rmul__ = __add__, __mul__


def _index(index):
    """Whole numbers and slices only, as ulab takes them."""
    for part in index if isinstance(index, tuple) else (index,):
        assert isinstance(part, int | slice), "ulab indexes with numbers and slices"
    return index


def array(values, *, dtype=float):
    if not isinstance(values, ndarray):
        return ndarray(_np.array(values, dtype))
    if dtype != float and values._values.dtype == float:  # ulab rounds half away from zero, then wraps
        whole = around(values)._values.astype(_np.int64)
        return ndarray(whole.astype(dtype))
    return ndarray(values._values.astype(dtype))


def frombuffer(buffer, *, dtype=float, count=-1, offset=0):
    return ndarray(_np.frombuffer(buffer, dtype, count, offset))


def zeros(shape, *, dtype=float):
    return ndarray(_np.zeros(shape, dtype))


def ones(shape, *, dtype=float):
    return ndarray(_np.ones(shape, dtype))


def dot(a, b):
    assert a._values.ndim == b._values.ndim == 2
    return ndarray(a._values.astype(float) @ b._values.astype(float))


def clip(values, low, high):
    return ndarray(_np.clip(values._values, float(low), float(high)))


def around(values):
    size = _np.abs(values._values)
    whole = _np.floor(size)
    return ndarray(_np.copysign(whole + (size - whole >= float(0.5)), values._values).astype(float))


def exp(values):
    return ndarray(_np.exp(values._values))


def _reduced(values, axis, reduce):
    found = reduce(values._values, axis=axis)
    return ndarray(found) if isinstance(found, _np.ndarray) else found.item()


def max(values, *, axis=None):
    return _reduced(values, axis, _np.max)


def sum(values, *, axis=None):
    return _reduced(values, axis, _np.sum)
