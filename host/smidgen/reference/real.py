"""Functions that TFLM has in float32 only.

The engine has none of them: between DEQUANTIZE and QUANTIZE of 8-bit values the converter makes a table of them
(convert/lower/island.py). Where the last bit is the C library's, so it is in TFLM.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from smidgen.features import libm
from smidgen.graph import Op
from smidgen.reference.table import defines


def _library(function: Callable[[np.float32], np.float32]) -> Callable[[np.ndarray], np.ndarray]:
    return np.vectorize(function, otypes=[np.float32])


REAL: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "CEIL": np.ceil,
    "COS": _library(libm.cosf),
    "EXP": _library(libm.expf),
    "FLOOR": np.floor,
    "LOG": _library(libm.logf),
    "NEG": np.negative,
    "ROUND": np.rint,
    "SIN": _library(libm.sinf),
    "SQRT": np.sqrt,
    "SQUARE": np.square,
}


@defines(*REAL)
def real(op: Op, x: np.ndarray) -> list[np.ndarray]:
    """The function of its name; ROUND gives halves to the even neighbour."""
    if x.dtype != np.float32:
        raise TypeError(f"{op} is defined for FLOAT32 only")
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        return [REAL[op.name](x)]
