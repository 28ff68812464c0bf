"""Float32 functions between DEQUANTIZE and QUANTIZE of 8-bit values: tables in the engine, float32 in TFLM."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.tflite_builder import ModelBuilder
from smidgen.convert import convert
from smidgen.errors import ConvertError
from tests.support.elementwise import EVERY_INT8, SCALES, ZERO_POINTS, model
from tests.support.equality import assert_same_everywhere

FUNCTIONS = ["CEIL", "COS", "EXP", "FLOOR", "LOG", "NEG", "ROUND", "SIN", "SQRT", "SQUARE"]
SHAPE = (1, 256)
few = settings(max_examples=25, deadline=None)


def island(names, x, out, middle_is_output=False):
    m = ModelBuilder()
    source, y = m.input("INT8", SHAPE, *x), m.output("INT8", SHAPE, *out)
    now = m.tensor("FLOAT32", SHAPE)
    m.op("DEQUANTIZE", [source], [now])
    for name in names:
        after = m.tensor("FLOAT32", SHAPE)
        m.op(name, [now], [after])
        now = after
    m.op("QUANTIZE", [now], [y])
    m.graph.outputs += [now] if middle_is_output else []
    return m.build()


@pytest.mark.parametrize("name", FUNCTIONS)
@few
@given(st.floats(-3, -1.3).map(lambda p: 10**p), ZERO_POINTS["INT8"], SCALES, ZERO_POINTS["INT8"])
def test_function_gives_tflm_bytes_as_one_table(name, in_scale, in_zp, out_scale, out_zp):
    values = EVERY_INT8.reshape(SHAPE)
    if name in ("LOG", "SQRT"):  # of other values they are no numbers, which C leaves open how to quantise
        in_zp = min(in_zp, 126)
        values = np.maximum(values, in_zp + 1)
    content = island([name], (in_scale, in_zp), (out_scale, out_zp))
    blob = assert_same_everywhere(content, sequence=[[values.astype(np.int8)]])
    assert [op.name for op in blob.operators] in ([], ["LOOKUP"])


@few
@given(
    st.lists(st.sampled_from(["COS", "EXP", "FLOOR", "NEG", "SIN", "SQUARE"]), min_size=2, max_size=4, unique=True),
    SCALES,
)
def test_chain_of_functions_gives_tflm_bytes_as_one_table(names, out_scale):
    content = island(names, (0.01, -3), (out_scale, 5))
    blob = assert_same_everywhere(content, sequence=[[EVERY_INT8.reshape(SHAPE)]])
    assert [op.name for op in blob.operators] == ["LOOKUP"]


FLOAT = ("FLOAT32", (1, 4), None, 0)
REFUSED = {
    "int8": (model("EXP", [("INT8", (1, 4), 0.1, 0)], ("INT8", (1, 4), 0.1, 0)), "EXP .* has it in float32 only"),
    "float model": (model("EXP", [FLOAT], FLOAT), "EXP .* quantise the model"),
    "float output": (island(["EXP"], (0.1, 0), (0.1, 0), middle_is_output=True), "EXP .* quantise the model"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_floats_outside_of_an_island_are_refused_with_the_advice_to_quantise(case):
    content, message = REFUSED[case]
    with pytest.raises(ConvertError, match=message):
        convert(content, "model.tflite")
