"""Visual wake words: is a person in the picture? From COCO's annotations (Lin et al. 2014), as in "Visual Wake Words
Dataset" (Chowdhery et al. 2019): an object counts when its bounding box covers more than 0.5 % of the picture.

    FOLDER/annotations/instances_train2017.json (or FOLDER/instances*.json)     images, annotations, categories
    FOLDER/train2017/ or images/ or beside                                      the pictures that `file_name` names

COCO does not tell who took a picture of whom, so each picture is a subject of its own. Its annotations are CC BY 4.0;
its pictures have licences of their own, which the file lists.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from smidgen.datasets.picture.files import load_file
from smidgen.datasets.picture.pictures import NOTHING, Pictures
from smidgen.errors import DataError

LEAST_AREA = 0.005  # of the picture's


def annotations_of(folder: Path) -> list[Path]:
    """The annotation files that a folder holds."""
    return sorted([*folder.glob("instances*.json"), *folder.glob("annotations/instances*.json")])


def load_coco(folder: Path, objects: Sequence[str], side: int, most: int, seed: int) -> Pictures:
    """Pictures that show one of `objects` (COCO's category names), and as many at most that show none.

    A picture with several of them shows the largest. side: see `files.load`. most: pictures of each class, drawn at
    random where there are more. Raises DataError for annotations or pictures that cannot be used.
    """
    found: dict[str, list[Path]] = {label: [] for label in (NOTHING, *objects)}
    for path in annotations_of(folder):
        for label, picture in _labelled(path, objects):
            found[label].append(picture)
    empty = [label for label, paths in found.items() if not paths]
    if empty:
        raise DataError(f"{folder}: its annotations show no picture of {empty[0]!r}; name COCO's own categories")
    pictures = Pictures()
    rng = np.random.default_rng(seed)
    for label, paths in found.items():
        for i in sorted(rng.permutation(len(paths))[:most].tolist()):
            pictures.append(load_file(paths[i], side), label, paths[i].name, paths[i].name)
    return pictures


def _labelled(path: Path, objects: Sequence[str]) -> list[tuple[str, Path]]:
    """(what it shows, where it is) of each picture of an annotation file."""
    try:
        told = json.loads(path.read_bytes())
        names = {entry["id"]: entry["name"] for entry in told["categories"]}
        images = {entry["id"]: entry for entry in told["images"]}
        largest = _largest(told["annotations"], images, names, objects)
        pictures = {key: str(entry["file_name"]) for key, entry in images.items()}
    except (ValueError, KeyError, TypeError, ZeroDivisionError) as error:
        raise DataError(f"{path}: not COCO's instances (images, annotations, categories): {error!r}") from error
    strange = [name for name in objects if name not in names.values()]
    if strange:
        raise DataError(f"{path}: has no category {strange[0]!r}, only {', '.join(sorted(names.values()))}")
    place = _pictures_of(path, next(iter(pictures.values()), ""))
    return [(largest.get(key, (0.0, NOTHING))[1], place / name) for key, name in pictures.items()]


def _largest(
    annotations: list[dict[str, Any]], images: dict[Any, dict[str, Any]], names: dict[Any, str], objects: Sequence[str]
) -> dict[Any, tuple[float, str]]:
    """Of each picture that shows one of the objects: (share of the picture that its largest box covers, its name)."""
    largest: dict[Any, tuple[float, str]] = {}
    for entry in annotations:
        image, name = images[entry["image_id"]], names[entry["category_id"]]
        _, _, width, height = entry["bbox"]
        share = width * height / (image["width"] * image["height"])
        if name in objects and share > max(LEAST_AREA, largest.get(image["id"], (0.0, ""))[0]):
            largest[image["id"]] = (share, name)
    return largest


def _pictures_of(path: Path, name: str) -> Path:
    """The folder that holds the pictures of an annotation file, one of which is `name`."""
    split = path.stem.removeprefix("instances").lstrip("_")
    parts = (split, f"images/{split}", "images", "")
    places = [root / part for root in (path.parent, path.parent.parent) for part in parts]
    for place in places:
        if (place / name).is_file():
            return place
    raise DataError(f"{path}: its pictures are not found; put {name or 'them'} into {path.parent / 'images'}")
