"""A whole anomaly model in miniature, sections and all. Its weights are random: it restores nothing well."""

from __future__ import annotations

from functools import cache

from smidgen.bench.seeded import Network
from smidgen.convert import convert
from smidgen.features.audio import AudioSpec
from smidgen.train.scoring import AnomalySpec

AUDIO = AudioSpec(frames=3, channels=16, noise_reduction=False, pcan=False)
SPEC = AnomalySpec(
    out_scale_q16=70_000, hops=2, smooth=5, learned=4, margin_q4=24, threshold=30_000, weights=tuple(range(240, 256))
)


@cache
def anomaly_model(audio: AudioSpec = AUDIO, spec: AnomalySpec = SPEC, seed: int = 3) -> bytes:
    """A `.smg`: features int8 [1, frames, channels, 1] to as many values."""
    net = Network((audio.frames, audio.channels, 1), seed).conv(4, (audio.frames, audio.channels))
    content = net.dense(audio.frames * audio.channels).build()
    sections = {"AUDIO": audio.to_section(), "ANOMALY": spec.to_section()}
    return convert(content, "anomaly.tflite", sections).to_bytes()
