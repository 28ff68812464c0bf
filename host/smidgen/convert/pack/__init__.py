"""A model repacked for one chip: each weight tensor in the layout that this chip's fastest kernel for it reads.

    packed = pack(convert(content, "model.tflite"), "ARMV6M")
    unpack(packed).to_bytes() == convert(content, "model.tflite").to_bytes()

Packing is exact and invertible: it moves bytes of DATA and adds scratch memory, nothing else changes.
"""

from __future__ import annotations

from smidgen.blob import Blob
from smidgen.convert.pack.copy import copy_of
from smidgen.convert.pack.data import Pieces
from smidgen.convert.pack.filters import FILTERS
from smidgen.convert.pack.lanes import LANES
from smidgen.convert.pack.layer import Layer, Layout
from smidgen.convert.pack.quads import QUADS
from smidgen.convert.pack.scratch import add_scratch, drop_scratch
from smidgen.convert.pack.taps import TAPS

__all__ = ["TARGETS", "pack", "unpack"]

# For each chip its layouts: of those that fit a layer the first one is taken.
TARGETS: dict[str, tuple[Layout, ...]] = {"ARMV6M": (LANES, QUADS, FILTERS, TAPS)}
LAYOUTS = {layout.name: layout for layouts in TARGETS.values() for layout in layouts}


def pack(blob: Blob, target: str, keep_size: bool = False) -> Blob:
    """The same model for `target` (a key of TARGETS). A model that is packed already is unpacked first.

    keep_size: no weight takes more bytes than before, at the price of cycles.
    """
    blob = unpack(blob)
    pieces = Pieces(blob)
    for step, op in enumerate(blob.operators):
        layer = Layer.of(blob, op, pieces)
        layout = None if layer is None else _choose(layer, target, keep_size)
        if layer is not None and layout is not None:
            pieces.replace(layer.weights.offset, layout.pack(layer))
            layer.weights.layout = layout.name
            add_scratch(blob, step, layout.scratch_words(layer))
    pieces.lay()
    blob.target = target
    return blob


def _choose(layer: Layer, target: str, keep_size: bool) -> Layout | None:
    for layout in TARGETS[target]:
        if layout.fits(layer) and not (keep_size and layout.grows):
            return layout
    return None


def unpack(blob: Blob) -> Blob:
    """The canonical, portable model that `blob` was packed from; a copy of it where it is not packed."""
    blob = copy_of(blob)
    pieces = Pieces(blob)
    for op in blob.operators:
        weights = blob.tensors[op.inputs[1]] if len(op.inputs) > 1 else None
        if weights is not None and weights.layout != "PLAIN":
            plain = LAYOUTS[weights.layout].unpack(blob.data[weights.offset :], weights.dims)
            pieces.replace(weights.offset, plain.tobytes())
            weights.layout = "PLAIN"
            drop_scratch(blob, op)
    pieces.lay()
    blob.target = "PORTABLE"
    return blob
