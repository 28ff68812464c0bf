"""TFLite operators -> engine operators, exactly. One module a family; `lowers` enters a function in the table.

A lowering gets the `Lowering` under way and the operator. It emits instructions or defines outputs as views; what it
cannot express it refuses with `Refusal`, and the driver collects all refusals of a model before it gives up.
"""

from __future__ import annotations

from smidgen.convert.lower import (  # noqa: F401  they enter lowerings
    binary,
    conv,
    conversion,
    gather,
    island,
    moves,
    pool,
    recurrent,
    reduce,
    resize,
    softmax,
    unary,
    variables,
    views,
)
from smidgen.convert.lower.driver import lower

__all__ = ["lower"]
