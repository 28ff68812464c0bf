"""A float Keras model becomes an int8 .tflite (Jacob et al. 2018, "Quantization and Training of Neural Networks")."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from smidgen.errors import ConvertError
from smidgen.train.evaluate import litert
from smidgen.train.fit import scaled
from smidgen.train.quiet import quiet

if TYPE_CHECKING:
    import keras

_REPRESENTATIVE = 400
_INPUT_SCALE = 1.0 / 128.0


def quantise(model: keras.Model, features: np.ndarray) -> bytes:
    """Quantise to full int8: int8 in [1, frames, channels, 1], int8 out [1, classes] (score = 256 p - 128).

    features: int8 [n, frames, channels] that calibrate the activations' ranges, a few hundred; evenly spread ones are
    taken. The input takes features as they are (scale 1/128, zero point 0). Raises ConvertError when TensorFlow fails.
    """
    chosen = scaled(features[:: max(1, len(features) // _REPRESENTATIVE)])
    chosen[0].flat[0], chosen[0].flat[-1] = -1.0, 127.0 / 128.0  # the whole range, whatever the sample
    content = to_int8(model, chosen)
    _check_input(content, model.name)
    return content


def to_int8(model: keras.Model, examples: np.ndarray) -> bytes:
    """Quantise a model of one input to full int8, int8 in and out.

    examples: float32 [n, ...] inputs that calibrate the ranges, a few hundred. Raises ConvertError when TensorFlow
    fails.
    """
    import keras
    import tensorflow as tf

    def samples() -> Iterator[list[np.ndarray]]:
        for window in examples:
            yield [window[np.newaxis]]

    # A fixed batch leaves no shape arithmetic behind; fixed names make the file the same in every process.
    window = keras.Input(batch_shape=(1, *model.input_shape[1:]), name="features")
    single = keras.Model(window, model(window, training=False), name="single")
    converter = tf.lite.TFLiteConverter.from_keras_model(single)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = samples
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    with quiet():
        try:
            content = bytes(converter.convert())
        except Exception as error:  # the converter raises many kinds, its own and MLIR's
            raise ConvertError(model.name, [f"TensorFlow could not quantise it: {error}"]) from error
    return content


def _check_input(content: bytes, name: str) -> None:
    scale, zero_point = litert(content).get_input_details()[0]["quantization"]
    if (scale, zero_point) != (_INPUT_SCALE, 0):
        raise ConvertError(name, [f"its input is quantised with {scale}, {zero_point}, not with 1/128, 0"])
