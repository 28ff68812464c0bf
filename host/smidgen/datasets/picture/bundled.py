"""The few real pictures that come inside scikit-image's package, so that nothing has to be downloaded for them.

`faces`: `skimage.data.lfw_subset`, 100 faces and 100 parts of backgrounds, 25x25 pixels, grey, cut out of Labeled Faces
in the Wild (Huang et al. 2012: photographs from news, collected for research). It names nobody, so each picture counts
as a subject of its own; some well-known faces may be in it twice. `photographs`: pictures without a person, in the
public domain or CC0. None of them is kept in this repository or in a model file.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from smidgen.datasets.picture.files import pillow
from smidgen.datasets.picture.pictures import NOTHING, Pictures
from smidgen.errors import MissingExtra

FACE = "face"
_FACES = 100
_ENLARGED = 96  # smoothly, from 25: a model looks at more pixels than there are
_PHOTOGRAPHS = ("brick", "chelsea", "coffee", "coins", "grass", "gravel", "hubble_deep_field", "moon", "rocket")
_LONGEST = 320


def faces() -> Pictures:
    """200 pictures, uint8 [96, 96], FACE or NOTHING. Raises MissingExtra without scikit-image."""
    pictures = Pictures()
    for n, pixels in enumerate(_data("lfw_subset")()):
        small = pillow().fromarray(np.rint(pixels * 255).astype(np.uint8))
        large = np.array(small.resize((_ENLARGED, _ENLARGED), pillow().Resampling.BICUBIC))
        pictures.append(large, FACE if n < _FACES else NOTHING, f"lfw-{n}", f"lfw_subset {n}")
    return pictures


@cache
def photographs() -> tuple[np.ndarray, ...]:
    """uint8 [h, w, 3] each. Raises MissingExtra without scikit-image."""
    made = []
    for name in _PHOTOGRAPHS:
        image = pillow().fromarray(_data(name)()).convert("RGB")
        image.thumbnail((_LONGEST, _LONGEST))
        made.append(np.array(image))
    return tuple(made)


def _data(name: str):
    try:
        from skimage import data
    except ImportError as error:
        raise MissingExtra("the real pictures that scikit-image carries", "train") from error
    return getattr(data, name)
