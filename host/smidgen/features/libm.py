"""Single-precision functions of this machine's C library.

The reference front end calculates its tables with them, and C libraries round their last bit differently: glibc changed
log1pf in 2.41. Only the same functions give the same tables.
"""

from __future__ import annotations

import ctypes
import functools
import sys
from collections.abc import Callable

import numpy as np

Real = np.floating


@functools.cache
def _function(name: str, arity: int) -> Callable[..., float]:
    function = getattr(ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None), name)
    function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float] * arity
    return function


def cosf(x: Real) -> np.float32:
    """cos(x), x in radians."""
    return np.float32(_function("cosf", 1)(x))


def expf(x: Real) -> np.float32:
    """e to the power of x."""
    return np.float32(_function("expf", 1)(x))


def log1pf(x: Real) -> np.float32:
    """ln(1 + x)."""
    return np.float32(_function("log1pf", 1)(x))


def logf(x: Real) -> np.float32:
    """ln(x)."""
    return np.float32(_function("logf", 1)(x))


def powf(x: Real, y: Real) -> np.float32:
    """x to the power of y."""
    return np.float32(_function("powf", 2)(x, y))


def sinf(x: Real) -> np.float32:
    """sin(x), x in radians."""
    return np.float32(_function("sinf", 1)(x))
