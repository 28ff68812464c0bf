"""Hours of sound through a model on a simulated board: what it hears, what it takes for a keyword, what it forgets to
free."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from statistics import median_low
from typing import Any

from smidgen.bench.listening import Listening
from smidgen.demo.on_board import check_memory, detections_in, program
from smidgen.demo.recording import Recording
from smidgen.demo.score import Score, match
from smidgen.device import Part, connect, install, model_part, package_part
from smidgen.pipeline import Detection, listen
from smidgen.sim import SimBoard

PROGRAM = "firmware/demos/keyword_spotting/soak.py"
_MEMORY = re.compile(r"memory (\d+)")
_HOPS = re.compile(r"hops (\d+) late (\d+) worst (\d+)")


@dataclass(frozen=True)
class Charged:
    """Hops by a clock that charges a Pico's cycles. late: not done when the next one's sound was there, be it for its
    own cycles or for those of hops before it. worst: the most cycles from a hop's sound to its end, of the `period`
    that there is."""

    hops: int
    late: int
    worst: int
    period: int


@dataclass(frozen=True)
class Soak:
    """detections: the board's. expected: the host's for the same sound. memory: bytes in use on the board, a figure a
    minute. score: the detections against what was said. charged: None when no clock ran."""

    seconds: float
    detections: list[Detection]
    expected: list[Detection]
    memory: list[int]
    score: Score
    charged: Charged | None = None

    @property
    def same(self) -> bool:
        """Board and host detect the same."""
        return self.detections == self.expected

    @property
    def growth(self) -> int:
        """Bytes by which the memory in use in the second half exceeds that in the first, medians: what nothing frees.
        From minute to minute it differs by a detection that something still points to, or no longer."""
        half = len(self.memory) // 2
        return median_low(self.memory[half:]) - median_low(self.memory[:half]) if half else 0

    def to_dict(self) -> dict[str, Any]:
        """What `smidgen soak --json` prints."""
        return {
            "seconds": self.seconds,
            "keywords_said": self.score.said,
            "missed": self.score.said - self.score.hits,
            "false_accepts": self.score.false_alarms,
            "false_accepts_an_hour": self.score.false_alarms * 3600 / self.seconds,
            "board_equals_host": self.same,
            "memory": self.memory,
            "memory_growth": self.growth,
            "charged": asdict(self.charged) if self.charged else None,
        }


def soak(
    smg: bytes,
    recording: Recording,
    keywords: tuple[str, ...],
    board: str = "pico",
    cost: Listening | None = None,
    clock_hz: int = 125_000_000,
) -> Soak:
    """Play a recording to a simulated board and to the host. cost: what a clock of `clock_hz` charges for each hop.

    Raises DeviceError, MissingExtra, DoesNotFit.
    """
    said: list[str] = []
    parts = [package_part(None), model_part(smg)]
    period = round(cost.hop_ms / 1000 * clock_hz) if cost else 0
    if cost:
        cycles = {"hop": cost.hop_cycles, "inference": cost.worst_cycles, "period": period}
        parts.append(Part("clock", {"cycles.json": json.dumps(cycles).encode()}))
    with SimBoard(board=board) as sim, connect(sim.url) as there:
        check_memory(there, smg, "model.smg")
        install(there, parts)
        sim.play(recording.samples)
        there.run(program(PROGRAM), said.append)
    found = detections_in(said)
    memory = [int(m[1]) for m in map(_MEMORY.fullmatch, said) if m]
    score = match(recording.said, found, keywords)
    hops = next((Charged(int(m[1]), int(m[2]), int(m[3]), period) for m in map(_HOPS.fullmatch, said) if m), None)
    return Soak(recording.seconds, found, listen(smg, recording.samples), memory, score, hops)
