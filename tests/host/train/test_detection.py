"""Detection in integers: what fires, what does not, and that the rule is the one that its docstring states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen.errors import UsageError
from smidgen.train.detection import NEVER, Detection, DetectionSpec, Detector, detect

SPEC = DetectionSpec(thresholds=(NEVER, NEVER, 60, 60), window=3, hops=5, refractory=4)
QUIET, YES, NO = (120, -128, -128, -128), (-128, -128, 100, -128), (-128, -128, -128, 100)
scores = st.lists(st.tuples(*[st.integers(-128, 127)] * 3), max_size=60)
specs = st.builds(
    DetectionSpec,
    thresholds=st.tuples(*[st.integers(-128, NEVER)] * 3),
    window=st.integers(1, 5),
    hops=st.just(1),
    refractory=st.integers(0, 6),
)


def test_a_word_is_detected_once_its_smoothed_score_reaches_the_threshold() -> None:
    assert detect([QUIET] * 5 + [YES] * 3 + [QUIET] * 5, SPEC) == [Detection(7, 2, 300)]


def test_a_short_burst_is_not_a_word() -> None:
    assert detect([QUIET] * 5 + [YES] + [QUIET] * 5, SPEC) == []


def test_nothing_is_detected_before_the_window_is_full() -> None:
    assert [d.step for d in detect([YES] * 3, SPEC)] == [2]


def test_a_lasting_word_is_reported_again_only_after_the_refractory_steps() -> None:
    assert [d.step for d in detect([YES] * 20, SPEC)] == [2, 7, 12, 17]


def test_the_leading_class_wins_and_of_equals_the_first() -> None:
    assert [d.label for d in detect([(0, 0, 90, 91)] * 3, SPEC)] == [3]
    assert [d.label for d in detect([(0, 0, 90, 90)] * 3, SPEC)] == [2]
    assert detect([(90, 0, 90, 0)] * 3, SPEC) == []


@given(scores, specs)
def test_the_rule_is_the_one_in_the_docstring(rows: list[tuple[int, ...]], spec: DetectionSpec) -> None:
    expected, free_from = [], 0
    for step in range(len(rows)):
        recent = rows[max(0, step + 1 - spec.window) : step + 1]
        sums = [sum(row[label] for row in recent) for label in range(3)]
        best = sums.index(max(sums))
        if len(recent) == spec.window and step >= free_from and sums[best] >= spec.window * spec.thresholds[best]:
            expected.append(Detection(step, best, sums[best]))
            free_from = step + spec.refractory + 1
    assert detect(rows, spec) == expected


@given(scores, specs, st.integers(0, 60))
def test_a_stream_may_be_fed_in_any_pieces(rows: list[tuple[int, ...]], spec: DetectionSpec, cut: int) -> None:
    detector = Detector(spec)
    pieces = [detector.feed(row) for row in rows[:cut]] + [detector.feed(row) for row in rows[cut:]]
    assert [d for d in pieces if d] == detect(rows, spec) == detect(np.array(rows, np.int8).reshape(-1, 3), spec)


@given(specs)
def test_a_spec_survives_the_card(spec: DetectionSpec) -> None:
    assert DetectionSpec.from_dict(spec.to_dict()) == spec


@pytest.mark.parametrize(
    "fields", [{"window": 0}, {"window": 256}, {"hops": 0}, {"refractory": -1}, {"thresholds": (129,)}]
)
def test_a_spec_out_of_range_is_refused(fields: dict[str, int]) -> None:
    with pytest.raises(UsageError, match="detection"):
        DetectionSpec(**{"thresholds": (0,), "window": 3, "hops": 5, "refractory": 1, **fields})  # type: ignore[arg-type]
