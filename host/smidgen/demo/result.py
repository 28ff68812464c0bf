"""Everything that a demo run found out; what the report shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from smidgen.blob import Blob
from smidgen.boards import Board
from smidgen.demo.recording import Recording
from smidgen.demo.score import Score
from smidgen.demo.settings import Settings
from smidgen.pipeline import Detection
from smidgen.train.result import TrainedModel
from smidgen.verdict import Verdict


@dataclass(frozen=True)
class Result:
    """smg: the deployed file. detections: what the board printed; expected: what the host's pipeline gives for the same
    recording. seconds: of each stage, by its name."""

    settings: Settings
    model: TrainedModel
    blob: Blob
    smg: bytes
    tflite_bytes: int
    verdict: Verdict
    board: Board
    board_says: list[str]
    recording: Recording
    detections: list[Detection]
    expected: list[Detection]
    score: Score
    seconds: dict[str, float]

    @property
    def board_equals_host(self) -> bool:
        return self.detections == self.expected

    def to_dict(self) -> dict[str, Any]:
        """What the demo writes into demo.json."""
        held_out = self.model.card["held_out"]
        return {
            "words": list(self.model.labels[2:]),
            "language": self.model.card["language"],
            "seed": self.model.card["seed"],
            "held_out": {key: held_out[key] for key in ("accuracy", "macro_recall", "recall")},
            "tflite_bytes": self.tflite_bytes,
            "smg_bytes": len(self.smg),
            "arena_bytes": self.blob.arena_size,
            "macs": self.blob.macs,
            "equal_to": self.verdict.reference,
            "windows_compared": self.verdict.inputs,
            "board": self.board.name,
            "board_equals_host": self.board_equals_host,
            "keywords_said": self.score.said,
            "keywords_detected": self.score.hits,
            "false_alarms": self.score.false_alarms,
            "said": [asdict(heard.said) for heard in self.score.heard],
            "detections": [detection._asdict() for detection in self.detections],
            "seconds": {name: round(value, 1) for name, value in self.seconds.items()},
        }
