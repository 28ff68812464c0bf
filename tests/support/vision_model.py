"""A whole vision model in miniature, sections and all. Its weights are random, so it sees things in any picture."""

from __future__ import annotations

from functools import cache

import numpy as np

from smidgen.bench.seeded import Network
from smidgen.convert import convert
from smidgen.features.image import ImageSpec
from smidgen.train.presence import NEVER, PresenceSpec

LABELS = ("nothing", "face", "cup")
IMAGE = ImageSpec(20, 16)
PRESENCE = PresenceSpec(on=(NEVER, 90, 110), off=(0, 60, 106), smooth=2)


@cache
def vision_model(image: ImageSpec = IMAGE, presence: PresenceSpec = PRESENCE, seed: int = 4) -> bytes:
    """A `.smg`: int8 [1, height, width, channels] to a softmax over LABELS."""
    net = Network((image.height, image.width, image.channels), seed).conv(8, (3, 3), 2).depthwise(3).conv(8, (3, 3), 2)
    content = net.global_average().dense(len(LABELS)).softmax().build()
    sections = {
        "IMAGE": image.to_section(),
        "LABELS": "".join(f"{label}\n" for label in LABELS).encode(),
        "PRESENCE": presence.to_section(),
    }
    return convert(content, "vision.tflite", sections).to_bytes()


def pictures_like(count: int, size: tuple[int, int] = (24, 32), seed: int = 0) -> list[np.ndarray]:
    """uint8 [h, w, 3] each: light and colours that change every few pictures."""
    rng = np.random.default_rng(seed)
    height, width = size
    made = []
    for n in range(count):
        if n % 5 == 0:
            ground, slope = rng.integers(0, 256, 3), rng.uniform(-4, 4, (2, 3))
        y, x = np.mgrid[:height, :width]
        picture = ground + y[..., None] * slope[0] + x[..., None] * slope[1] + rng.normal(0, 12, (height, width, 3))
        made.append(np.clip(picture, 0, 255).astype(np.uint8))
    return made
