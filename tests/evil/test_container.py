"""Every field of the container has a malformed file, and each gives the error that its name says."""

from __future__ import annotations

import numpy as np
import pytest

from smidgen import _format as fmt
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.engine import Engine
from tests.evil.container import CONTAINER
from tests.evil.mutate import File
from tests.support.samples import SAMPLES

# Fields that mean nothing to an engine: any value is good. The checksum has tests of its own.
FREE = {"header.crc", "tensor.scale"}


@pytest.fixture
def good() -> bytes:
    return convert(SAMPLES["keyword"](), "keyword").to_bytes()


@pytest.mark.parametrize("name", CONTAINER)
def test_malformed_file_is_refused_by_name(name, good):
    change, error = CONTAINER[name]
    file = File(good)
    change(file)
    with pytest.raises(fmt.ModelError) as caught:
        Engine(file.bytes(), "evil.smg")
    assert type(caught.value) is error
    assert str(caught.value).startswith("evil.smg: ")


def test_every_field_of_the_container_has_a_malformed_file():
    fields = {f"{r}.{f}" for r in ("header", "section", "tensor", "operator") for f in fmt.RECORDS[r][1]}
    assert fields - FREE <= {name.split(":")[0] for name in CONTAINER}


def test_one_flipped_bit_anywhere_is_noticed(good):
    for at in range(len(good)):
        flipped = bytearray(good)
        flipped[at] ^= 1 << at % 8
        with pytest.raises(fmt.ModelError):
            Engine(bytes(flipped), "evil.smg")


def test_a_file_cut_anywhere_is_truncated(good):
    for size in range(len(good)):
        with pytest.raises(fmt.ModelError) as caught:
            Engine(good[:size], "evil.smg")
        assert type(caught.value) is fmt.TruncatedError


@pytest.mark.parametrize("name", CONTAINER)
def test_the_host_reader_never_crashes_on_it(name, good):
    change, _ = CONTAINER[name]
    file = File(good)
    change(file)
    try:
        blob = Blob.from_bytes(file.bytes(), "evil.smg")
    except fmt.ModelError:
        return
    assert isinstance(blob.tensors, list)


def test_the_file_that_they_start_from_is_good(good):
    engine = Engine(good, "good.smg")
    engine.invoke([np.zeros(30, np.int8)])
