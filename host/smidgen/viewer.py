"""Pictures to what is seen on the host: the loop of a board (firmware/lib/smidgen/viewer.py), value for value.

for sight in Viewer(Path("model.smg").read_bytes()).feed(pictures):
    print(sight.seen, sight.score, sight.time_ms)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from smidgen import _format as fmt
from smidgen.datasets.picture.camera import PERIOD_MS
from smidgen.engine import Engine
from smidgen.features.image import ImageSpec
from smidgen.train.presence import Presence, PresenceSpec


class Sight(NamedTuple):
    """seen: the label of what came into view, None when it went. score: 0 to 100, 0 for None. time_ms: of the picture
    that completed it."""

    seen: str | None
    score: int
    time_ms: int


class Viewer:
    """A model with its front end, open on one stream of pictures. labels: its classes."""

    def __init__(self, content: bytes, source: str = "model"):
        """content: a whole `.smg` with IMAGE, LABELS and PRESENCE. source names it in errors. Raises a ModelError."""
        self._engine = Engine(content, source)
        blob = self._engine.blob
        for name in ("IMAGE", "PRESENCE", "LABELS"):
            if name not in blob.sections:
                raise fmt.SectionError(f"{source}: has no {name} section: it is not a model that sees")
        self.labels = blob.labels
        self._spec = ImageSpec.from_section(blob.sections["IMAGE"])
        presence = PresenceSpec.from_section(blob.sections["PRESENCE"])
        (x, *_), (scores, *_) = self._engine.inputs, self._engine.outputs
        if x.type != "INT8" or x.elements != int(np.prod(self._spec.shape)):
            raise fmt.InputError(f"{source}: its input does not fit its IMAGE section")
        if scores.type not in ("INT8", "UINT8") or not scores.elements == len(self.labels) == len(presence.on):
            counts = f"{scores.elements} scores of {scores.type}, {len(self.labels)} labels, {len(presence.on)} levels"
            raise fmt.SectionError(f"{source}: {counts}; they must be as many, the scores INT8 or UINT8")
        self._shift = 0 if scores.type == "UINT8" else 128
        self._presence = Presence(presence)
        self._time_ms = -PERIOD_MS

    def feed(self, pictures: Iterable[np.ndarray]) -> Iterator[Sight]:
        """Each time that something else is seen, of pictures uint8 [h, w] or [h, w, 3], five a second."""
        for picture in pictures:
            self._time_ms += PERIOD_MS
            if self._presence.feed(self.scores(picture)):
                seen = self._presence.seen
                yield Sight(self.labels[seen] if seen >= 0 else None, self._presence.score, self._time_ms)

    def scores(self, picture: np.ndarray) -> list[int]:
        """Of each class, 0 to 255, of one picture alone."""
        found = self._engine.invoke([self._spec.features(picture)])[0].reshape(-1)
        return [int(score) + self._shift for score in found]
