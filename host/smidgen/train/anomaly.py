"""From recordings of machines that are well to a model that notices when one is not: features, autoencoder,
quantisation, scores, threshold, figures, card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen import __version__
from smidgen.datasets.cache import key_of
from smidgen.datasets.jobs import Progress, silent
from smidgen.datasets.machine.bearing import FAULTS, simulate
from smidgen.datasets.machine.files import load
from smidgen.datasets.machine.recordings import MachineClips
from smidgen.datasets.windows import Windows
from smidgen.errors import DataError, Interrupted
from smidgen.features.audio import AudioFrontEnd
from smidgen.train.anomaly_recipe import AnomalyRecipe
from smidgen.train.evaluate import litert
from smidgen.train.result import TrainedModel, finished, write_result
from smidgen.train.run import require_tensorflow, versions
from smidgen.train.scoring import AnomalySpec, figures_of

if TYPE_CHECKING:
    import keras

_BATCH = 256
_LEAST_DEVIATION = 2.0  # steps of a feature: below it, rounding is most of the error
_KEPT_WINDOWS = 400


def train_anomaly(
    out_dir: str | Path = "build/anomaly",
    *,
    seed: int = 1,
    data: str | Path | None = None,
    recipe: AnomalyRecipe | None = None,
    progress: Progress = silent,
) -> TrainedModel:
    """Train a model that tells whether a machine sounds as it did.

    data: recordings, see datasets/machine/files.py; None simulates machines. Only normal recordings are learned from;
    the last of them, and the anomalous ones, are for the figures. out_dir: where the result goes (see `TrainedModel`);
    the result of these very arguments is returned at once when it is there.

    Everything random follows from `seed`. Raises DataError, AudioError (recordings), MissingExtra (no TensorFlow),
    Interrupted (Ctrl-C; out_dir is untouched).
    """
    require_tensorflow()
    recipe, out_dir = recipe or AnomalyRecipe(), Path(out_dir)
    progress("recordings", 0, 1)
    clips = _simulated(recipe, seed) if data is None else load(Path(data))
    key = key_of(__version__, "anomaly", seed, recipe.to_dict(), clips.key())
    if (done := finished(out_dir, key)) is not None:
        return done
    kept, test = clips.split(recipe.held_out)
    learned, validation = kept.split(recipe.validated)
    windows = [frames_of(audio, recipe) for audio in learned.audio]
    train = np.concatenate(windows)
    if not len(train):
        raise DataError(f"{data}: its recordings are shorter than a window; record some seconds each")
    progress("recordings", 1, 1, f"{len(clips)} recordings, {len(train):,} windows")
    model, history = _fit(train, [frames_of(audio, recipe) for audio in validation.audio], recipe, seed, progress)
    content, spec, zero_points = _finish(model, train, validation, recipe, progress)
    figures = _figures(content, spec, zero_points, test, recipe)
    card = {
        "key": key,
        "task": "anomaly",
        "labels": [],
        "seed": seed,
        "audio": asdict(recipe.spec),
        "anomaly": spec.to_dict(),
        "data": {
            "source": "simulated machines" if data is None else "recordings",
            "train": {"recordings": len(learned), "machines": sorted({*learned.machines})},
            "validation": {"recordings": len(validation)},
            "held_out": {"normal": test.anomalous.count(False), "anomalous": test.anomalous.count(True)},
        },
        "recipe": recipe.to_dict(),
        "held_out": figures,
        "versions": versions(),
    }
    some = train[:: max(1, len(train) // _KEPT_WINDOWS)][:_KEPT_WINDOWS]
    return write_result(out_dir, content, card, history, Windows(some, np.zeros(len(some), np.int64)))


def frames_of(audio: np.ndarray, recipe: AnomalyRecipe, hops: int = 1) -> np.ndarray:
    """A recording's windows, one every `hops` frames: int8 [n, frames, channels]."""
    spec = recipe.spec
    features = AudioFrontEnd(spec).stream(audio)
    if len(features) < spec.frames:
        return np.zeros((0, spec.frames, spec.channels), np.int8)
    view = np.lib.stride_tricks.sliding_window_view(features, spec.frames, axis=0)[::hops]
    return np.ascontiguousarray(view.transpose(0, 2, 1))


def _simulated(recipe: AnomalyRecipe, seed: int) -> MachineClips:
    counts = {None: recipe.clips} | dict.fromkeys(FAULTS, recipe.faulty)
    return simulate(recipe.machines, counts, recipe.clip_s, recipe.fault_db, seed)


def _fit(
    train: np.ndarray, validation: list[np.ndarray], recipe: AnomalyRecipe, seed: int, progress: Progress
) -> tuple[keras.Model, dict[str, Any]]:
    """The float model on features as they are, with the weights of the epoch that restores other recordings best."""
    import keras

    from smidgen.models import autoencoder

    flat = train.reshape(len(train), -1).astype(np.float32)
    mean = flat.mean(axis=0, dtype=np.float64)
    deviation = np.maximum(flat.std(axis=0, dtype=np.float64), _LEAST_DEVIATION)
    x = (flat - mean) / deviation
    held_out = (np.concatenate(validation or [train]).reshape(-1, flat.shape[1]) - mean) / deviation
    keras.utils.set_random_seed(seed)
    model = autoencoder.build(flat.shape[1], recipe.width)
    steps = -(-len(x) // _BATCH) * recipe.epochs
    model.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)), "mse")
    losses: dict[str, list[float]] = {"loss": [], "val_loss": []}
    best = None
    progress("training", 0, recipe.epochs)
    try:
        for epoch in range(recipe.epochs):
            found = model.fit(x, x, batch_size=_BATCH, validation_data=(held_out, held_out), verbose=0).history
            for name, values in losses.items():
                values.append(float(found[name][0]))
            if best is None or losses["val_loss"][-1] < min(losses["val_loss"][:-1]):
                best = epoch, model.get_weights()
            progress("training", epoch + 1, recipe.epochs, f"error {found['val_loss'][0]:.3f} on other recordings")
    except KeyboardInterrupt as stop:
        raise Interrupted("stopped while training; run it again to train anew") from stop
    assert best is not None
    model.set_weights(best[1])
    spec = recipe.spec
    return autoencoder.on_features(model, (spec.frames, spec.channels), mean, deviation), losses | {
        "best_epoch": best[0]
    }


def _finish(
    model: keras.Model, train: np.ndarray, validation: MachineClips, recipe: AnomalyRecipe, progress: Progress
) -> tuple[bytes, AnomalySpec, tuple[int, int]]:
    """Quantise; weigh each channel by how little its error varies; a threshold from normal recordings."""
    from smidgen.train.quantise import quantise

    progress("quantising", 0, 1)
    content = quantise(model, train)
    interpreter = litert(content)
    (scale, zero_in), (out_scale, zero_out) = (
        details[0]["quantization"] for details in (interpreter.get_input_details(), interpreter.get_output_details())
    )
    some = train[:: max(1, len(train) // 1000)]
    errors = some.reshape(len(some), -1) * 1.0 - (_restored(content, some) - zero_out) * (out_scale / scale)
    per_channel = np.sqrt(np.mean(errors.reshape(-1, recipe.spec.channels) ** 2, axis=0)).clip(0.5)
    weights = np.clip(np.rint(255 * per_channel.min() / per_channel), 1, 255).astype(int)
    spec = AnomalySpec(
        round(out_scale / scale * 65536),
        recipe.hops,
        recipe.smooth,
        recipe.learned,
        round(recipe.margin * 16),
        0,
        tuple(weights.tolist()),
    )
    reports = [r for audio in validation.audio for r in reports_of(content, spec, (zero_in, zero_out), audio, recipe)]
    progress("quantising", 1, 1)
    spec = AnomalySpec(**{**asdict(spec), "threshold": spec.learn(reports) if reports else 0})
    return content, spec, (zero_in, zero_out)


def reports_of(
    content: bytes, spec: AnomalySpec, zero_points: tuple[int, int], audio: np.ndarray, recipe: AnomalyRecipe
) -> list[int]:
    """The reports that a recording gives; of a short one, the mean of all its scores."""
    windows = frames_of(audio, recipe, spec.hops)
    scores = [spec.score(x, y, zero_points) for x, y in zip(windows, _restored(content, windows), strict=True)]
    smooth = min(spec.smooth, len(scores)) or 1
    return [sum(scores[i : i + smooth]) // smooth for i in range(0, len(scores) - smooth + 1, smooth)]


def _restored(content: bytes, windows: np.ndarray) -> np.ndarray:
    """What the .tflite makes of windows: int8 [n, values]."""
    interpreter = litert(content)
    source, target = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]
    out = np.empty((len(windows), target["shape"][-1]), np.int8)
    for i, window in enumerate(windows):
        interpreter.set_tensor(source, window[np.newaxis, ..., np.newaxis])
        interpreter.invoke()
        out[i] = interpreter.get_tensor(target["index"])[0]
    return out


def _figures(
    content: bytes, spec: AnomalySpec, zero_points: tuple[int, int], test: MachineClips, recipe: AnomalyRecipe
) -> dict[str, Any]:
    """Area under the curve of the recordings' mean reports, for each machine and over all."""
    scores = [float(np.mean(reports_of(content, spec, zero_points, a, recipe) or [0])) for a in test.audio]
    return figures_of(scores, test)
