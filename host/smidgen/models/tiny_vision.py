"""A small MobileNet for pictures: depthwise separable convolutions (Howard et al., "MobileNets", 2017), as person
detection on microcontrollers has them (Chowdhery et al., "Visual Wake Words Dataset", 2019; width 0.25 at 96x96).

Differences: pictures of 32x32 rather than 96x96, and five separable blocks rather than thirteen, for there are fewer
halvings. `smidgen inspect` tells weights and work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smidgen.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    import keras

SMALLEST = 16
_BLOCKS = ((2, 1), (4, 2), (4, 1), (8, 2), (8, 1))
"""Of each: filters in widths, stride."""


def build(
    height: int,
    width: int,
    channels: int,
    classes: int,
    *,
    filters: int = 8,
    blocks: int = len(_BLOCKS),
    dropout: float = 0.2,
) -> keras.Model:
    """A float model: float32 [n, height, width, channels], features / 128 -> float32 [n, classes], probabilities.

    filters: of the first convolution. blocks: so many of the separable ones. Quantised it uses CONV_2D,
    DEPTHWISE_CONV_2D, AVERAGE_POOL_2D, RESHAPE, FULLY_CONNECTED and SOFTMAX. Raises UsageError for a picture too small
    for its halvings.
    """
    if min(height, width) < SMALLEST:
        raise UsageError(f"a picture of {width}x{height} is too small for this model; use {SMALLEST} or more")
    try:
        from keras import Model, layers
    except ImportError as error:
        raise MissingExtra("training", "train") from error
    inputs = layers.Input((height, width, channels), name="features")
    x = layers.Conv2D(filters, 3, 2, padding="same", use_bias=False, name="conv")(inputs)
    x = _normalised(x, "conv")
    for n, (widths, stride) in enumerate(_BLOCKS[:blocks], 1):
        x = layers.DepthwiseConv2D(3, stride, padding="same", use_bias=False, name=f"depthwise{n}")(x)
        x = _normalised(x, f"depthwise{n}")
        x = layers.Conv2D(widths * filters, 1, use_bias=False, name=f"pointwise{n}")(x)
        x = _normalised(x, f"pointwise{n}")
    x = layers.AveragePooling2D((x.shape[1], x.shape[2]), name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    x = layers.Dropout(dropout, name="dropout")(x)
    return Model(inputs, layers.Dense(classes, activation="softmax", name="scores")(x), name="tiny_vision")


def _normalised(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    from keras import layers

    return layers.ReLU(name=f"{name}_relu")(layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x))
