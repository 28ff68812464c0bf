"""Everything that decides what an anomaly training makes, in one place; the model card records it whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from smidgen.features.audio import AudioSpec

MACHINE_SOUND = AudioSpec(
    window_ms=64,
    hop_ms=32,
    lower_hz=60.0,
    upper_hz=7600.0,
    frames=5,
    noise_reduction=False,
    pcan=False,
    out_mul=256,
    out_add=480,
    out_div=960,  # as for words, see recipe.py
)
"""Log-mel energies as in MLPerf Tiny (64 ms every 32 ms, five frames together), of 40 channels."""


@dataclass(frozen=True)
class AnomalyRecipe:
    """How to make an anomaly model.

    machines, clips, faulty, clip_s: without recordings, so many machines are simulated, with so many normal clips of
    each and so many of each fault, in seconds. fault_db: a fault's power over the healthy machine's, drawn between
    these. held_out: share of the normal clips, the last ones, for the figures. validated: share of the others, for the
    threshold. hops, smooth, learned, margin: see `AnomalySpec`; margin in standard deviations. width: units of a dense
    layer.
    """

    machines: int = 4
    clips: int = 80
    faulty: int = 15
    clip_s: float = 4.0
    fault_db: tuple[float, float] = (-12.0, 0.0)
    held_out: float = 0.25
    validated: float = 0.15
    hops: int = 5
    smooth: int = 12
    learned: int = 16
    margin: float = 5.0
    width: int = 64
    epochs: int = 15
    spec: AudioSpec = field(default_factory=lambda: MACHINE_SOUND)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def tiny(cls) -> AnomalyRecipe:
        """For trying the whole way in seconds."""
        return cls(machines=1, clips=16, faulty=3, clip_s=2.5, fault_db=(-3.0, 3.0), width=16, epochs=4)
