"""A trained model becomes one `.smg` with all that a board needs to use it: front end, labels, detection, card."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.errors import DataError
from smidgen.features.audio import AudioSpec
from smidgen.features.image import ImageSpec
from smidgen.features.motion import MotionSpec
from smidgen.train.detection import DetectionSpec
from smidgen.train.presence import PresenceSpec
from smidgen.train.result import CARD, TrainedModel
from smidgen.train.scoring import AnomalySpec

_KEPT = ("task", "language", "seed", "engines", "versions")  # those that a card has
_FIGURES = ("accuracy", "macro_recall", "recall", "auc", "real_auc", "real_count")


def assemble(model: TrainedModel) -> Blob:
    """The finished model; one that listens is a stream of steps as long as the card's detection has them. Raises
    ConvertError when the engine cannot run it."""
    content = model.model_path.read_bytes()
    hop = model.card["detection"]["hops"] if model.card["task"] == "keyword" else None
    return convert(content, str(model.model_path), sections_of(model.card), hop)


def sections_of(card: dict[str, Any]) -> dict[str, bytes]:
    """The front end's section, LABELS and DETECTION or PRESENCE, or ANOMALY, and CARD from a training run's card.

    The CARD inside the file is a shorter one: a board holds the file in memory and has no use for a list of voices.
    """
    return {
        **_front_end(card),
        **_outcome(card),
        "CARD": json.dumps(short_card(card), ensure_ascii=False, separators=(",", ":")).encode(),
    }


def _outcome(card: dict[str, Any]) -> dict[str, bytes]:
    labels = "".join(f"{label}\n" for label in card["labels"]).encode()
    if card["task"] == "vision":
        return {"LABELS": labels, "PRESENCE": PresenceSpec.from_dict(card["presence"]).to_section()}
    if card["task"] == "anomaly":
        return {"ANOMALY": AnomalySpec.from_dict(card["anomaly"]).to_section()}
    return {
        "LABELS": labels,
        "DETECTION": DetectionSpec.from_dict(card["detection"]).to_section(),
    }


def _front_end(card: dict[str, Any]) -> dict[str, bytes]:
    if card["task"] == "gesture":
        return {"IMU": MotionSpec(**card["imu"]).to_section()}
    if card["task"] == "vision":
        return {"IMAGE": ImageSpec(**card["image"]).to_section()}
    known = {field.name for field in fields(AudioSpec)}
    return {"AUDIO": AudioSpec(**{name: value for name, value in card["audio"].items() if name in known}).to_section()}


def short_card(card: dict[str, Any]) -> dict[str, Any]:
    """What a model file says about its making: voices and clips are counted, not listed."""
    data = {key: _counted(value) for key, value in card["data"].items()}
    figures = {key: card["held_out"][key] for key in _FIGURES if key in card["held_out"]}
    return {key: card[key] for key in _KEPT if key in card} | {"data": data, "held_out": _rounded(figures)}


def read_card(path: Path) -> dict[str, Any]:
    """A card.json as training writes it. Raises DataError when it is none."""
    try:
        card = json.loads(path.read_bytes())
        sections_of(card)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(f"{path}: not a model card; give the {CARD} that 'smidgen train' wrote") from error
    return card


def _counted(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: len(entry) if isinstance(entry, list) else entry for key, entry in value.items()}


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(entry) for key, entry in value.items()}
    return round(value, 4) if isinstance(value, float) else value
