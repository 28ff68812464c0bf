"""Pictures changed at random, a batch at a time, in TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smidgen.train.fit import Disturb
from smidgen.train.vision_recipe import Variation

if TYPE_CHECKING:
    import tensorflow as tf


def disturber(how: Variation, seed: int) -> Disturb:
    """What makes of features int8 [n, h, w] or [n, h, w, 3] the input of a model, each picture changed anew."""
    import tensorflow as tf

    generator = tf.random.Generator.from_seed(seed)

    def disturb(features: tf.Tensor) -> tf.Tensor:
        x = tf.cast(features, tf.float32)
        x = x[..., tf.newaxis] if features.shape.rank == 3 else x
        n = tf.shape(x)[0]
        x = tf.raw_ops.ImageProjectiveTransformV3(
            images=x,
            transforms=_transforms(generator, how, n, x.shape[1], x.shape[2]),
            output_shape=tf.shape(x)[1:3],
            interpolation="BILINEAR",
            fill_mode="NEAREST",
            fill_value=0.0,
        )
        contrast = tf.exp(generator.normal([n, 1, 1, 1], 0, how.contrast))
        light = generator.normal([n, 1, 1, 1], 0, how.light)
        mean = tf.reduce_mean(x, axis=[1, 2, 3], keepdims=True)
        x = (x - mean) * contrast + mean + light + generator.normal(tf.shape(x), 0, how.grain)
        return tf.clip_by_value(x, -128.0, 127.0) / 128.0

    return disturb


def _transforms(generator: tf.random.Generator, how: Variation, n: tf.Tensor, height: int, width: int) -> tf.Tensor:
    """float32 [n, 8]: where each output pixel comes from, about the middle of the picture."""
    import tensorflow as tf

    angle = generator.normal([n], 0, how.turn)
    size = tf.exp(generator.normal([n], 0, how.zoom))
    side = tf.where(generator.uniform([n]) < (0.5 if how.mirrored else 0.0), -1.0, 1.0)
    cosine, sine = tf.cos(angle) * size, tf.sin(angle) * size
    a, b, d, e = cosine * side, -sine, sine * side, cosine
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    x = middle_x - a * middle_x - b * middle_y + generator.normal([n], 0, how.shift * width)
    y = middle_y - d * middle_x - e * middle_y + generator.normal([n], 0, how.shift * height)
    nil = tf.zeros_like(a)
    return tf.stack([a, b, x, d, e, y, nil, nil], axis=1)
