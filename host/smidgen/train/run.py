"""What every training needs: TensorFlow, the versions of what takes part, epochs that show."""

from __future__ import annotations

import contextlib
import importlib.metadata
import os

from smidgen import __version__
from smidgen.datasets.jobs import Progress
from smidgen.errors import MissingExtra
from smidgen.train.keeper import EpochEnd
from smidgen.train.quiet import quiet

_VERSIONS_OF = ("tensorflow-cpu", "tensorflow", "keras", "numpy")


def require_tensorflow() -> None:
    """Raise MissingExtra when it is not installed."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with quiet():
            import tensorflow  # noqa: F401
    except ImportError as error:
        raise MissingExtra("training", "train") from error


def versions() -> dict[str, str]:
    """Smidgen's version and those of the packages that compute, for the card."""
    found = {"smidgen": __version__}
    for package in _VERSIONS_OF:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            found[package] = importlib.metadata.version(package)
    return found


def epochs(progress: Progress, what: str, held_out: str) -> EpochEnd:
    """Tells `progress` about each epoch. held_out: what the second accuracy is measured on."""
    progress(what, 0, 1)  # the first epoch counts too

    def report(done: int, total: int, figures: dict[str, float]) -> None:
        detail = f"accuracy {figures['accuracy']:.1%}, {held_out} {figures['val_accuracy']:.1%}"
        progress(what, done, total, detail)

    return report
