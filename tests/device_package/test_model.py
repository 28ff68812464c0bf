"""Model: the same promises whichever engine runs it."""

from __future__ import annotations

import asyncio
import gc
import sys
from array import array

import numpy as np
import pytest

from smidgen import _format as fmt
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.support.samples import SAMPLES

LABELS = b"yes\nno\nsilence\n"


@pytest.fixture(scope="module")
def content() -> bytearray:
    sections = {"LABELS": LABELS, "CARD": b'{"seed": 7, "words": ["s\xc3\xad"]}'}
    return bytearray(convert(SAMPLES["keyword"](), "keyword", sections).to_bytes())


@pytest.fixture
def model(package, content):
    return package.Model(content)


@pytest.fixture(scope="module")
def features() -> np.ndarray:
    return np.random.default_rng(5).integers(-128, 128, 30).astype(np.int8)


@pytest.fixture(scope="module")
def scores(content, features) -> np.ndarray:
    """What the host's engine gives."""
    return Engine(bytes(content)).invoke([features])[0].reshape(-1)


def test_the_fastest_engine_is_taken_and_named(package, model):
    assert model.engine == package.engine


def test_python_engine_can_be_insisted_on(package, content, features, scores):
    model = package.Model(content, engine="python")
    assert model.engine == "python"
    assert bytes(model.invoke(features.tobytes())) == scores.tobytes()


def test_insisting_on_c_where_there_is_none_fails(python_package, content):
    with pytest.raises(ImportError):
        python_package.Model(content, engine="c")


def test_predict_names_the_class_and_its_real_score(model, features, scores):
    label, score = model.predict(features.tobytes())
    assert label == LABELS.decode().split()[scores.argmax()]
    assert score == (int(scores.max()) + 128) / 256


def test_predict_without_labels_gives_the_real_outputs(package, features, scores):
    model = package.Model(bytearray(convert(SAMPLES["keyword"](), "keyword").to_bytes()))
    assert model.predict(features.tobytes()) == [(int(s) + 128) / 256 for s in scores]


@pytest.mark.parametrize("wrap", [bytes, bytearray, memoryview, lambda b: array("b", b)])
def test_any_buffer_of_the_right_bytes_is_an_input(model, features, scores, wrap):
    assert bytes(model.invoke(wrap(features.tobytes()))) == scores.tobytes()


def test_a_list_of_real_numbers_is_quantised(model, features, scores):
    reals = [0.1 * (int(q) - 3) for q in features]
    out = bytearray(3)
    assert model.predict(reals, out) is out
    assert out == scores.tobytes()


def test_real_numbers_beyond_the_type_saturate(model):
    model.inputs[0].fill([1e9] * 15 + [-1e9] * 15)
    assert model.inputs[0].values() == (127,) * 15 + (-128,) * 15


WRONG_INPUTS = {
    "nothing": b"",
    "a byte short": bytes(29),
    "a byte long": bytes(31),
    "int16": array("h", bytes(60)),
    "float32": array("f", [0.5] * 30),
    "a number": 30,
    "not a buffer": object(),
    "a short list": [0.5] * 29,
    "not numbers": [float("nan")] * 30,
    "texts": ["a"] * 30,
}


@pytest.mark.parametrize("wrong", WRONG_INPUTS.values(), ids=WRONG_INPUTS)
def test_an_input_that_does_not_fit_is_an_input_error(package, model, wrong):
    with pytest.raises(package.error("InputError"), match=r"takes 30 values of int8"):
        model.predict(wrong)


def test_an_out_buffer_of_another_size_is_an_input_error(package, model, features):
    with pytest.raises(package.error("InputError"), match="bytearray of 3 bytes"):
        model.predict(features.tobytes(), bytearray(4))


def test_tensors_say_what_they_hold(model):
    (x,), (y,) = model.inputs, model.outputs
    assert (x.shape, x.dtype, x.size, x.zero_point) == ((1, 6, 5, 1), "int8", 30, 3)
    assert x.scale == pytest.approx(0.1)
    assert (y.shape, y.dtype, y.size, y.zero_point, y.scale) == ((1, 3), "int8", 3, -128, 1 / 256)


def test_labels_card_and_sizes_are_the_files(model, content):
    blob = Blob.from_bytes(bytes(content))
    assert model.labels == ("yes", "no", "silence")
    assert model.card == {"seed": 7, "words": ["sí"]} == blob.card
    assert (model.arena_size, model.state_size) == (blob.arena_size, 0)


@pytest.mark.parametrize("labels", [b"", b"yes", b"yes\nno", b"yes\nno\n", b"s\xc3\xad\n", b"a\n\n"])
def test_labels_are_read_as_on_the_host(package, labels):
    blob = convert(SAMPLES["keyword"](), "keyword", {"LABELS": labels})
    assert list(package.Model(bytearray(blob.to_bytes())).labels) == blob.labels


def test_labels_that_are_not_utf8_are_a_section_error(package):
    content = convert(SAMPLES["keyword"](), "keyword", {"LABELS": b"\xff\n"}).to_bytes()
    with pytest.raises(package.error("SectionError"), match="its LABELS are not UTF-8"):
        package.Model(bytearray(content))


def test_step_runs_one_operator_at_a_time(model, features, scores):
    model.inputs[0].fill(features.tobytes())
    assert [model.step() for _ in range(5)] == [True] * 4 + [False]
    assert bytes(model.outputs[0].data) == scores.tobytes()


def test_profile_names_the_operators_in_order_and_infers(model, features, scores):
    found = model.profile(features.tobytes())
    names = ["CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "FULLY_CONNECTED", "SOFTMAX"]
    assert [name for name, _ in found] == names
    assert all(ms >= 0 for _, ms in found)
    assert bytes(model.outputs[0].data) == scores.tobytes()


def test_apredict_lets_other_tasks_run_between_operators(package, model, features, scores):
    turns = []

    async def other():
        while True:
            turns.append(len(turns))
            await asyncio.sleep(0)

    async def main():
        task = asyncio.create_task(other())
        out = await model.apredict(features.tobytes(), bytearray(3))
        task.cancel()
        return out

    assert asyncio.run(main()) == scores.tobytes()
    assert len(turns) >= 4


def test_a_model_in_an_apredict_refuses_a_second_inference(package, model, features, scores):
    async def main():
        task = asyncio.create_task(model.apredict(features.tobytes(), bytearray(3)))
        await asyncio.sleep(0)
        with pytest.raises(package.error("OrderError")):
            model.predict(bytes(30))
        return await task

    assert asyncio.run(main()) == scores.tobytes()


def test_a_cancelled_apredict_leaves_a_model_that_works(model, features, scores):
    async def main():
        task = asyncio.create_task(model.apredict(bytes(30)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert bytes(model.invoke(features.tobytes())) == scores.tobytes()


def test_two_models_share_an_arena_in_turns(package, content, features, scores):
    arena = bytearray(4096)
    first, second = package.Model(content, arena=arena), package.Model(content, arena=arena)
    for model in (first, second, first):
        assert bytes(model.invoke(features.tobytes())) == scores.tobytes()


def test_an_arena_that_is_too_small_is_named(package, content, model):
    with pytest.raises(package.error("MemoryError")) as caught:
        package.Model(content, arena=bytearray(model.arena_size - 1))
    assert caught.value.code == fmt.MemoryError.code


def test_a_heap_that_is_too_small_says_how_many_bytes_are_needed(package, content, monkeypatch):
    def full(size):
        raise MemoryError

    monkeypatch.setattr(gc, "mem_free", lambda: 1234, raising=False)
    monkeypatch.setattr(package.module("model"), "bytearray", full, raising=False)
    needed = Blob.from_bytes(bytes(content)).arena_size
    with pytest.raises(MemoryError, match=f"needs {needed} bytes in one piece; 1234 are free, 0 in one piece"):
        package.Model(content)


def test_a_path_is_read_and_named_in_errors(package, content, tmp_path, features, scores):
    path = tmp_path / "yes.smg"
    path.write_bytes(content)
    assert bytes(package.Model(str(path)).invoke(features.tobytes())) == scores.tobytes()
    path.write_bytes(content[:-1])
    with pytest.raises(package.error("TruncatedError"), match=r"yes\.smg: the file is shorter"):
        package.Model(str(path))
    with pytest.raises(OSError, match=r"no\.smg: cannot be read; copy the model"):
        package.Model(str(tmp_path / "no.smg"))


def test_an_inference_in_c_allocates_nothing_when_out_is_given(native_package, content, features):
    """CPython counts blocks; MicroPython's own figure is checked on the boards."""
    model, out, x = native_package.Model(content), bytearray(3), bytearray(features.tobytes())
    model.predict(x, out)
    before = sys.getallocatedblocks()
    for _ in range(100):
        model.predict(x, out)
    assert abs(sys.getallocatedblocks() - before) < 20
