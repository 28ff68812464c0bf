"""Things to be seen, drawn: each a picture with transparent surroundings. No photograph is in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from PIL import Image
    from PIL.ImageDraw import ImageDraw

SIZE = 128
"""Pixels along a sprite's side."""

Generator = np.random.Generator
Colour = tuple[int, int, int]
_LIGHT_SKIN, _DARK_SKIN = np.array([241, 199, 170]), np.array([74, 48, 36])


def sprite(name: str, rng: Generator) -> Image.Image:
    """RGBA, SIZE pixels square, of one of SPRITES, lit from a side."""
    from PIL import Image, ImageDraw

    image = Image.new("RGBA", (SIZE, SIZE))
    SPRITES[name](ImageDraw.Draw(image), rng)
    return _lit(image, rng)


def colour(rng: Generator, low: int = 20, high: int = 236) -> Colour:
    red, green, blue = rng.integers(low, high, 3).tolist()
    return red, green, blue


def skin(rng: Generator) -> Colour:
    """From light to dark."""
    share = rng.uniform()
    return _rgb(_LIGHT_SKIN * share + _DARK_SKIN * (1 - share) + rng.normal(0, 6, 3))


def _rgb(values: np.ndarray) -> Colour:
    red, green, blue = np.clip(values, 0, 255).astype(int).tolist()
    return red, green, blue


def _times(base: Colour, factor: float) -> Colour:
    return _rgb(np.array(base) * factor)


def _lit(image: Image.Image, rng: Generator) -> Image.Image:
    """Brighter on one side than on the other."""
    from PIL import Image

    pixels = np.array(image).astype(np.float32)
    angle, strength = rng.uniform(0, 2 * np.pi), rng.uniform(0, 0.45)
    y, x = np.mgrid[-1 : 1 : SIZE * 1j, -1 : 1 : SIZE * 1j]
    pixels[..., :3] *= (1 + strength * (np.cos(angle) * x + np.sin(angle) * y))[..., np.newaxis]
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _oval(draw: ImageDraw, x: float, y: float, rx: float, ry: float, fill: Colour) -> None:
    draw.ellipse((x - rx, y - ry, x + rx, y + ry), fill=fill)


def face(draw: ImageDraw, rng: Generator) -> None:
    """A head from the front: hair, ears, brows, eyes, nose, mouth; some with a beard or glasses, turned a little."""
    tone, hair = skin(rng), _times(colour(rng, 10, 150), rng.uniform(0.2, 1.0))
    wide, tall = rng.uniform(36, 44), rng.uniform(46, 54)
    turned, middle = rng.normal(0, 4), 66
    if rng.uniform() < 0.5:  # long hair, or a hood
        _oval(draw, 64, 62, wide * rng.uniform(1.15, 1.4), tall * rng.uniform(1.05, 1.25), hair)
    draw.rounded_rectangle((64 - 20, 96, 64 + 20, 140), 8, fill=_times(tone, 0.8))
    for side in (-1, 1):
        _oval(draw, 64 + side * wide, middle, 6, 10, _times(tone, 0.85))
    _oval(draw, 64, middle - 8, wide * 1.05, tall * 1.02, hair)
    _oval(draw, 64 + turned * 0.4, middle + rng.uniform(2, 8), wide * 0.97, tall * rng.uniform(0.88, 1.0), tone)
    if rng.uniform() < 0.25:
        _oval(draw, 64 + turned, middle + 36, wide * 0.6, 20, _times(hair, 0.9))
    _eyes(draw, rng, 64 + turned, middle - rng.uniform(4, 10), tone, hair)
    nose = middle + rng.uniform(8, 14)
    draw.polygon(
        [(64 + turned, nose - 16), (64 + turned - 7, nose + 4), (64 + turned + 7, nose + 4)], fill=_times(tone, 0.84)
    )
    _mouth(draw, rng, 64 + turned, nose + rng.uniform(14, 20), tone)


def _eyes(draw: ImageDraw, rng: Generator, x: float, y: float, tone: Colour, hair: Colour) -> None:
    apart, size = rng.uniform(15, 19), rng.uniform(5.5, 8)
    for side in (-1, 1):
        eye = x + side * apart
        _oval(draw, eye, y, size * 1.6, size * 1.2, _times(tone, 0.72))
        if rng.uniform() < 0.85:
            _oval(draw, eye, y, size, size * 0.65, (225, 222, 216))
        _oval(draw, eye + rng.normal(0, 1), y, size * 0.55, size * 0.6, _times(colour(rng, 10, 110), 0.5))
        brow = y - size - rng.uniform(3, 6)
        ends = (eye - size * 1.4, brow + rng.normal(0, 1.5), eye + size * 1.4, brow + rng.normal(0, 1.5))
        draw.line(ends, fill=_times(hair, 0.8), width=int(rng.integers(2, 5)))
    if rng.uniform() < 0.2:
        for side in (-1, 1):
            box = (x + side * apart - 13, y - 10, x + side * apart + 13, y + 11)
            draw.ellipse(box, outline=(25, 25, 25), width=int(rng.integers(1, 4)))
        draw.line((x - 5, y, x + 5, y), fill=(25, 25, 25), width=2)


def _mouth(draw: ImageDraw, rng: Generator, x: float, y: float, tone: Colour) -> None:
    wide, open_ = rng.uniform(11, 18), rng.uniform(2, 7)
    _oval(draw, x, y, wide, open_, _times(_rgb(np.array(tone) * [0.85, 0.5, 0.5]), 1.0))
    if open_ > 4:
        _oval(draw, x, y, wide * 0.8, open_ * 0.5, (230, 226, 220))


def person(draw: ImageDraw, rng: Generator) -> None:
    """Somebody who stands or walks, from head to foot."""
    tone, shirt, trousers = skin(rng), colour(rng), colour(rng, 10, 160)
    lean, step, swing = rng.normal(0, 3), rng.uniform(2, 12), rng.uniform(-12, 12)
    for side in (-1, 1):
        hip, foot = 64 + 6 * side, 64 + side * step + lean
        draw.line((hip, 78, foot, 122), fill=trousers, width=11)
        draw.line((foot - 3, 122, foot + 7, 122), fill=(30, 28, 26), width=6)
        hand = (64 + side * rng.uniform(18, 30) + swing * side * 0.3, rng.uniform(60, 84))
        draw.line((64 + 13 * side + lean, 40, *hand), fill=shirt, width=8)
        _oval(draw, *hand, 4, 4, tone)
    draw.rounded_rectangle((48 + lean, 34, 80 + lean, 84), 9, fill=shirt)
    head = 64 + lean * 1.4
    draw.rectangle((head - 5, 26, head + 5, 38), fill=_times(tone, 0.85))
    _oval(draw, head, 17, 11, 13, _times(colour(rng, 10, 140), 0.7))
    _oval(draw, head + rng.normal(0, 1), 20, 9, 11, tone)


def ball(draw: ImageDraw, rng: Generator) -> None:
    """A ball with a band, or plain."""
    base = colour(rng)
    _oval(draw, 64, 64, 52, 52, base)
    if rng.uniform() < 0.6:
        draw.chord((12, 12, 116, 116), rng.uniform(0, 90), rng.uniform(120, 260), fill=colour(rng))
    _oval(draw, 44, 42, 12, 9, _times(base, 1.5))


def cup(draw: ImageDraw, rng: Generator) -> None:
    """A cup with a handle."""
    base, foot = colour(rng), rng.uniform(24, 36)
    side = 1 if rng.uniform() < 0.5 else -1
    draw.ellipse(
        (64 + side * 36 - 20, 46, 64 + side * 36 + 20, 92), outline=_times(base, 0.8), width=int(rng.integers(6, 11))
    )
    draw.polygon([(22, 28), (106, 28), (64 + foot, 108), (64 - foot, 108)], fill=base)
    _oval(draw, 64, 108, foot, 7, _times(base, 0.8))
    _oval(draw, 64, 28, 42, 11, _times(base, 1.2))
    _oval(draw, 64, 29, 37, 8, _times(colour(rng, 10, 120), 0.6))


def bottle(draw: ImageDraw, rng: Generator) -> None:
    """A bottle with a cap and a label."""
    base, wide = colour(rng), rng.uniform(18, 28)
    draw.rounded_rectangle((64 - wide, 44, 64 + wide, 124), 8, fill=base)
    draw.polygon([(64 - wide, 50), (64 + wide, 50), (73, 26), (55, 26)], fill=base)
    draw.rectangle((55, 14, 73, 30), fill=_times(base, 0.9))
    draw.rectangle((53, 4, 75, 16), fill=colour(rng))
    draw.rectangle((64 - wide, 66, 64 + wide, rng.uniform(86, 108)), fill=colour(rng, 120, 250))


def block(draw: ImageDraw, rng: Generator) -> None:
    """A box, seen from above a corner."""
    base, tilt = colour(rng), rng.uniform(14, 30)
    draw.polygon([(64, 8 + tilt * 2), (14, 8 + tilt), (64, 8), (114, 8 + tilt)], fill=_times(base, 1.25))
    draw.polygon([(64, 8 + tilt * 2), (14, 8 + tilt), (14, 118 - tilt), (64, 122)], fill=base)
    draw.polygon([(64, 8 + tilt * 2), (114, 8 + tilt), (114, 118 - tilt), (64, 122)], fill=_times(base, 0.65))


SPRITES: dict[str, Callable[[ImageDraw, Generator], None]] = {
    "face": face,
    "person": person,
    "ball": ball,
    "cup": cup,
    "bottle": bottle,
    "block": block,
}
