"""From words to a keyword model: speech, augmentation, training, quantisation, thresholds, figures, card."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen import __version__
from smidgen.datasets.cache import cache_folder, key_of
from smidgen.datasets.clips import Clips, key_of_clips
from smidgen.datasets.jobs import Progress, silent
from smidgen.datasets.synth import engine_versions
from smidgen.datasets.windows import Windows
from smidgen.train import adaptation, material
from smidgen.train.calibrate import Calibration, calibrate
from smidgen.train.evaluate import Evaluation, evaluate, most_wrong, tflite_predictor
from smidgen.train.fit import fit
from smidgen.train.material import Material
from smidgen.train.pretrained import Pretrained
from smidgen.train.recipe import Recipe
from smidgen.train.result import TrainedModel, Worst, finished, write_result
from smidgen.train.run import epochs, require_tensorflow, versions

if TYPE_CHECKING:
    import keras

_CALIBRATION_CLIPS = 600
_WORST = 12


def train_keyword(
    words: Sequence[str],
    language: str = "en",
    out_dir: str | Path = "build/keyword",
    *,
    seed: int = 1,
    data: str | Path | None = None,
    adapt: str | Path | None = None,
    pretrained: str | Path | None = None,
    recipe: Recipe | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Train a model that tells the words, other speech ("_unknown_") and background ("_silence_") apart.

    words: one or more, in any case. language: a synthesiser's tag, "en", "pt-br". out_dir: where the result goes (see
    `TrainedModel`); when it already holds the result of these very arguments, that is returned at once. data: a folder
    WORD/*.wav to train on instead of synthetic speech. adapt: such a folder with a few recordings of the user's own
    (ten a word are worth having), on which the model is fine-tuned. pretrained: an earlier result to begin with; with
    `adapt` and for the same words it is fine-tuned at once, for others its layers but the last are where training
    starts. recipe: default `Recipe()`, all installed voices; `Recipe.quick()` is the demo's. cache: folder for
    generated speech and for a run under way (default: the user's cache).

    Everything random follows from `seed`. Raises UsageError (words, language), DataError (folders, disk), AudioError
    (a recording), MissingExtra (no TensorFlow), Interrupted (Ctrl-C; a re-run continues, out_dir is untouched).
    """
    require_tensorflow()
    recipe = recipe or Recipe()
    out_dir = Path(out_dir)
    labels = material.labels_for(words)
    user = None if adapt is None else adaptation.load(Path(adapt), labels)
    recorded = None if data is None else material.recorded(Path(data), words, recipe, seed)
    before = None if pretrained is None else Pretrained.read(Path(pretrained), "keyword", labels)
    key = _key(labels, language, seed, recipe, user, recorded, before)
    if (done := finished(out_dir, key)) is not None:
        return done
    clips = recorded or material.synthetic(words, language, recipe, seed, cache, progress)
    run = _Run(recipe, seed, cache, progress, (cache or cache_folder()) / "runs" / key)
    train, held_out = run.windows(clips)
    model, history = run.train(train, held_out, len(labels), before, at_once=user is not None)
    adapted = None if user is None else run.adapt(model, user, clips, train, held_out)
    content, figures, calibration = run.finish(model, train, held_out, clips)
    worst = run.worst(content, held_out, clips)
    card = {
        "key": key,
        "task": "keyword",
        "labels": list(labels),
        "language": language,
        "seed": seed,
        "audio": asdict(recipe.spec),
        "detection": calibration.spec.to_dict(),
        "data": {"source": "synthetic speech" if recorded is None else "recordings", **clips.summary()},
        "engines": engine_versions(recipe.engines) if recorded is None else {},
        "recipe": recipe.to_dict(),
        "held_out": figures.to_dict(),
        "streams": calibration.to_dict(),
        "adapted": adapted,
        "pretrained": None if before is None else before.result.card["key"],
        "versions": versions(),
    }
    result = write_result(out_dir, content, card, history, held_out, model.get_weights(), worst)
    shutil.rmtree(run.under_way, ignore_errors=True)
    return result


@dataclass(frozen=True)
class _Run:
    """The stages of one training run; what all of them need."""

    recipe: Recipe
    seed: int
    cache: Path | None
    progress: Progress
    under_way: Path  # where a stopped run is kept

    def windows(self, clips: Material) -> tuple[Windows, Windows]:
        """Augmented windows for training, and of speakers held out."""
        train, held_out = (
            material.windows(side, clips, self.recipe, self.seed + n, self.cache, self.progress)
            for n, side in enumerate((clips.train, clips.held_out))
        )
        return train, held_out

    def train(
        self, train: Windows, held_out: Windows, classes: int, before: Pretrained | None, at_once: bool
    ) -> tuple[keras.Model, dict[str, Any]]:
        """A fitted float model and its history. at_once: a model of the same words is taken as it is."""
        import keras

        from smidgen.models import ds_cnn

        keras.utils.set_random_seed(self.seed)
        spec = self.recipe.spec
        model = ds_cnn.build(spec.frames, spec.channels, classes, width=self.recipe.width)
        if before is not None:
            before.give_to(model)
            if at_once and before.same_labels:
                return model, before.result.history
        told = epochs(self.progress, "training", "held-out voices")
        history = fit(
            model, train, held_out, self.recipe.fit, seed=self.seed, on_epoch=told, resume=self.under_way / "training"
        )
        return model, history

    def adapt(
        self, model: keras.Model, user: Clips, clips: Material, train: Windows, held_out: Windows
    ) -> dict[str, Any]:
        """Fine-tune the model in place."""
        own = adaptation.windows(user, clips, self.recipe, self.seed, self.cache, self.progress)
        told = epochs(self.progress, "adapting", "held-out voices")
        kept = self.under_way / "adapting"
        history = adaptation.adapt(model, own, train, held_out, self.recipe, self.seed, told, kept)
        return history | {"recordings": len(user)}

    def finish(
        self, model: keras.Model, train: Windows, held_out: Windows, clips: Material
    ) -> tuple[bytes, Evaluation, Calibration]:
        """Quantise, measure on held-out speakers, choose thresholds on streams of them."""
        from smidgen.train.quantise import quantise

        self.progress("quantising", 0, 1)
        content = quantise(model, train.features)
        predict = tflite_predictor(content)
        figures = evaluate(predict, held_out.features, held_out.targets, clips.labels)
        self.progress("quantising", 1, 1, f"macro recall {figures.macro_recall:.1%}")
        chosen = np.random.default_rng(self.seed).permutation(len(clips.held_out))[:_CALIBRATION_CLIPS]
        some = clips.held_out.take(chosen.tolist())
        spec = self.recipe.spec
        return content, figures, calibrate(predict, some, clips.targets(some), clips.labels, spec, seed=self.seed)

    def worst(self, content: bytes, held_out: Windows, clips: Material) -> Worst:
        """The held-out windows whose right answer is furthest behind, with their sound."""
        chosen, answer, lead = most_wrong(tflite_predictor(content)(held_out.features), held_out.targets, _WORST)
        sounds = material.sounds(chosen.tolist(), clips.held_out, clips, self.recipe, self.seed + 1)
        return Worst(sounds, held_out.targets[chosen], answer, lead)


def _key(
    labels: Sequence[str],
    language: str,
    seed: int,
    recipe: Recipe,
    user: Clips | None,
    recorded: Material | None,
    before: Pretrained | None,
) -> str:
    """Equal for equal arguments and equal data: what makes a result reusable."""
    source = engine_versions(recipe.engines) if recorded is None else key_of_clips(recorded.train, recorded.held_out)
    own = None if user is None else key_of_clips(user)
    begins = None if before is None else before.result.card["key"]
    return key_of(__version__, list(labels), language, seed, recipe.to_dict(), source, own, begins)
