"""What `smidgen check` says of memory is what a board needs, measured in real MicroPython."""

from __future__ import annotations

import ast

import pytest

from smidgen.bench.seeded import SAME, Network
from smidgen.convert import convert
from smidgen.device import Part, connect, install, package_part
from smidgen.memory import memory_need
from smidgen.sim import SimBoard
from tests.support.keyword_model import keyword_model

ASK = """
import gc
gc.collect()
before = gc.mem_alloc()
from smidgen import Model
model = Model("model.smg", engine=ENGINE)
gc.collect()
most = gc.mem_alloc()
more = True
while more:
    more = model.step()
    gc.collect()
    most = max(most, gc.mem_alloc())
print((model.memory, most - before))
"""


def deep_model() -> bytes:
    net = Network((16, 16, 1), 1, padding=SAME).conv(8, 3, stride=2)
    for _ in range(4):
        net = net.depthwise(3).conv(8)
    return convert(net.global_average().dense(4).softmax().build(), "deep").to_bytes()


MODELS = {"keyword": keyword_model(), "deep": deep_model()}


@pytest.fixture(scope="module")
def measured() -> dict[tuple[str, str], tuple[dict[str, int], int]]:
    """By model and engine: the board's own figures, and the most of its heap that was in use for it."""
    found = {}
    with SimBoard("pico") as sim, connect(sim.url) as board:
        for name, content in MODELS.items():
            install(board, [package_part(None), Part("model", {"model.smg": content})])
            for engine in ("c", "python"):
                said: list[str] = []
                board.restart()
                board.run(ASK.replace("ENGINE", repr(engine)), said.append)
                found[name, engine] = ast.literal_eval(said[-1])
    return found


@pytest.mark.parametrize("engine", ["c", "python"])
@pytest.mark.parametrize("name", MODELS)
def test_the_board_repeats_what_check_says(measured, name, engine):
    told = memory_need(MODELS[name], name, engine=engine).parts
    board, _ = measured[name, engine]
    assert board == {part: told[part] for part in board}


@pytest.mark.parametrize("engine", ["c", "python"])
@pytest.mark.parametrize("name", MODELS)
def test_the_peak_is_at_most_what_check_says_and_not_a_tenth_less(measured, name, engine):
    parts = memory_need(MODELS[name], name, engine=engine).parts
    told = sum(size for part, size in parts.items() if part != "audio front end")  # a Model alone has none
    _, most = measured[name, engine]
    assert most <= told <= 1.1 * most, (most, told)
