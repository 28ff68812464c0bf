"""A model card in Markdown (after Mitchell et al., "Model Cards for Model Reporting", 2019)."""

from __future__ import annotations

from typing import Any

from smidgen.blob import Blob
from smidgen.train.result import TrainedModel


def model_card(model: TrainedModel, blob: Blob) -> str:
    """What a person should know before using the model. blob: the model as it is deployed."""
    card = model.card
    words = [label for label in model.labels if not label.startswith("_")]
    parts = [
        f"# {card['task'].capitalize()} model" + (f": {', '.join(words)}" if words else ""),
        _what(model, blob),
        "## What it was made from\n\n" + _data(card),
        "## How well it does\n\n" + _figures(card),
        "## What it is not\n\nThe figures hold for what they were measured on, named above. Other people, microphones, "
        "rooms and sensors differ; measure on your own before you rely on it. Nothing whose failure may hurt somebody "
        "should rest on it.",
        "## How it was made\n\n" + _making(card),
    ]
    return "\n\n".join(parts) + "\n"


def _what(model: TrainedModel, blob: Blob) -> str:
    rows = [
        *([("labels", ", ".join(model.labels))] if model.labels else []),
        ("input", f"{'x'.join(map(str, blob.tensors[0].dims))} int8"),
        ("model.smg", f"{len(blob.to_bytes()):,} bytes"),
        ("arena and state", f"{blob.arena_size:,} and {len(blob.state):,} bytes"),
        ("work", f"{blob.macs:,} multiply-accumulates an inference"),
    ]
    return _table(("", ""), rows)


def _data(card: dict[str, Any]) -> str:
    lines = [f"- source: {card['data']['source']}"]
    lines += [f"- synthesiser {name}, version {version}" for name, version in card.get("engines", {}).items()]
    for side in ("train", "held_out"):
        found = card["data"].get(side)
        if isinstance(found, dict):
            counts = ", ".join(f"{len(v) if isinstance(v, list) else v:,} {name}" for name, v in found.items())
            lines.append(f"- {side.replace('_', ' ')}: {counts}")
    if card.get("language"):
        lines.append(f"- language: {card['language']}")
    if card.get("adapted"):
        lines.append(f"- fine-tuned on {card['adapted']['recordings']} recordings of the user's own")
    return "\n".join(lines)


def _figures(card: dict[str, Any]) -> str:
    held_out = card["held_out"]
    if card["task"] == "anomaly":
        rows = [(machine, f"{area:.3f}") for machine, area in held_out["auc"].items()]
        return _table(("machine", "area under the ROC curve"), rows) + f"\n\nOn {held_out['count']:,} recordings."
    streams = card["streams"]
    rows = [(label, f"{value:.1%}") for label, value in held_out["recall"].items()]
    areas = "".join(
        f"\n\nArea under the ROC curve, {label}: {area:.3f}" + _of_real(held_out, label)
        for label, area in held_out.get("auc", {}).items()
    )
    return (
        _table(("class", "recall"), [*rows, ("mean of the classes", f"{held_out['macro_recall']:.1%}")])
        + f"\n\nOn {held_out['count']:,} windows held out from training. In {streams['hours']:.2f} hours of streams: "
        f"{streams['hits']} of {streams['said']} detected, {streams['false_alarms']} false accepts." + areas
    )


def _of_real(held_out: dict[str, Any], label: str) -> str:
    """Of a vision model: the same on pictures that were not rendered."""
    area = held_out["real_auc"].get(label)
    return "." if area is None else f"; on the {held_out['real_count']:,} pictures that are not rendered, {area:.3f}."


def _making(card: dict[str, Any]) -> str:
    made = ", ".join(f"{name} {version}" for name, version in card["versions"].items())
    return f"`smidgen train {card['task']}`, seed {card['seed']}, with {made}. card.json has every parameter."


def _table(head: tuple[str, str], rows: list[tuple[str, str]]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |"]
    return "\n".join(lines + [f"| {name} | {value} |" for name, value in rows])
