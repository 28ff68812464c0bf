"""Make a training run's folder the model that ships with the package (`smidgen demo --pretrained`, `smidgen listen`).

    smidgen train keyword --words yes,no --quick --out build/keyword
    python tools/make_pretrained.py build/keyword

Of the held-out windows a few of every class are kept: they show that the model equals TensorFlow Lite Micro.
The model is made of synthetic speech alone: it is ours to give, under the licence of the project.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import numpy as np

from smidgen.demo.model import PRETRAINED
from smidgen.files import write_whole
from smidgen.train.result import CARD, HISTORY, MODEL, WINDOWS

_OF_EACH_CLASS = 16


def main(folder: Path) -> None:
    PRETRAINED.mkdir(exist_ok=True)
    for name in (MODEL, CARD, HISTORY):
        shutil.copyfile(folder / name, PRETRAINED / name)
    with np.load(folder / WINDOWS) as windows:
        features, targets = windows["features"], windows["targets"]
    kept = np.concatenate([np.flatnonzero(targets == c)[:_OF_EACH_CLASS] for c in np.unique(targets)])
    content = io.BytesIO()
    np.savez_compressed(content, features=features[kept], targets=targets[kept])
    write_whole(PRETRAINED / WINDOWS, content.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
