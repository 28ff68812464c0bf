"""Adapting: how often a user's recordings are heard, and what is heard beside them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smidgen.datasets.windows import Windows
from smidgen.train.adaptation import beside, repeats


def test_many_other_words_do_not_drown_ten_keywords() -> None:
    targets = np.array([1] * 250 + [2] * 10 + [3] * 10)
    scenes = np.bincount(targets, repeats(targets, 40))
    assert scenes[2] == scenes[3] == 400 and scenes[1] == 250 * 8


@given(st.lists(st.integers(0, 4), min_size=1, max_size=80), st.integers(1, 60))
def test_every_recording_is_heard_and_no_rarer_class_less_than_a_commoner(classes: list[int], count: int) -> None:
    targets = np.array(classes)
    each = repeats(targets, count)
    assert each.min() >= 1 and each.max() == count
    for a in set(classes):
        for b in set(classes):
            if classes.count(a) <= classes.count(b):
                assert each[targets == a][0] >= each[targets == b][0]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=30), st.integers(1, 3))
def test_times_as_many_synthetic_windows_stand_beside_and_silence_beside_all(classes: list[int], times: int) -> None:
    own = Windows(np.zeros((len(classes), 2, 2), np.int8), np.array(classes))
    train = Windows(np.arange(480).reshape(120, 2, 2).astype(np.int16), np.arange(120) % 4)
    synthetic = beside(own, train, times, seed=1)
    counts = np.bincount(synthetic.targets, minlength=4)
    for label in range(4):
        assert counts[label] == min(times * (classes.count(label) or len(classes)), 30)
    assert len({row.tobytes() for row in synthetic.features}) == len(synthetic)
    assert (synthetic.features[:, 0, 0] // 4 % 4 == synthetic.targets).all()
