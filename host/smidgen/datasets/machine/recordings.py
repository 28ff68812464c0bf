"""A set of recordings of machines: which machine, and whether it was well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from smidgen.datasets.cache import key_of


@dataclass
class MachineClips:
    """Recordings in the order in which they were made.

    audio: int16 [samples] each, mono, 16 kHz. machines: whose. anomalous: whether something was wrong with it; the
    training never sees such a one.
    """

    audio: list[np.ndarray] = field(default_factory=list)
    machines: list[str] = field(default_factory=list)
    anomalous: list[bool] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.audio)

    def append(self, audio: np.ndarray, machine: str, anomalous: bool) -> None:
        self.audio.append(audio)
        self.machines.append(machine)
        self.anomalous.append(anomalous)

    def take(self, indices: Iterable[int]) -> MachineClips:
        """The recordings at these indices, in that order."""
        chosen = list(indices)
        return MachineClips(
            [self.audio[i] for i in chosen], [self.machines[i] for i in chosen], [self.anomalous[i] for i in chosen]
        )

    def split(self, held_out: float) -> tuple[MachineClips, MachineClips]:
        """(normal ones to learn from, the rest): of each machine the last `held_out` (0 to 1) of its normal recordings
        and all anomalous ones are held out. Each side gets a normal one of every machine that has two."""
        kept: list[int] = []
        for machine in dict.fromkeys(self.machines):
            own = zip(self.machines, self.anomalous, strict=True)
            normal = [i for i, (name, anomalous) in enumerate(own) if name == machine and not anomalous]
            cut = min(max(round(len(normal) * (1 - held_out)), 1), len(normal) - 1) if len(normal) > 1 else len(normal)
            kept += normal[:cut]
        learned = {*kept}
        return self.take(kept), self.take(i for i in range(len(self)) if i not in learned)

    def key(self) -> str:
        """Equal for equal recordings."""
        return key_of(self.machines, self.anomalous, *self.audio)
