"""Adapting: every class of a user's recordings counts the same, however many there are of it."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from smidgen.train.adaptation import repeats


def test_many_other_words_do_not_outweigh_ten_keywords() -> None:
    targets = np.array([1] * 280 + [2] * 10 + [3] * 10)
    scenes = np.bincount(targets, repeats(targets, 40))
    assert scenes[2] == scenes[3] == 400 and 280 <= scenes[1] <= 420


@given(st.lists(st.integers(0, 4), min_size=1, max_size=80), st.integers(1, 60))
def test_every_recording_is_heard_and_no_rarer_class_less_than_a_commoner(classes: list[int], count: int) -> None:
    targets = np.array(classes)
    each = repeats(targets, count)
    assert each.min() >= 1 and each.max() == count
    for a in set(classes):
        for b in set(classes):
            if classes.count(a) <= classes.count(b):
                assert each[targets == a][0] >= each[targets == b][0]
