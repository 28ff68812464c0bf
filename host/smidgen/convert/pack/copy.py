"""A copy of a model whose records may be changed."""

from __future__ import annotations

from dataclasses import replace

from smidgen.blob import Blob


def copy_of(blob: Blob) -> Blob:
    """Records are new, bytes are shared."""
    operators = [replace(op, inputs=[*op.inputs], outputs=[*op.outputs], params={**op.params}) for op in blob.operators]
    return replace(blob, tensors=[replace(t) for t in blob.tensors], operators=operators, sections={**blob.sections})
