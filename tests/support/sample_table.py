"""The table of sample models, apart from the modules that fill it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

SAMPLES: dict[str, Callable[[], bytes]] = {}


def sample(function: Callable[[], bytes]) -> Callable[[], bytes]:
    """Enter a function that makes the bytes of a .tflite; it runs once."""
    SAMPLES[function.__name__] = cache(function)
    return SAMPLES[function.__name__]
