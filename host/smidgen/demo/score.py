"""What was said against what was detected."""

from __future__ import annotations

from dataclasses import dataclass

from smidgen.demo.recording import Said
from smidgen.pipeline import Detection

_PATIENCE_S = 1.3  # after a word's end: a whole window and the smoothing


@dataclass(frozen=True)
class Heard:
    """One thing said, with the detection that it gave, or None."""

    said: Said
    detection: Detection | None


@dataclass(frozen=True)
class Score:
    """heard: everything said, in order. false_alarms: detections that no keyword explains. keywords: the labels."""

    heard: list[Heard]
    false_alarms: list[Detection]
    keywords: tuple[str, ...]

    @property
    def said(self) -> int:
        """Keywords said."""
        return sum(h.said.word in self.keywords for h in self.heard)

    @property
    def hits(self) -> int:
        """Keywords said and detected."""
        return sum(h.detection is not None for h in self.heard)


def match(said: list[Said], detections: list[Detection], keywords: tuple[str, ...]) -> Score:
    """Give each keyword the first detection of its label between its start and a little after its end."""
    left = list(detections)
    heard = []
    for word in said:
        found = next((d for d in left if word.word in keywords and _explains(word, d)), None)
        if found is not None:
            left.remove(found)
        heard.append(Heard(word, found))
    return Score(heard, left, keywords)


def _explains(word: Said, detection: Detection) -> bool:
    at = detection.time_ms / 1000
    return detection.word == word.word and word.start_s <= at <= word.end_s + _PATIENCE_S
