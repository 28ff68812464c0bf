"""Everything that decides what a gesture training makes, in one place; the model card records it whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from smidgen.datasets.motion.windows import Variation
from smidgen.features.motion import MotionSpec
from smidgen.train.fit import FitSettings


def _undisturbed(epochs: int) -> FitSettings:
    """Motions are varied before they become windows; what disturbs a spectrogram makes no sense here."""
    return FitSettings(epochs=epochs, gain=0, warp=0, masks=(0, 0))


@dataclass(frozen=True)
class GestureRecipe:
    """How to make a gesture model.

    simulated: recordings simulated of each gesture. windows: varied windows of each class, half of them from recordings
    where there are any. validated: share of the recordings on which epoch and thresholds are chosen. width: filters.
    """

    simulated: int = 400
    windows: int = 2000
    validated: float = 0.2
    width: int = 16
    spec: MotionSpec = field(default_factory=MotionSpec)
    variation: Variation = field(default_factory=Variation)
    fit: FitSettings = field(default_factory=lambda: _undisturbed(12))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    def adapting(self) -> GestureRecipe:
        """For a model that knows these gestures already: fewer windows, fewer and smaller steps."""
        fit = replace(self.fit, epochs=max(1, self.fit.epochs // 2), learning_rate=1e-3)
        return replace(self, windows=self.windows // 2, fit=fit)

    @classmethod
    def tiny(cls) -> GestureRecipe:
        """For trying the whole way in seconds. The model is of little use."""
        return cls(simulated=40, windows=200, width=8, fit=_undisturbed(6))
