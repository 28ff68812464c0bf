"""Stages 1 and 2: a trained model, from the cache, from scratch, or the one that ships."""

from __future__ import annotations

from pathlib import Path

from smidgen.datasets.jobs import Progress
from smidgen.demo.settings import Settings
from smidgen.errors import SmidgenError, UsageError
from smidgen.train.result import TrainedModel, read_result

PRETRAINED = Path(__file__).with_name("pretrained")


def obtain(settings: Settings, progress: Progress) -> TrainedModel:
    """The model that the demo deploys. Raises what `train_keyword` raises; UsageError for words that do not ship."""
    if settings.pretrained:
        return _pretrained(settings)
    from smidgen.train.keyword import train_keyword
    from smidgen.train.recipe import Recipe

    recipe = Recipe.tiny() if settings.quick else Recipe.quick()
    folder = settings.out / "model"
    return train_keyword(
        settings.words, settings.language, folder, seed=settings.seed, recipe=recipe, progress=progress
    )


def pretrained() -> TrainedModel:
    """The model that ships with the package: yes and no, English."""
    model = read_result(PRETRAINED)
    if model is None:
        raise SmidgenError(f"{PRETRAINED} is not whole; install the smidgen package again")
    return model


def _pretrained(settings: Settings) -> TrainedModel:
    model = pretrained()
    if {*settings.words} != {*model.labels[2:]} or settings.language != model.card["language"]:
        known = ",".join(model.labels[2:])
        raise UsageError(
            f"--pretrained has only --words {known} --lang {model.card['language']}; leave it out to train a model"
        )
    return model
