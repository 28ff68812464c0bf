"""The oracle: every operator as integers in NumPy, readable as its definition.

    outputs = Reference(graph).invoke([x])

It follows TensorFlow Lite Micro's reference kernels to the bit and imports neither TensorFlow nor the engine. One
module defines a family of operators; `defines` enters a function in the table. A definition takes the operator and its
inputs' values (None for an absent one) and returns its outputs' values, each in its tensor's dtype and shape.
"""

from __future__ import annotations

from smidgen.reference.run import DEFINITIONS, Reference, evaluate, initial_contents

__all__ = ["DEFINITIONS", "Reference", "evaluate", "initial_contents"]
