"""The samples of element-wise operators give TFLM's bytes and are what their names say."""

from __future__ import annotations

import pytest

from tests.support.element_samples import ELEMENT_SAMPLES
from tests.support.equality import assert_same_everywhere


@pytest.mark.parametrize("name", ELEMENT_SAMPLES)
def test_sample_is_its_operator_and_gives_tflm_bytes(name):
    blob = assert_same_everywhere(ELEMENT_SAMPLES[name]())
    assert name in {op.name for op in blob.operators}
