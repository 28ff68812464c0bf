"""Everything that decides what a training run makes, in one place; the model card records it whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from smidgen.datasets.augment import Scenery
from smidgen.datasets.synth import PYPI_ENGINES
from smidgen.features.audio import AudioSpec
from smidgen.train.fit import FitSettings

LOG_MEL = AudioSpec(
    window_ms=30,
    hop_ms=20,
    frames=49,
    noise_reduction=False,
    pcan=False,
    out_mul=256,
    out_add=480,
    out_div=960,  # 64 ln of a full-scale band is about 960
)
"""Log-mel energies, a window of 990 ms. Without noise reduction and gain control the front end keeps no state: a window
has the same features wherever it lies in a stream."""

FIT = FitSettings(epochs=16, label_smoothing=0.02, masks=(3, 2))


@dataclass(frozen=True)
class Recipe:
    """How to make a keyword model. Counts are of clips; each is heard in `scenes` augmented scenes (recordings in more,
    until there are as many).

    keyword_clips: of each keyword; of all together at most `most_keyword_clips`. unknown_clips: at least, and
    `unknown_share` of the keywords' clips: the more keywords, the more words are like one of them.
    engines: synthesisers, None for all that are installed. held_out: fraction of the speakers. width: DS-CNN filters.
    adapt_*: fine-tuning with a user's own recordings: scenes for each of them, epochs, synthetic windows for each of
    theirs, learning rate.
    """

    keyword_clips: int = 4000
    most_keyword_clips: int = 30_000
    unknown_clips: int = 9000
    unknown_share: float = 0.6
    silence_scenes: int = 2500
    scenes: int = 1
    held_out: float = 0.1
    engines: tuple[str, ...] | None = None
    width: int = 56
    spec: AudioSpec = LOG_MEL
    scenery: Scenery = field(default_factory=Scenery)
    fit: FitSettings = FIT
    adapt_scenes: int = 40
    adapt_epochs: int = 16
    adapt_beside: int = 4
    adapt_learning_rate: float = 2e-3

    def counts(self, keywords: int) -> tuple[int, int]:
        """Clips of each of so many keywords, and of other words."""
        each = min(self.keyword_clips, self.most_keyword_clips // keywords)
        return each, max(self.unknown_clips, round(self.unknown_share * keywords * each))

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def quick(cls) -> Recipe:
        """The demo's: voices from PyPI only, three minutes on two free cores."""
        return cls(
            engines=PYPI_ENGINES,
            keyword_clips=2400,
            unknown_clips=4200,
            silence_scenes=1400,
            fit=replace(FIT, epochs=12),
        )

    @classmethod
    def tiny(cls) -> Recipe:
        """For trying the whole way in seconds. The model is of no use."""
        return replace(
            cls.quick(),
            keyword_clips=60,
            unknown_clips=60,
            silence_scenes=30,
            width=8,
            fit=replace(FIT, epochs=2),
            adapt_scenes=2,
            adapt_epochs=1,
        )
