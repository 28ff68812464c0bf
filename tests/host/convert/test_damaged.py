"""Damaged `.tflite` files: refused in one ConvertError, or converted into something that the engine accepts."""

from __future__ import annotations

import random

import pytest

from smidgen.bench.seeded import Network
from smidgen.convert import convert
from smidgen.engine import Engine
from smidgen.errors import ConvertError
from tests.support.samples import SAMPLES

NAMES = (
    "copy",
    "gather",
    "lstm",
    "max_pool",
    "nibbles",
    "resize_bilinear",
    "streaming",
    "svdf",
    "transpose_conv",
    "wide",
)
CHANGES = 120


def network() -> bytes:
    """With dead channels, so that folding runs."""
    return Network((5, 4, 2), 3, dead=0.5).conv(6, 3).depthwise(3).conv(4).dense(3).build()


def damaged(content: bytes, rng: random.Random) -> bytes:
    """A few bytes behind the file's head changed."""
    changed = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(8, len(changed))
        changed[at] = rng.choice([changed[at] ^ (1 << rng.randrange(8)), 0, 1, 255, rng.randrange(256)])
    return bytes(changed)


@pytest.mark.parametrize("name", [*NAMES, "network"])
def test_changed_bytes_are_refused_or_make_a_model_that_opens(name):
    content, rng = network() if name == "network" else SAMPLES[name](), random.Random(name)
    refused = 0
    for _ in range(CHANGES):
        try:
            blob = convert(damaged(content, rng), "damaged.tflite")
        except ConvertError as error:
            assert str(error).startswith("damaged.tflite: ")
            assert "\n" not in str(error)
            refused += 1
        else:
            Engine(blob.to_bytes(), "damaged.smg")
    assert 0 < refused < CHANGES


@pytest.mark.parametrize("name", ["svdf", "network"])
def test_a_file_cut_anywhere_is_refused_or_opens(name):
    content = network() if name == "network" else SAMPLES[name]()
    for size in range(0, len(content), 37):
        try:
            Engine(convert(content[:size], "cut.tflite").to_bytes(), "cut.smg")
        except ConvertError as error:
            assert str(error).startswith("cut.tflite: ")


def test_all_problems_are_told_at_once():
    net = Network((4, 4, 2), 1).conv(3)
    net.unary("CEIL", 0.1, 0).unary("FLOOR", 0.1, 0)
    with pytest.raises(ConvertError) as caught:
        convert(net.build(), "model.tflite")
    assert "CEIL" in str(caught.value)
    assert "FLOOR" in str(caught.value)
