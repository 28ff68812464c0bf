"""A small convolutional network over time for motion, after the magic wand of TensorFlow Lite Micro (Warden and
Situnayake, "TinyML", 2019, chapter 11: two convolutions, two poolings, two dense layers over 128 samples).

Differences: the first kernel spans all three axes at once, for what tells gestures apart is how the axes move together;
padding is VALID, so that no position sees samples that there were not; the first pooling is a stride; the dense layer
in the middle goes, with most of the weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smidgen.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    import keras

SMALLEST_WINDOW = 20


def build(window: int, axes: int, classes: int, *, width: int = 16, dropout: float = 0.2) -> keras.Model:
    """A float model: float32 [n, window, axes, 1], features / 128 -> float32 [n, classes], probabilities.

    width: filters of the first convolution; later ones have twice as many. Quantised it uses CONV_2D, MAX_POOL_2D,
    RESHAPE, FULLY_CONNECTED and SOFTMAX. Raises UsageError for a window too short for the VALID convolutions.
    """
    if window < SMALLEST_WINDOW:
        raise UsageError(f"motion CNN: a window of {window} samples is too short; use {SMALLEST_WINDOW} or more")
    try:
        from keras import Model, layers
    except ImportError as error:
        raise MissingExtra("training", "train") from error
    inputs = layers.Input((window, axes, 1), name="features")
    x = inputs
    for n, (filters, kernel, stride) in enumerate(
        [(width, (5, axes), (1, 1)), (2 * width, (5, 1), (2, 1)), (2 * width, (5, 1), (1, 1))], 1
    ):
        x = layers.Conv2D(filters, kernel, stride, use_bias=False, name=f"conv{n}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm{n}")(x)
        x = layers.ReLU(name=f"relu{n}")(x)
    x = layers.MaxPooling2D((2, 1), name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return Model(inputs, layers.Dense(classes, activation="softmax", name="scores")(x), name="motion_cnn")
