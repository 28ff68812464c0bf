"""Malformed COPY, GATHER and RESIZE_BILINEAR, by name: name -> (sample, change)."""

from __future__ import annotations

import struct

from tests.evil.entries import operand, param, typed
from tests.evil.mutate import Change, File

AXIS = ("extent", "src_stride", "dst_stride")
LARGE = 1 << 30


def axis(field: str, value: int, which: int = 0) -> Change:
    """Change an axis of the first COPY."""

    def change(f: File) -> None:
        at, _ = f.param_at("COPY", "dst")
        struct.pack_into("<I", f.content, at + 4 + 12 * which + 4 * AXIS.index(field), value & 0xFFFFFFFF)

    return change


MOVING: dict[str, tuple[str, Change]] = {
    "COPY.rank: zero": ("copy", param("COPY", "rank", 0)),
    "COPY.rank: seven": ("copy", param("COPY", "rank", 7)),
    "COPY.rank: more axes than follow": ("copy", param("COPY", "rank", 3)),
    "COPY.rank: fewer axes than follow": ("copy", param("COPY", "rank", 1)),
    "COPY.reserved: not zero": ("copy", param("COPY", "reserved", 1)),
    "COPY.reserved2: not zero": ("copy", param("COPY", "reserved2", 1)),
    "COPY.src: leaves the input at its end": ("copy", param("COPY", "src", 1)),
    "COPY.src: far outside": ("copy", param("COPY", "src", 0xFFFFFFFF)),
    "COPY.dst: leaves the output at its end": ("copy", param("COPY", "dst", 1)),
    "COPY.extent: zero": ("copy", axis("extent", 0)),
    "COPY.extent: one, with strides left": ("copy", axis("extent", 1)),
    "COPY.extent: more than the output has": ("copy", axis("extent", 0xFFFFFFFF)),
    "COPY.extent: a product that overflows": ("copy", axis("extent", 1 << 31, which=1)),
    "COPY.src_stride: leaves the input": ("copy", axis("src_stride", 9)),
    "COPY.src_stride: leaves the input before its start": ("copy", axis("src_stride", -1)),
    "COPY.src_stride: overflows": ("copy", axis("src_stride", 0x7FFFFFFF)),
    "COPY.dst_stride: leaves the output": ("copy", axis("dst_stride", 7)),
    "COPY.dst_stride: leaves the output before its start": ("copy", axis("dst_stride", -6)),
    "COPY.input: of another type than the output": ("copy", typed("COPY", 0, "UINT8")),
    "GATHER.batches: zero": ("gather", param("GATHER", "batches", 0)),
    "GATHER.batches: more than the input has": ("gather", param("GATHER", "batches", 4)),
    "GATHER.batches: a product that overflows": ("gather", param("GATHER", "batches", LARGE)),
    "GATHER.outer: zero": ("gather", param("GATHER", "outer", 0)),
    "GATHER.outer: more than the input has": ("gather", param("GATHER", "outer", 2)),
    "GATHER.axis: zero": ("gather", param("GATHER", "axis", 0)),
    "GATHER.axis: longer than the input's": ("gather", param("GATHER", "axis", 6)),
    "GATHER.axis: shorter than the input's": ("gather", param("GATHER", "axis", 4)),
    "GATHER.inner: zero": ("gather", param("GATHER", "inner", 0)),
    "GATHER.inner: more than the input has": ("gather", param("GATHER", "inner", LARGE)),
    "GATHER.indices: of bytes": ("gather", typed("GATHER", 1, "INT8")),
    "GATHER.indices: fewer than the output needs": ("gather", operand("GATHER", 1, "dims", 3, element=1)),
    "GATHER.output: of another type than the input": ("gather", typed("GATHER", 2, "UINT8")),
    "RESIZE_BILINEAR.scale_h: negative": ("resize_bilinear", param("RESIZE_BILINEAR", "scale_h", -1)),
    "RESIZE_BILINEAR.scale_h: reaches below the picture": ("resize_bilinear", param("RESIZE_BILINEAR", "scale_h", 800)),
    "RESIZE_BILINEAR.scale_w: negative": ("resize_bilinear", param("RESIZE_BILINEAR", "scale_w", -1)),
    "RESIZE_BILINEAR.scale_w: overflows": ("resize_bilinear", param("RESIZE_BILINEAR", "scale_w", 0x7FFFFFFF)),
    "RESIZE_BILINEAR.half_pixel_centers: neither 0 nor 1": (
        "resize_bilinear",
        param("RESIZE_BILINEAR", "half_pixel_centers", 2),
    ),
    "RESIZE_BILINEAR.input: of another rank": ("resize_bilinear", operand("RESIZE_BILINEAR", 0, "rank", 3)),
    "RESIZE_BILINEAR.output: of other channels": (
        "resize_bilinear",
        operand("RESIZE_BILINEAR", 1, "dims", 1, element=3),
    ),
}
