"""A model that was saved by Keras, quantised."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from smidgen.errors import ConvertError, DataError, MissingExtra
from smidgen.train.quiet import quiet

SUFFIXES = (".keras", ".h5")


def tflite_of(path: Path, examples: Path) -> bytes:
    """The int8 .tflite of a Keras model file.

    examples: a .npy of inputs, [n, ...] as the model takes them, a few hundred: they tell how large its values get.
    Raises MissingExtra without TensorFlow, OSError for a file that cannot be read, ConvertError for one that is no
    Keras model, DataError for examples of another shape.
    """
    inputs = _read_examples(examples)
    path.open("rb").close()
    try:
        import keras

        from smidgen.train.quantise import to_int8
    except ImportError as error:
        raise MissingExtra("converting a Keras model", "train") from error
    try:
        with quiet():
            model = keras.models.load_model(path, compile=False)
    except Exception as error:  # Keras raises many kinds
        first = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise ConvertError(str(path), [f"Keras cannot load it: {first}"]) from error
    if len(model.inputs) != 1 or inputs.shape[1:] != tuple(model.input_shape[1:]):
        wanted = ", ".join(map(str, model.input_shape[1:])) if len(model.inputs) == 1 else "one input only"
        raise DataError(f"{examples}: examples are {inputs.shape[1:]} each; {path} takes ({wanted})")
    return to_int8(model, inputs)


def _read_examples(path: Path) -> np.ndarray:
    try:
        with path.open("rb") as file:
            values = np.lib.format.read_array(file, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise DataError(f"{path}: not a .npy file of numbers; write one with numpy.save") from error
    if values.ndim < 2 or not len(values) or values.dtype.kind not in "fiu":
        raise DataError(f"{path}: must be one array of numbers, [n, ...], with at least one example")
    return values.astype(np.float32)
