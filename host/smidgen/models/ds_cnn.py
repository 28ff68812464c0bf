"""DS-CNN, the depthwise separable network of Zhang et al., "Hello Edge: Keyword Spotting on Microcontrollers", 2017.

Differences from the paper, for a 40-channel front end and a model that will be run as a stream: padding is VALID, so
that no position sees zeros that a stream would not have; the first convolution strides 4 in frequency, and four blocks
narrow nine bands to one, which keeps the work at about 1.5 million MACs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from smidgen.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    import keras

FIRST_KERNEL = (10, 8)
FIRST_STRIDES = (2, 4)
BLOCKS = 4
SMALLEST_FRAMES, SMALLEST_CHANNELS = 26, 40


def build(frames: int, channels: int, classes: int, *, width: int = 56) -> keras.Model:
    """A float model: float32 [n, frames, channels, 1], features / 128 -> float32 [n, classes], probabilities.

    width: filters of every convolution. There is no dropout: so small a network learns its training data too little
    rather than too well. Quantised it uses CONV_2D, DEPTHWISE_CONV_2D, AVERAGE_POOL_2D, RESHAPE, FULLY_CONNECTED and
    SOFTMAX. Raises UsageError for features too small for the VALID convolutions.
    """
    if frames < SMALLEST_FRAMES or channels < SMALLEST_CHANNELS:
        smallest = f"{SMALLEST_FRAMES} x {SMALLEST_CHANNELS}"
        raise UsageError(f"DS-CNN: features of {frames} x {channels} are too small; use {smallest} or more")
    try:
        from keras import Model, layers
    except ImportError as error:
        raise MissingExtra("training", "train") from error
    inputs = layers.Input((frames, channels, 1), name="features")
    x = layers.Conv2D(width, FIRST_KERNEL, FIRST_STRIDES, use_bias=False, name="conv")(inputs)
    x = _normalised(x, "conv")
    for n in range(1, BLOCKS + 1):
        x = layers.DepthwiseConv2D(3, use_bias=False, name=f"depthwise{n}")(x)
        x = _normalised(x, f"depthwise{n}")
        x = layers.Conv2D(width, 1, use_bias=False, name=f"pointwise{n}")(x)
        x = _normalised(x, f"pointwise{n}")
    x = layers.AveragePooling2D((x.shape[1], x.shape[2]), name="pool")(x)
    x = layers.Flatten(name="flatten")(x)
    return Model(inputs, layers.Dense(classes, activation="softmax", name="scores")(x), name="ds_cnn")


def _normalised(x: keras.KerasTensor, name: str) -> keras.KerasTensor:
    from keras import layers

    return layers.ReLU(name=f"{name}_relu")(layers.BatchNormalization(momentum=0.9, name=f"{name}_norm")(x))
