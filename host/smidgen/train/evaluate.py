"""Accuracy of a classifier on labelled windows. The predictor is an argument: any engine can be asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from smidgen.errors import DataError, MissingExtra, UsageError

Predictor = Callable[[np.ndarray], np.ndarray]
"""int8 features [n, frames, channels], of pictures [n, height, width] -> int8 scores [n, classes]."""


@dataclass(frozen=True)
class Evaluation:
    """What `evaluate` found. confusion: int64 [classes, classes], rows are the truth, columns the prediction."""

    labels: tuple[str, ...]
    confusion: np.ndarray

    @property
    def count(self) -> int:
        return int(self.confusion.sum())

    @property
    def accuracy(self) -> float:
        """Fraction of all windows that are right."""
        return float(np.trace(self.confusion) / self.confusion.sum())

    @property
    def recall(self) -> dict[str, float]:
        """Fraction of each class's windows that are right; classes without a window are left out."""
        totals = self.confusion.sum(axis=1)
        return {label: float(self.confusion[i, i] / totals[i]) for i, label in enumerate(self.labels) if totals[i] > 0}

    @property
    def macro_recall(self) -> float:
        """Mean of `recall`: each class counts the same, however many windows it has."""
        return float(np.mean(list(self.recall.values())))

    def to_dict(self) -> dict[str, Any]:
        """What `smidgen evaluate --json` prints."""
        return {
            "labels": list(self.labels),
            "count": self.count,
            "accuracy": self.accuracy,
            "macro_recall": self.macro_recall,
            "recall": self.recall,
            "confusion": self.confusion.tolist(),
        }


def evaluate(predict: Predictor, features: np.ndarray, targets: np.ndarray, labels: Sequence[str]) -> Evaluation:
    """Ask `predict` about every window.

    features: int8 [n, frames, channels]. targets: [n], index into labels. The prediction is the class with the
    highest score, the first of equals. Raises DataError when there is no window, UsageError when predictor and labels
    disagree about the number of classes.
    """
    if not len(features):
        raise DataError("nothing to evaluate: no window; give recordings of at least one word")
    scores = np.asarray(predict(features))
    if scores.shape != (len(features), len(labels)):
        raise UsageError(f"the model gives scores of shape {scores.shape}, the labels {list(labels)} "
                         f"need ({len(features)}, {len(labels)})")  # fmt: skip
    confusion = np.zeros((len(labels), len(labels)), np.int64)
    np.add.at(confusion, (np.asarray(targets), scores.argmax(axis=1)), 1)
    return Evaluation(tuple(labels), confusion)


def most_wrong(scores: np.ndarray, targets: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Windows whose right answer is furthest behind the one given, worst first: (which, what was answered, by how much
    that leads), int64 [at most count] each. scores: [n, classes]."""
    scores = scores.astype(np.int64)
    lead = scores.max(axis=1) - scores[np.arange(len(scores)), targets]
    chosen = np.argsort(-lead, kind="stable")[:count]
    chosen = chosen[lead[chosen] > 0]
    return chosen, scores[chosen].argmax(axis=1), lead[chosen]


def litert(content: bytes) -> Any:
    """A LiteRT interpreter with plain kernels, ready to run. Raises MissingExtra when LiteRT is not installed."""
    try:
        from ai_edge_litert.interpreter import Interpreter, OpResolverType
    except ImportError as error:
        raise MissingExtra("running a .tflite", "train") from error
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = Interpreter(model_content=content, experimental_op_resolver_type=plain)
    interpreter.allocate_tensors()
    return interpreter


def tflite_predictor(content: bytes) -> Predictor:
    """A predictor that runs an int8 .tflite in LiteRT.

    Much faster than TensorFlow Lite Micro, whose scores may differ by the rounding of the last dense layer.
    """
    interpreter = litert(content)
    source, target = interpreter.get_input_details()[0], interpreter.get_output_details()[0]

    def predict(features: np.ndarray) -> np.ndarray:
        scores = np.empty((len(features), target["shape"][-1]), np.int8)
        for i, window in enumerate(features):
            interpreter.set_tensor(source["index"], window.reshape(source["shape"]))
            interpreter.invoke()
            scores[i] = interpreter.get_tensor(target["index"])[0]
        return scores

    return predict
