"""Every field of the operators with weights and of pooling has a malformed file, and each is refused."""

from __future__ import annotations

from functools import cache

import pytest

from smidgen import _format as fmt
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.evil.mutate import File
from tests.evil.weighted import WEIGHTED
from tests.support.samples import SAMPLES

# A window may lie wholly in its padding, so any padding is good.
FREE = {"pad_top", "pad_left"}


@cache
def good(sample: str) -> bytes:
    return convert(SAMPLES[sample](), sample).to_bytes()


@pytest.mark.parametrize("name", WEIGHTED)
def test_malformed_operator_is_refused(name):
    sample, change, error = WEIGHTED[name]
    file = File(good(sample))
    change(file)
    assert file.bytes() != good(sample)
    with pytest.raises(error):
        Engine(file.bytes(), "evil.smg")


def test_every_field_has_a_malformed_file():
    named = {name.split(":")[0] for name in WEIGHTED}
    operators = {name.split(".")[0].split(" ")[0] for name in WEIGHTED}
    assert {f"{o}.{f}" for o in operators for f in fmt.PARAMS[o][1] if f not in FREE} <= named
