"""The kernels for larger cores give the plain kernels' bytes on emulated ones (count checks them), in fewer
instructions."""

from __future__ import annotations

import pytest

from smidgen.bench.qemu import count
from smidgen.bench.seeded import Network
from smidgen.bench.targets import TARGETS, target_of
from smidgen.convert import convert
from smidgen.errors import UsageError
from tests.support.debian import need

MACHINES = [target for target in TARGETS.values() if target.machine]


def net(seed: int, shape: tuple[int, int, int], channels: int, stride: int) -> bytes:
    """A convolution with a window, a depthwise and a 1x1 layer, and a dense one; padding at every edge."""
    made = Network(shape, seed).conv(channels, 3, stride).depthwise(3, stride).conv(channels + 3).dense(7).build()
    return convert(made, "net").to_bytes()


@pytest.mark.parametrize("target", MACHINES, ids=lambda target: target.name)
def test_faster_kernels_equal_the_host_on_odd_sizes(target):
    need("boards")
    for seed, shape, channels, stride in ((1, (7, 5, 1), 4, 1), (2, (6, 9, 3), 5, 2), (3, (5, 5, 8), 11, 1)):
        content = net(seed, shape, channels, stride)
        fast, plain = count(content, "net", target), count(content, "net", target, plain=True)
        assert 0 < fast.instructions < plain.instructions
        assert [operator.name for operator in fast.operators] == [operator.name for operator in plain.operators]


def test_counting_is_deterministic():
    need("boards")
    content = net(1, (7, 5, 1), 4, 1)
    first, second = (count(content, "net", TARGETS["rv32"]) for _ in range(2))
    assert first == second and first.instructions == sum(operator.instructions for operator in first.operators)


def test_an_unknown_target_is_answered_with_those_there_are():
    with pytest.raises(UsageError, match="m7: there is none; choose from rp2040, m4, m33, rv32"):
        target_of("m7")
