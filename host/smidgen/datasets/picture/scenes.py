"""Rendered scenes: something drawn (sprites.py) before walls, floors, clutter and textures, in a light of its own.

They need no download, and they are plain: real rooms, people and things have far more to them. What a model learns of
them alone carries over to a camera only in part; a few pictures of one's own beside them are worth much.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from smidgen.datasets.picture.files import pillow
from smidgen.datasets.picture.pictures import NOTHING, Pictures
from smidgen.datasets.picture.sprites import SIZE, SPRITES, Generator, colour, skin, sprite
from smidgen.errors import UsageError

if TYPE_CHECKING:
    from PIL import Image

SIDE = 96
"""Pixels along a scene's side."""

_TRANSPARENT = (0, 0, 0, 0)


def simulate(counts: dict[str, int], seed: int, photographs: Sequence[np.ndarray] = ()) -> Pictures:
    """So many scenes of each of SPRITES, or of NOTHING: uint8 [SIDE, SIDE, 3]; each is a subject of its own.

    photographs: uint8 [h, w, 3], parts of which are the background of some. Raises UsageError for another name.
    """
    pictures = Pictures()
    for label, count in counts.items():
        if label != NOTHING and label not in SPRITES:
            raise UsageError(f"{label}: no such simulated object; there are {', '.join(SPRITES)}")
        others = [name for name in SPRITES if name not in counts]
        kind = [*SPRITES, NOTHING].index(label)
        for n in range(count):
            rng = np.random.default_rng([seed, kind, n])
            shown = _shown(label, others, rng)
            pictures.append(scene(shown, rng, photographs), label, f"simulated-{seed}-{label}-{n}")
    return pictures


def _shown(label: str, others: Sequence[str], rng: Generator) -> Image.Image | None:
    """What stands in a scene; of nothing: a thing of another kind, a patch of colour, or nothing at all."""
    if label != NOTHING:
        return sprite(label, rng)
    if others and rng.uniform() < 0.4:
        return sprite(others[int(rng.integers(len(others)))], rng)
    return blank(rng) if rng.uniform() < 0.5 else None


def scene(shown: Image.Image | None, rng: Generator, photographs: Sequence[np.ndarray] = ()) -> np.ndarray:
    """uint8 [SIDE, SIDE, 3]: an RGBA picture somewhere before a background, or the background alone."""
    image = background(rng, photographs)
    if shown is not None:
        _place(image, shown, rng)
    return _as_taken(image, rng)


def blank(rng: Generator) -> Image.Image:
    """An oval in the colour of a skin, or any other, with nothing in it that makes a face."""
    from PIL import ImageDraw

    image = pillow().new("RGBA", (SIZE, SIZE))
    draw = ImageDraw.Draw(image)
    fill = skin(rng) if rng.uniform() < 0.6 else colour(rng)
    draw.ellipse((24, 12, 104, 116), fill=fill)
    for _ in range(rng.integers(0, 4)):
        x, y, r = rng.uniform(30, 90), rng.uniform(20, 100), rng.uniform(3, 14)
        draw.ellipse((x, y, x + r, y + r * rng.uniform(0.5, 2)), fill=colour(rng))
    return image.rotate(rng.uniform(0, 360))


def background(rng: Generator, photographs: Sequence[np.ndarray] = ()) -> Image.Image:
    """RGB, SIDE pixels square: part of a photograph, or a wall with what may stand before it."""
    if photographs and rng.uniform() < 0.4:
        return _cut(photographs[int(rng.integers(len(photographs)))], rng)
    return _room(rng)


def _cut(photograph: np.ndarray, rng: Generator) -> Image.Image:
    height, width = photograph.shape[:2]
    size = int(min(height, width) * rng.uniform(0.15, 1.0))
    top, left = (int(rng.integers(0, whole - size + 1)) for whole in (height, width))
    part = pillow().fromarray(photograph[top : top + size, left : left + size])
    return part.resize((SIDE, SIDE)).rotate(90 * int(rng.integers(4)))


def _room(rng: Generator) -> Image.Image:
    """A wall, a floor, lines and patches, and a grain as coarse as chance has it."""
    from PIL import ImageDraw

    image = pillow().new("RGB", (SIDE, SIDE), colour(rng))
    draw = ImageDraw.Draw(image)
    if rng.uniform() < 0.6:
        floor = rng.uniform(0.4, 0.9) * SIDE
        draw.rectangle((0, floor, SIDE, SIDE), fill=colour(rng))
    for _ in range(rng.integers(0, 9)):
        x, y = rng.uniform(-20, SIDE, 2)
        w, h = rng.uniform(4, 70, 2)
        kind = rng.integers(4)
        if kind == 0:
            draw.rectangle((x, y, x + w, y + h), fill=colour(rng))
        elif kind == 1:
            draw.ellipse((x, y, x + w, y + h), fill=colour(rng))
        elif kind == 2:
            draw.line((x, y, *rng.uniform(0, SIDE, 2)), fill=colour(rng), width=int(rng.integers(1, 8)))
        else:
            draw.polygon([tuple(corner) for corner in rng.uniform(-10, SIDE, (3, 2))], fill=colour(rng))
    cells = int(rng.choice([3, 6, 12, 24, 48]))
    grain = rng.normal(128, rng.uniform(0, 60), (cells, cells, 3)).clip(0, 255).astype(np.uint8)
    coarse = pillow().fromarray(grain).resize((SIDE, SIDE))
    return pillow().blend(image, coarse, rng.uniform(0, 0.5))


def _place(image: Image.Image, shown: Image.Image, rng: Generator) -> None:
    """Somewhere, whole or nearly so."""
    side = int(SIDE * rng.uniform(0.5, 1.1))
    turned = shown.resize((side, side)).rotate(rng.normal(0, 10), fillcolor=_TRANSPARENT)
    overhang = int(0.12 * side)
    low, high = sorted((-overhang, SIDE - side + overhang))
    x, y = rng.integers(low, high + 1, 2).tolist()
    image.paste(turned, (x, y), turned)


def _as_taken(image: Image.Image, rng: Generator) -> np.ndarray:
    """Through a cheap camera: light, focus, noise."""
    from PIL import ImageFilter

    if rng.uniform() < 0.6:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 1.8)))
    pixels = np.array(image).astype(np.float32)
    contrast, light = rng.uniform(0.55, 1.15), rng.normal(0, 20)
    noise = rng.normal(0, rng.uniform(0, 8), pixels.shape)
    pixels = (pixels - 128) * np.float32(contrast) + np.float32(128 + light) + noise.astype(np.float32)
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def cut_out(picture: np.ndarray) -> Image.Image:
    """An RGBA sprite of a picture, uint8 [h, w] or [h, w, 3], that fades out towards an oval."""
    image = pillow().fromarray(picture).convert("RGB").resize((SIZE, SIZE))
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    alpha = np.clip((1 - np.hypot(x, y)) * 8, 0, 1) * 255
    image.putalpha(pillow().fromarray(alpha.astype(np.uint8)))
    return image
