"""Augmentation: dry words become words in rooms, through microphones, over noise. NumPy only, seeded."""

from smidgen.datasets.augment.scene import Scenery, scene

__all__ = ["Scenery", "scene"]
