"""Pictures of every format and size, and what a model of each kind of IMAGE section sees of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from smidgen.features.image import ImageSpec, from_rgb565, to_rgb565


@dataclass(frozen=True)
class Case:
    """A frame of random pixels: its format as the board names it, its size, and who looks at it."""

    kind: str
    width: int
    height: int
    spec: ImageSpec


CASES = {
    "camera_to_grey": Case("RGB565BE", 40, 30, ImageSpec(12, 12)),
    "framebuffer_to_grey": Case("RGB565", 41, 29, ImageSpec(16, 9)),
    "framebuffer_to_colours": Case("RGB565", 23, 31, ImageSpec(8, 10, channels=3, fit="stretch")),
    "grey": Case("GS8", 33, 21, ImageSpec(10, 12)),
    "grey_to_colours": Case("GS8", 20, 20, ImageSpec(7, 5, channels=3)),
    "enlarged": Case("RGB888", 5, 4, ImageSpec(13, 11, channels=3)),
    "of_other_values": Case("RGB888", 16, 16, ImageSpec(6, 6, multiplier_q8=301, offset=-140)),
    "a_thin_strip": Case("GS8", 1, 60, ImageSpec(16, 2)),
}


def frame_of(case: Case, seed: int = 1) -> bytes:
    """The frame's bytes."""
    rng = np.random.default_rng(seed)
    if case.kind == "GS8":
        return rng.integers(0, 256, case.width * case.height, np.uint8).tobytes()
    picture = rng.integers(0, 256, (case.height, case.width, 3), np.uint8)
    if case.kind == "RGB888":
        return picture.tobytes()
    return to_rgb565(picture, ">" if case.kind == "RGB565BE" else "<")


def picture_of(case: Case, seed: int = 1) -> np.ndarray:
    """The frame as the host has pictures."""
    frame = frame_of(case, seed)
    if case.kind.startswith("RGB565"):
        return from_rgb565(frame, case.width, case.height, ">" if case.kind == "RGB565BE" else "<")
    shape = (case.height, case.width) if case.kind == "GS8" else (case.height, case.width, 3)
    return np.frombuffer(frame, np.uint8).reshape(shape)


def expected_of(case: Case, seed: int = 1) -> bytes:
    """What the model sees, as the host makes it."""
    return case.spec.features(picture_of(case, seed)).tobytes()
