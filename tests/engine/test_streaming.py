"""Models with resource variables: TFLM's bytes along a stream, and a state that is the model's own."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.convert import convert, read
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from smidgen.reference import Reference
from tests.support.equality import assert_same_everywhere, random_inputs
from tests.support.streaming import SCALE, ZERO, StreamingBuilder, streaming_model

ROWS = (1, 4, 1, 2)


def stream(content: bytes, seed: int, count: int) -> list[list[np.ndarray]]:
    rng = np.random.default_rng(seed)
    return [random_inputs(read(content, "x").inputs, rng) for _ in range(count)]


def engine_of(content: bytes) -> Engine:
    return Engine(convert(content, "stream.tflite").to_bytes(), "stream.smg")


def answers(model: Engine | Reference, sequence: list[list[np.ndarray]]) -> list[bytes]:
    return [b"".join(y.tobytes() for y in model.invoke(inputs)) for inputs in sequence]


@pytest.mark.parametrize("frames", [1, 3])
def test_streaming_model_gives_tflm_bytes_along_a_stream(frames):
    content = streaming_model(frames=frames)
    blob = assert_same_everywhere(content, count=20)
    assert len(blob.state) == 8 * (2 + 4 + 7)
    assert len(set(answers(engine_of(content), stream(content, 0, 20)))) > 10


def oracle_of(content: bytes) -> Reference:
    return Reference(read(content, "stream.tflite"))


@pytest.mark.parametrize("model_of", [engine_of, oracle_of])
def test_reset_gives_the_first_answers_again(model_of):
    content = streaming_model()
    model, sequence = model_of(content), stream(content, 1, 6)
    first = answers(model, sequence)
    assert answers(model, sequence) != first, "the state had no effect"
    model.reset()
    assert answers(model, sequence) == first


def test_two_models_and_two_instances_interleave_untouched():
    contents = [streaming_model(0), streaming_model(0), streaming_model(7, frames=1, kept=(3, 5))]
    sequences = [stream(content, seed, 8) for seed, content in enumerate(contents)]
    alone = [answers(engine_of(content), sequence) for content, sequence in zip(contents, sequences, strict=True)]
    engines = [engine_of(content) for content in contents]
    together = [[answers(e, [s[i]])[0] for e, s in zip(engines, sequences, strict=True)] for i in range(8)]
    assert [list(one) for one in zip(*together, strict=True)] == alone


def test_variable_without_initial_contents_starts_at_the_zero_point():
    m = StreamingBuilder(initialise=False)
    handle = m.variable("state")
    old, x = m.read(handle, ROWS), m.input("INT8", ROWS, SCALE, ZERO)
    m.concatenate([old, x], m.output("INT8", (1, 8, 1, 2), SCALE, ZERO))
    m.assign(handle, x)
    content = m.build()
    assert_same_everywhere(content, count=4)
    first = engine_of(content).invoke(stream(content, 0, 1)[0])[0]
    assert (first[:, :4] == ZERO).all()


@settings(max_examples=150, deadline=None)
@given(st.data(), st.integers(0, 2**32 - 1))
def test_any_order_of_reads_and_assignments_gives_tflm_bytes(data, seed):
    """Reads before and after assignments, each used later: reading in place must never show the wrong time."""
    rng = np.random.default_rng(seed)
    m = StreamingBuilder()
    handles = [m.variable(name, rng.integers(-128, 128, ROWS)) for name in ("a", "b")]
    known = [m.input("INT8", ROWS, SCALE, ZERO)]
    for _ in range(data.draw(st.integers(2, 9))):
        what = data.draw(st.sampled_from(["read", "assign", "relu", "shift"]))
        value, handle = data.draw(st.sampled_from(known)), data.draw(st.sampled_from(handles))
        if what == "read":
            known.append(m.read(handle, ROWS))
        elif what == "assign":
            m.assign(handle, value)
        elif what == "relu":
            known.append(m.relu(value))
        else:
            seen = m.concatenate([value, data.draw(st.sampled_from(known))], m.values((1, 8, 1, 2)))
            known.append(m.rows(seen, data.draw(st.integers(0, 4)), 4))
    for handle in handles:  # every variable must be assigned somewhere, or TFLM never allocates it
        m.assign(handle, data.draw(st.sampled_from(known)))
    parts = [data.draw(st.sampled_from(known)) for _ in range(3)]
    m.concatenate(parts, m.output("INT8", (1, 12, 1, 2), SCALE, ZERO))
    m.graph.outputs.append(data.draw(st.sampled_from(known)))
    assert_same_everywhere(m.build(), seed, count=4)


def test_variable_that_is_never_assigned_is_refused_by_name():
    m = StreamingBuilder(initialise=False)
    m.graph.outputs.append(m.read(m.variable("lost"), ROWS))
    m.input("INT8", ROWS, SCALE, ZERO)
    with pytest.raises(ConvertError, match=r"VAR_HANDLE .*'lost', which is never assigned"):
        convert(m.build(), "bad.tflite")
