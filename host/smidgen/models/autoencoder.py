"""A small dense autoencoder, after MLPerf Tiny's for machine sounds (Banbury et al. 2021, arXiv:2106.07597, itself the
baseline of DCASE 2020 task 2; Koizumi et al. 2020): dense layers down to eight values and up again.

Differences: 5 frames of 40 channels instead of 128, and 64 units a layer instead of 128, an eighth of the weights;
inputs are standardised, which is folded into the first and the last layer, so that it costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from smidgen.errors import MissingExtra

if TYPE_CHECKING:
    import keras

CODE = 8


def build(values: int, width: int = 64) -> keras.Model:
    """A float model of standardised features: float32 [n, values] -> float32 [n, values], what it makes of them."""
    try:
        from keras import Model, layers
    except ImportError as error:
        raise MissingExtra("training", "train") from error
    x = inputs = layers.Input((values,), name="standardised")
    for n, units in enumerate((width, width, CODE, width, width), 1):
        x = layers.Dense(units, name=f"dense{n}")(x)
        x = layers.BatchNormalization(momentum=0.9, name=f"norm{n}")(x)
        x = layers.ReLU(name=f"relu{n}")(x)
    return Model(inputs, layers.Dense(values, name="restored")(x), name="autoencoder")


def on_features(model: keras.Model, shape: tuple[int, int], mean: np.ndarray, deviation: np.ndarray) -> keras.Model:
    """The same model on features as they are: float32 [n, *shape, 1], features / 128, to [n, values], the same unit.

    mean, deviation: float [values], what the features were standardised with, in features' own steps.
    """
    from keras import Model, layers

    x = inputs = layers.Input((*shape, 1), name="features")
    x = layers.Flatten(name="flatten")(x)
    for layer in model.layers[1:]:
        if layer.name not in ("dense1", "restored"):
            x = layer(x)
            continue
        weights, bias = (value.astype(np.float64) for value in layer.get_weights())
        if layer.name == "dense1":
            folded = [128 * weights / deviation[:, None], bias - (mean / deviation) @ weights]
        else:
            folded = [weights * deviation / 128, (bias * deviation + mean) / 128]
        again = layers.Dense(layer.units, name=f"{layer.name}_folded")
        x = again(x)
        again.set_weights(folded)
    return Model(inputs, x, name="autoencoder_folded")
