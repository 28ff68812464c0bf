"""Figures of merit, checked against numbers worked out by hand."""

import numpy as np
import pytest

from smidgen.errors import DataError, UsageError
from smidgen.train.evaluate import evaluate

LABELS = ("_silence_", "_unknown_", "yes", "no")
FEATURES = np.arange(6, dtype=np.int8).reshape(6, 1, 1)
TRUTH = np.array([1, 1, 1, 2, 2, 3])
SCORES = np.array(
    [[0, 9, 0, 0], [0, 9, 0, 0], [0, 0, 9, 0], [0, 0, 9, 0], [5, 0, 5, 0], [0, 0, 0, 9]], np.int8
)  # right, right, taken for yes, right, a tie that falls to silence, right


def predict(features: np.ndarray) -> np.ndarray:
    return SCORES[features[:, 0, 0]]


def test_figures_are_those_worked_out_by_hand() -> None:
    found = evaluate(predict, FEATURES, TRUTH, LABELS)
    assert found.confusion.tolist() == [[0, 0, 0, 0], [0, 2, 1, 0], [1, 0, 1, 0], [0, 0, 0, 1]]
    assert found.count == 6 and found.accuracy == pytest.approx(4 / 6)
    assert found.recall == {"_unknown_": pytest.approx(2 / 3), "yes": 0.5, "no": 1.0}
    assert found.macro_recall == pytest.approx((2 / 3 + 0.5 + 1.0) / 3)


def test_json_has_the_promised_names() -> None:
    fields = evaluate(predict, FEATURES, TRUTH, LABELS).to_dict()
    assert {"accuracy", "macro_recall", "recall", "confusion", "labels", "count"} <= set(fields)


def test_nothing_to_evaluate_is_one_line() -> None:
    with pytest.raises(DataError, match="nothing to evaluate"):
        evaluate(predict, FEATURES[:0], TRUTH[:0], LABELS)


def test_a_model_with_other_classes_is_refused() -> None:
    with pytest.raises(UsageError, match="labels"):
        evaluate(predict, FEATURES, TRUTH, LABELS[:3])
