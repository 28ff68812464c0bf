"""Every field of the operators that move data has a malformed file, and each is refused."""

from __future__ import annotations

from functools import cache

import pytest

from smidgen import _format as fmt
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.evil.moving import AXIS, MOVING
from tests.evil.mutate import File
from tests.support.samples import SAMPLES


@cache
def good(sample: str) -> bytes:
    return convert(SAMPLES[sample](), sample).to_bytes()


@pytest.mark.parametrize("name", MOVING)
def test_malformed_operator_is_refused(name):
    sample, change = MOVING[name]
    file = File(good(sample))
    Engine(file.bytes(), "good.smg")
    change(file)
    with pytest.raises(fmt.ModelError if "of another rank" in name else fmt.OperatorError):
        Engine(file.bytes(), "evil.smg")


def test_every_field_has_a_malformed_file():
    named = {name.split(":")[0] for name in MOVING}
    fields = {f"{o}.{f}" for o in ("COPY", "GATHER", "RESIZE_BILINEAR") for f in fmt.PARAMS[o][1]}
    assert fields | {f"COPY.{field}" for field in AXIS} <= named
