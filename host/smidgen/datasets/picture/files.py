"""Pictures on disk, in the layouts that people have.

    CLASS/SUBJECT-NNN.png or .jpg      what stands before the last number of a name is the subject
    CLASS/SUBJECT/*.png or .jpg        a folder of its own for each subject
    groups.csv                         beside the classes: columns file and group name the subjects instead
    instances*.json                    COCO's annotations, see coco.py

A class `nothing` (or `non_person`, as visual wake words have it) holds what is none of the others.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from smidgen.datasets.picture.pictures import NOTHING, Pictures
from smidgen.errors import DataError, MissingExtra

if TYPE_CHECKING:
    from PIL import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".pgm", ".ppm", ".bmp")
GROUPS = "groups.csv"
_SUBJECT = re.compile(r"(.*?)[-_]?\d+$")
_ALIASES = {"non_person": NOTHING, "notperson": NOTHING}


def load(folder: str | Path, side: int) -> Pictures:
    """Every picture of a folder, made smaller so that its shorter side is still at least `side`.

    Raises DataError, naming the file, when the folder is missing or empty or a picture cannot be read.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; give one that holds CLASS/*.png or CLASS/*.jpg")
    groups = _groups(folder / GROUPS)
    pictures = Pictures()
    for place in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        paths = files_in(place, deep=True)
        if not paths:
            raise DataError(f"{place}: holds no pictures ({', '.join(SUFFIXES)}); add some or remove the folder")
        for path in paths:
            name = path.relative_to(folder).as_posix()
            subject = groups.get(name) or _subject(path.relative_to(place))
            pictures.append(load_file(path, side), _ALIASES.get(place.name, place.name), subject, name)
    if not pictures:
        raise DataError(f"{folder}: no pictures found; it should hold CLASS/*.png or CLASS/*.jpg")
    return pictures


def files_in(folder: Path, deep: bool = False) -> list[Path]:
    """The pictures of a folder, by their names' order (take-2 before take-10). deep: of its folders too."""
    found = folder.rglob("*") if deep else folder.iterdir()
    paths = [path for path in found if path.suffix.lower() in SUFFIXES and not path.name.startswith(".")]
    return sorted(paths, key=lambda path: _natural(path.relative_to(folder).as_posix()))


def load_file(path: Path, side: int | None = None) -> np.ndarray:
    """One picture, as a viewer shows it: uint8 [h, w] when it is grey, else [h, w, 3]. side: see `load`. Raises
    DataError for a file that is none."""
    image_module = pillow()
    from PIL import ImageOps

    try:
        with image_module.open(path) as file:
            if side:
                file.draft(None, (side, side))  # a JPEG is decoded no larger than it is needed
            image = ImageOps.exif_transpose(file)
            image = image.convert("L" if image.mode in ("1", "L", "I;16", "I", "F") else "RGB")
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such picture") from error
    except (OSError, ValueError, SyntaxError, image_module.DecompressionBombError) as error:
        raise DataError(f"{path}: cannot be read as a picture ({error}); save it as PNG or JPEG") from error
    return np.array(image if side is None else _smaller(image, side))


def pillow():
    """PIL.Image. Raises MissingExtra without Pillow."""
    try:
        from PIL import Image
    except ImportError as error:
        raise MissingExtra("reading pictures", "train") from error
    return Image


def _smaller(image: Image.Image, side: int) -> Image.Image:
    factor = min(image.size) // side
    return image.reduce(factor) if factor > 1 else image


def _subject(path: Path) -> str:
    """Of a picture's place under its class."""
    if len(path.parts) > 1:
        return path.parts[0]
    match = _SUBJECT.match(path.stem)
    return match[1] if match else path.stem


def _groups(path: Path) -> dict[str, str]:
    """File name -> group; empty without a file. Raises DataError for one of another kind."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            return {row["file"]: row["group"] for row in csv.DictReader(file)}
    except FileNotFoundError:
        return {}
    except (KeyError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: needs columns file and group, such as cat/0001.jpg,tom") from error


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name) if part]
