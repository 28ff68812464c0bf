"""Models of microWakeWord, version 2: a `.tflite` that keeps its own state, and a manifest in JSON.

The model is converted like any other. What a board must know besides, ESPHome's micro_wake_word component has in its
code or reads from the manifest; here it becomes the sections AUDIO, LABELS, DETECTION and CARD of the `.smg`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from smidgen.errors import ConvertError, DataError
from smidgen.features.audio import AudioSpec
from smidgen.graph import Graph
from smidgen.train.detection import DetectionSpec

_VERSION = 2
_SETTLING = 100  # frames that ESPHome lets pass at the start and after a detection
_KEPT = ("author", "website", "trained_languages")


@dataclass(frozen=True)
class Manifest:
    """What the JSON says. cutoff: probability from which on the mean of the last `window` scores is a detection.
    step_ms: from one frame of the front end to the next. about: author, website, languages."""

    wake_word: str
    cutoff: float
    window: int
    step_ms: int
    about: dict[str, Any]


def is_manifest(path: Path) -> bool:
    """Whether a file lies there that says it is microWakeWord's."""
    try:
        return json.loads(path.read_bytes()).get("type") == "micro"
    except (OSError, ValueError, AttributeError):
        return False


def read_manifest(path: Path) -> Manifest:
    """Raises DataError for a file that is no manifest of version 2, or lacks something."""
    try:
        content = json.loads(path.read_bytes())
        version = content["version"]
        micro = content["micro"]
        manifest = Manifest(
            str(content["wake_word"]),
            float(micro["probability_cutoff"]),
            int(micro["sliding_window_size"]),
            int(micro["feature_step_size"]),
            {name: content[name] for name in _KEPT if name in content},
        )
    except KeyError as error:
        raise DataError(f"{path}: has no {error.args[0]!r}; give the JSON that belongs to the model") from error
    except (ValueError, TypeError, AttributeError) as error:
        raise DataError(f"{path}: not a manifest of microWakeWord; give the JSON that belongs to the model") from error
    if version != _VERSION:
        raise DataError(f"{path}: describes a model of version {version}; only version {_VERSION} runs")
    if not (0 < manifest.cutoff < 1 and 1 <= manifest.window <= 255 and 1 <= manifest.step_ms <= 30):
        raise DataError(f"{path}: its cutoff, window or step is out of range; take the JSON as it was published")
    return manifest


def sections_of_manifest(manifest: Manifest, graph: Graph) -> dict[str, bytes]:
    """The sections of a model's `.smg`.

    The front end, with ESPHome's scaling of its output to int8, is what `AudioSpec` has by default. The cutoff is
    rounded up to a whole 255th. Raises ConvertError when the model has not microWakeWord's form.
    """
    spec = AudioSpec(hop_ms=manifest.step_ms)
    x, y = graph.inputs[0], graph.outputs[0]
    if len(x.shape) != 3 or x.shape[::2] != (1, spec.channels) or math.prod(y.shape) != 1 or y.type != "UINT8":
        problem = f"takes {x} and gives {y}; microWakeWord's models go from [1, frames, {spec.channels}] to one UINT8"
        raise ConvertError(graph.source, [problem])
    step = x.shape[1]
    settling = -(-_SETTLING // step)
    threshold = math.floor(manifest.cutoff * 255) + 1
    return {
        "AUDIO": AudioSpec(hop_ms=manifest.step_ms, frames=settling * step).to_section(),
        "LABELS": f"{manifest.wake_word}\n".encode(),
        "DETECTION": DetectionSpec((threshold - 128,), manifest.window, step, settling).to_section(),
        "CARD": json.dumps(_card(manifest), ensure_ascii=False, separators=(",", ":")).encode(),
    }


def _card(manifest: Manifest) -> dict[str, Any]:
    return {"task": "keyword", "from": "microWakeWord", "probability_cutoff": manifest.cutoff, **manifest.about}
