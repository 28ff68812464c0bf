"""Everything that decides what a vision training makes, in one place; the model card records it whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from smidgen.features.image import ImageSpec
from smidgen.train.fit import FitSettings


@dataclass(frozen=True)
class Variation:
    """How far a picture is changed each time that it is learned from; figures are standard deviations but where said.

    mirrored: whether every other one is, left for right. turn: radians. zoom: of the logarithm of the size. shift: of
    the place, in shares of the side. contrast: of its logarithm. light, grain: steps of int8, of all and of each pixel.
    """

    mirrored: bool = True
    turn: float = 0.12
    zoom: float = 0.12
    shift: float = 0.06
    contrast: float = 0.25
    light: float = 20.0
    grain: float = 4.0


def _epochs(epochs: int) -> FitSettings:
    return FitSettings(epochs=epochs, patience=epochs, label_smoothing=0.1)


@dataclass(frozen=True)
class VisionRecipe:
    """How to make a vision model.

    simulated: scenes rendered of each class. real: share of scikit-image's real faces that is learned from; the others
    are for the figures. real_scenes: scenes into which each of these is put besides. windows: of each class in an
    epoch, half of them from real pictures where there are any. validated: share of the pictures on which epoch and
    levels are chosen. most: pictures of each class that are taken from COCO. filters: of the network's first
    layer. blocks: its separable convolutions.
    """

    simulated: int = 1000
    real: float = 0.5
    real_scenes: int = 4
    windows: int = 1500
    validated: float = 0.2
    most: int = 10_000
    filters: int = 8
    blocks: int = 5
    spec: ImageSpec = field(default_factory=ImageSpec)
    variation: Variation = field(default_factory=Variation)
    fit: FitSettings = field(default_factory=lambda: _epochs(12))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def adapting(self) -> VisionRecipe:
        """For a model that has learned already: fewer pictures, fewer and smaller steps."""
        fit = replace(self.fit, epochs=max(1, self.fit.epochs // 2), learning_rate=1e-3)
        return replace(self, simulated=self.simulated // 4, windows=self.windows // 4, fit=fit)

    @classmethod
    def tiny(cls) -> VisionRecipe:
        """For trying the whole way in seconds. The model is of little use."""
        return cls(simulated=60, real_scenes=1, windows=250, filters=6, blocks=2, fit=_epochs(6))
