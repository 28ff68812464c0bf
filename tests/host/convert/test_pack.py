"""Packing for a chip: invertible to the byte, of stated size, and the chip's answers are the host's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.bench.networks import ds_cnn, mobilenet, resnet8
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.convert.pack import TARGETS, pack, unpack
from smidgen.convert.pack.chunks import HIGH, LOW, chunks
from smidgen.convert.pack.lanes import BATCH, CHUNK, batches
from tests.support.samples import SAMPLES

NETWORKS = {"ds_cnn": ds_cnn, "mobilenet": lambda: mobilenet(3), "resnet8": resnet8}
MODELS = SAMPLES | NETWORKS


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", MODELS)
def test_unpacking_gives_the_canonical_file_back(name, target):
    canonical = convert(MODELS[name](), name).to_bytes()
    packed = pack(Blob.from_bytes(canonical), target).to_bytes()
    assert unpack(Blob.from_bytes(packed)).to_bytes() == canonical
    assert pack(Blob.from_bytes(packed), target).to_bytes() == packed


@pytest.mark.parametrize("name", NETWORKS)
def test_packed_model_grows_by_less_than_60_percent_and_by_nothing_when_told_so(name):
    blob = convert(NETWORKS[name](), name)
    plain = len(blob.to_bytes())
    assert len(pack(blob, "ARMV6M").to_bytes()) <= 1.6 * plain
    assert len(pack(blob, "ARMV6M", keep_size=True).to_bytes()) <= plain


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 80), st.sampled_from([1, 8, 40, 128]), st.integers(0, 2**32 - 1))
def test_no_chunk_of_lanes_can_leave_16_bits(taps, largest, seed):
    filter_ = np.random.default_rng(seed).integers(-largest, largest, taps, np.int32)
    lengths = chunks(filter_[np.newaxis], CHUNK)
    assert sum(lengths) == taps and 0 < min(lengths) <= max(lengths) <= CHUNK
    assert len(batches(filter_)) == taps + len(lengths) + 3 * -(-len(lengths) // BATCH)
    for part in np.split(filter_, np.cumsum(lengths)[:-1]):
        highest = np.where(part > 0, part * 127, part * -128).sum()
        lowest = np.where(part > 0, part * -128, part * 127).sum()
        assert lowest >= LOW and highest <= HIGH
