"""Pictures as a board's camera would give them: what a simulated board is shown, and what the host sees of the same."""

from __future__ import annotations

import numpy as np

from smidgen.datasets.picture.files import pillow
from smidgen.features.image import from_rgb565, to_rgb565

WIDTH, HEIGHT, FORMAT = 160, 120, "RGB565BE"  # as an OV7670 or OV2640 sends its smallest usual size
FRAME_BYTES = 2 * WIDTH * HEIGHT
PERIOD_MS = 200  # between two pictures of a recording, as the board counts them
RATE_HZ = 1000 / PERIOD_MS
_ORDER = ">"


def frame_of(picture: np.ndarray) -> bytes:
    """uint8 [h, w] or [h, w, 3] as a frame: its middle, as far as the camera's proportions leave it."""
    height, width = picture.shape[:2]
    across, down = min(width, height * WIDTH // HEIGHT), min(height, width * HEIGHT // WIDTH)
    left, top = (width - across) // 2, (height - down) // 2
    middle = (left, top, left + max(across, 1), top + max(down, 1))
    image = pillow().fromarray(picture).convert("RGB")
    small = image.resize((WIDTH, HEIGHT), pillow().Resampling.BILINEAR, box=middle, reducing_gap=3.0)
    return to_rgb565(np.array(small), _ORDER)


def picture_of(frame: bytes) -> np.ndarray:
    """A frame as uint8 [HEIGHT, WIDTH, 3]."""
    return from_rgb565(frame, WIDTH, HEIGHT, _ORDER)
