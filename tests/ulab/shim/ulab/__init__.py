"""ulab as far as Smidgen uses it, over this machine's NumPy: no function, dtype, axis or conversion that ulab lacks.

Stricter than ulab where ulab surprises: arithmetic on integer arrays wraps there, so here it is refused.
"""

__version__ = "shim-4D"
