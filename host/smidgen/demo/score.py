"""What was said against what was detected."""

from __future__ import annotations

from dataclasses import dataclass

from smidgen.demo.recording import Said
from smidgen.pipeline import Detection

_PATIENCE_S = 1.3  # after a word's end: a whole window and the smoothing


@dataclass(frozen=True)
class Heard:
    """One thing said, with the detection that came of it, right or wrong, or None."""

    said: Said
    detection: Detection | None

    @property
    def is_hit(self) -> bool:
        """A keyword, and detected as itself."""
        return self.detection is not None and self.detection.word == self.said.word


@dataclass(frozen=True)
class Score:
    """heard: everything said, in order. unprompted: detections while nothing was said. keywords: the labels."""

    heard: list[Heard]
    unprompted: list[Detection]
    keywords: tuple[str, ...]

    @property
    def said(self) -> int:
        """Keywords said."""
        return sum(h.said.word in self.keywords for h in self.heard)

    @property
    def hits(self) -> int:
        """Keywords said and detected."""
        return sum(h.is_hit for h in self.heard)

    @property
    def false_alarms(self) -> int:
        """Detections of anything but the keyword that was said."""
        wrong = [h for h in self.heard if h.detection is not None and not h.is_hit]
        return len(wrong) + len(self.unprompted)

    def __str__(self) -> str:
        alarms = f"{self.false_alarms} false alarm{'' if self.false_alarms == 1 else 's'}"
        return f"{self.hits} of {self.said} keywords detected, {alarms}"


def match(said: list[Said], detections: list[Detection], keywords: tuple[str, ...]) -> Score:
    """Give each word the detection between its start and a little after its end; the right one, if there are two."""
    left = list(detections)
    heard = []
    for word in said:
        soon = [d for d in left if word.start_s <= d.time_ms / 1000 <= word.end_s + _PATIENCE_S]
        found = min(soon, key=lambda d: d.word != word.word, default=None)
        if found is not None:
            left.remove(found)
        heard.append(Heard(word, found))
    return Score(heard, left, keywords)
