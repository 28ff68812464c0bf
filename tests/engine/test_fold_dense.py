"""Convolutions that are dense layers become such, and every engine still gives TensorFlow Lite Micro's bytes."""

from __future__ import annotations

import pytest

from smidgen.bench.seeded import NONE, VALID, Network
from smidgen.convert.fold_dense import FEW
from tests.support.equality import assert_same_everywhere


def names(net: Network) -> list[str]:
    return [op.name for op in assert_same_everywhere(net.build()).operators]


@pytest.mark.parametrize("fused", [NONE, 1, 3])
def test_one_window_that_is_the_picture_is_a_dense_layer(fused):
    assert names(Network((5, 3, 4), 1, padding=VALID).conv(6, (5, 3), fused=fused)) == ["FULLY_CONNECTED"]


def test_a_one_by_one_filter_at_few_positions_is_a_dense_layer():
    assert names(Network((2, FEW // 2, 5), 2).conv(7)) == ["FULLY_CONNECTED"]
    assert names(Network((1, FEW + 1, 5), 3).conv(7)) == ["CONV_2D"]


def test_a_window_that_pads_or_leaves_something_out_stays_a_convolution():
    assert names(Network((3, 3, 2), 4).conv(3, 3)) == ["CONV_2D"]
    assert names(Network((2, 2, 2), 5).conv(3, 1, stride=2)) == ["CONV_2D"]
    assert names(Network((3, 3, 2), 6).conv(3, (3, 3), stride=3)) == ["FULLY_CONNECTED"]


def test_a_filter_too_long_for_a_dense_kernel_stays_a_convolution():
    assert names(Network((1, 5, 205), 7, padding=VALID).conv(2, (1, 5))) == ["CONV_2D"]
