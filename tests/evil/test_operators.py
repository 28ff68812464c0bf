"""Every parameter of every engine operator has a malformed file, and each is refused."""

from __future__ import annotations

from functools import cache

import pytest

from smidgen import _format as fmt
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.evil.arithmetic import ARITHMETIC
from tests.evil.elementwise import ELEMENTWISE
from tests.evil.moving import MOVING
from tests.evil.mutate import File
from tests.evil.weighted import WEIGHTED
from tests.support.samples import SAMPLES

EVIL = WEIGHTED | {name: (*entry, fmt.ModelError) for name, entry in (MOVING | ARITHMETIC | ELEMENTWISE).items()}

# Parameters of which every value is good: an operator that has them, and why. The fuzzer tries them all.
FREE = {
    "pad_top": ("MAX_POOL_2D", "max_pool", "a window may lie wholly in its padding, which counts for nothing"),
    "pad_left": ("MAX_POOL_2D", "max_pool", "a window may lie wholly in its padding, which counts for nothing"),
    **dict.fromkeys(
        ("factor_a", "factor_b", "constant", "offset"),
        ("ADD_INT8", "add_int8", "sums may wrap: wrong numbers, no wrong access"),
    ),
}


@cache
def good(sample: str) -> bytes:
    return convert(SAMPLES[sample](), sample).to_bytes()


@pytest.mark.parametrize("name", EVIL)
def test_malformed_operator_is_refused(name):
    sample, change, error = EVIL[name]
    file = File(good(sample))
    change(file)
    assert file.bytes() != good(sample)
    with pytest.raises(error) as caught:
        Engine(file.bytes(), "evil.smg")
    assert type(caught.value) in (fmt.OperatorError, fmt.TensorError, fmt.HeaderError)


@pytest.mark.parametrize("operator", fmt.OPERATORS)
def test_every_parameter_has_a_malformed_file(operator):
    """Operators without parameters have malformed operands."""
    named = {name.split(":")[0].removeprefix(operator + ".") for name in EVIL if name.startswith(operator + ".")}
    assert set(fmt.PARAMS[operator][1]) - FREE.keys() <= named
    assert any(name.replace(" ", ".").split(".")[0] == operator for name in EVIL)


@pytest.mark.parametrize("field", FREE)
@pytest.mark.parametrize("value", [0, 1, 0x7FFF, 0xFFFF])
def test_free_parameter_may_have_any_value(field, value):
    operator, sample, _ = FREE[field]
    file = File(good(sample))
    file.set_param(operator, field, value)
    Engine(file.bytes(), "free.smg").step()


def test_every_engine_operator_has_a_sample():
    made = {op.name for sample in SAMPLES for op in Engine(good(sample), sample).blob.operators}
    assert made == fmt.OPERATORS.keys()
