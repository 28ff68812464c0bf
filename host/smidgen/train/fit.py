"""Fit a classifier to int8 windows: AdamW, cosine decay, the epoch that is best on held-out windows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from smidgen.datasets.windows import Windows
from smidgen.errors import Interrupted
from smidgen.train.keeper import EpochEnd, keeper_class

if TYPE_CHECKING:
    import keras
    import tensorflow as tf

Disturb = Callable[["tf.Tensor"], "tf.Tensor"]
"""A batch of features, int8 [n, ...] -> the model's input, float32 [n, ..., channels] in -1 to 1, disturbed."""


@dataclass(frozen=True)
class FitSettings:
    """How to fit. Part of the recipe in the model card.

    gain: int8 steps by which a whole window is made louder or quieter at random (log features: a gain is a sum).
    warp: channels by which it is shifted up or down. masks: at most so many frames and channels are blanked, once each.
    patience: epochs without a better one after which fitting ends. keep_last: all are run and the last one's weights
    stay.
    """

    epochs: int = 12
    patience: int = 6
    keep_last: bool = False
    batch: int = 64
    learning_rate: float = 4e-3
    weight_decay: float = 1e-3
    label_smoothing: float = 0.05
    gain: int = 8
    warp: int = 1
    masks: tuple[int, int] = (5, 4)


def fit(
    model: keras.Model,
    train: Windows,
    held_out: Windows,
    settings: FitSettings,
    *,
    seed: int,
    on_epoch: EpochEnd | None = None,
    resume: Path | None = None,
    disturber: Callable[[int], Disturb] | None = None,
) -> dict[str, Any]:
    """Train in place and leave the weights of the epoch with the highest held-out accuracy (the first of equals), or
    of the last.

    Classes count the same however many windows they have. disturber: makes of a seed what disturbs the windows of an
    epoch; None: as `settings` say, which is for spectrograms. resume: a folder where each epoch is kept, so that a run
    that was stopped goes on from its last one, and one that is over is not run again; whoever gave it removes it.
    Returns the history: `loss`, `accuracy`, `val_loss`, `val_accuracy`, `learning_rate`, one float an epoch, and
    `best_epoch`. Raises Interrupted on Ctrl-C.
    """
    import keras

    keras.utils.set_random_seed(seed)
    _compile(model, settings, -(-len(train) // settings.batch))
    classes = model.output_shape[-1]
    keeper = keeper_class()(settings.epochs, None if settings.keep_last else settings.patience, on_epoch, resume)
    keeper.restore(model)
    kept = keeper.kept
    disturb = disturber or partial(_disturber, settings)
    try:
        if not kept.over:
            model.fit(
                _batches(train, classes, settings, seed + kept.epochs_done, disturb),
                validation_data=(
                    scaled(held_out.features),
                    np.eye(classes)[held_out.targets],
                    _weights(held_out, classes),
                ),
                epochs=settings.epochs,
                initial_epoch=kept.epochs_done,
                callbacks=[keeper],
                shuffle=False,  # _batches shuffles
                verbose=0,
            )
    except KeyboardInterrupt as stop:
        again = "train anew" if resume is None else "go on from the last epoch"
        raise Interrupted(f"stopped while training; the data is kept, run it again to {again}") from stop
    model.set_weights(kept.weights)
    return {**kept.history, "best_epoch": kept.best}


def _compile(model: keras.Model, settings: FitSettings, steps: int) -> None:
    """steps: batches an epoch."""
    import keras

    schedule = keras.optimizers.schedules.CosineDecay(
        0.0, steps * settings.epochs, warmup_target=settings.learning_rate, warmup_steps=steps // 2
    )
    model.compile(
        keras.optimizers.AdamW(schedule, weight_decay=settings.weight_decay),
        keras.losses.CategoricalCrossentropy(label_smoothing=settings.label_smoothing),
        metrics=[keras.metrics.CategoricalAccuracy("accuracy")],
        weighted_metrics=[],
    )
    model.optimizer.build(model.trainable_variables)  # where a step finds all variables there, it is traced once only


def scaled(features: np.ndarray) -> np.ndarray:
    """int8 [n, rows, columns] -> the model's input, float32 [n, rows, columns, 1] in -1 to 1; colours, int8 [n, rows,
    columns, 3], keep their shape."""
    return (features if features.ndim == 4 else features[..., np.newaxis]).astype(np.float32) / 128.0


def _weights(windows: Windows, classes: int) -> np.ndarray:
    """float32 [n]: each class weighs the same in sum, the mean weight is 1."""
    counts = np.bincount(windows.targets, minlength=classes)
    return (len(windows) / np.maximum(counts, 1) / np.count_nonzero(counts))[windows.targets].astype(np.float32)


def _batches(
    windows: Windows, classes: int, settings: FitSettings, seed: int, disturber: Callable[[int], Disturb]
) -> tf.data.Dataset:
    """Shuffled batches of (features, one-hot, weight), each window disturbed anew in each epoch."""
    import tensorflow as tf

    data = tf.data.Dataset.from_tensor_slices(
        (windows.features, np.eye(classes, dtype=np.float32)[windows.targets], _weights(windows, classes))
    )
    data = data.shuffle(len(windows), seed=seed).batch(settings.batch)
    disturb = disturber(seed)
    return data.map(lambda x, y, w: (disturb(x), y, w)).prefetch(2)


def _disturber(settings: FitSettings, seed: int) -> Disturb:
    """SpecAugment (Park et al. 2019) without time warping, plus a random gain and a shift along the mel axis."""
    import tensorflow as tf

    generator = tf.random.Generator.from_seed(seed)

    def disturb(features: tf.Tensor) -> tf.Tensor:
        n, frames, channels = tf.shape(features)[0], features.shape[1], features.shape[2]
        x = tf.cast(features, tf.float32)
        gain = generator.uniform([n, 1, 1], -settings.gain, settings.gain)
        shift = generator.uniform([n, 1], -settings.warp, settings.warp + 1, tf.int32)
        source = tf.clip_by_value(tf.range(channels)[tf.newaxis] + shift, 0, channels - 1)
        x = tf.gather(x, source, axis=2, batch_dims=1)
        x = tf.clip_by_value(x + gain, -128.0, 127.0)
        for axis, (size, most) in enumerate(zip((frames, channels), settings.masks, strict=True), 1):
            width = generator.uniform([n, 1], 0, most + 1, tf.int32)
            start = generator.uniform([n, 1], 0, size, tf.int32)
            place = tf.range(size)[tf.newaxis]
            kept = tf.cast((place < start) | (place >= start + width), tf.float32)
            mean = tf.reduce_mean(x, axis=[1, 2], keepdims=True)
            kept = tf.expand_dims(kept, 3 - axis)
            x = x * kept + mean * (1.0 - kept)
        return x[..., tf.newaxis] / 128.0

    return disturb
