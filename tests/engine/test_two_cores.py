"""Two cores give the bytes of one: the split that a board's second core gets, on two threads, and its balance by
counted cycles."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smidgen._build import compiler, sources, twins
from smidgen.bench import measure
from smidgen.bench.inputs import random_input
from smidgen.bench.networks import autoencoder, ds_cnn, micro_speech, mobilenet, resnet8
from smidgen.bench.seeded import Network
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.engine import Engine
from tests.engine.test_armv6m import conv, dense, model_of

THREADS = Path(__file__).with_name("two_threads.c")
ZOO: dict[str, Callable[[], bytes]] = {
    "keyword": ds_cnn,
    "visual wake words": partial(mobilenet, 3, dead=0.4),
    "image": resnet8,
    "anomaly": autoencoder,
    "person": partial(mobilenet, 1),
    "micro speech": micro_speech,
}
PORTABLE, PACKED = "smg_tiles", "smg_armv6m"


@pytest.fixture(scope="module")
def threads(tmp_path_factory) -> ctypes.CDLL:
    library = tmp_path_factory.mktemp("threads") / "threads.so"
    command = [*compiler(), "-shared", "-fPIC", "-O1", str(THREADS), "-lpthread", "-o", str(library)]
    subprocess.run(command, check=True)
    loaded = ctypes.CDLL(str(library))
    loaded.second_begin.restype = ctypes.c_void_p
    loaded.second_end.argtypes = [ctypes.c_void_p]
    return loaded


@contextmanager
def second_core(threads: ctypes.CDLL, engine: Engine) -> Iterator[list[int]]:
    """Share the engine's work; afterwards how often there was some is in the list."""
    begun, asked = threads.second_begin(), []
    engine.share(ctypes.cast(threads.smg_desk_parallel_for, ctypes.c_void_p).value, begun)
    yield asked
    asked.append(threads.second_end(begun))


def shared_and_alone(threads: ctypes.CDLL, blob: Blob, table: str) -> int:
    """Check that both give the same bytes; returns how often work was shared."""
    content = blob.to_bytes()
    engine = Engine(content, "model", table=table)
    inputs = random_input(engine)
    alone = engine.invoke(inputs)
    with second_core(threads, engine) as asked:
        shared = engine.invoke(inputs)
    assert [y.tobytes() for y in shared] == [y.tobytes() for y in alone]
    return asked[0]


@pytest.mark.parametrize("name", ZOO)
@pytest.mark.parametrize("table", [PORTABLE, PACKED])
def test_two_threads_give_the_bytes_of_one(threads, name, table):
    blob = convert(ZOO[name](), name)
    assert shared_and_alone(threads, pack(blob, "ARMV6M") if table == PACKED else blob, table) > 0


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(conv() | dense(), min_size=8, max_size=8))
def test_odd_sizes_too(threads, layers):
    blob = Blob.from_bytes(model_of(layers))
    shared_and_alone(threads, blob, PORTABLE)
    shared_and_alone(threads, pack(blob, "ARMV6M"), PACKED)


def test_threads_meet_nowhere_but_at_the_desk(tmp_path):
    """Under ThreadSanitizer: no byte is written by one and touched by the other without a hand-over in between."""
    net = Network((9, 8, 3), 1).conv(12, 3).depthwise(3).conv(20).depthwise(3, 2).dense(40).dense(20)
    blob = convert(net.build(), "net")
    gcc = shutil.which("gcc")  # zig would compile its own sanitizer first, for minutes
    if gcc is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("needs a compiler: apt install gcc")
    program, portable, packed = (tmp_path / name for name in ("program", "portable.smg", "packed.smg"))
    portable.write_bytes(blob.to_bytes())
    packed.write_bytes(pack(blob, "ARMV6M").to_bytes())
    flags = ["-std=c11", "-O1", "-g", "-fsanitize=thread", "-DPROGRAM"]
    files = map(str, [THREADS, *sources(), *twins()])
    subprocess.run([gcc, *flags, *files, "-lpthread", "-o", str(program)], check=True)
    models = ["tiles", str(portable), "armv6m", str(packed)]
    done = subprocess.run([str(program), *models], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "same\nsame\n"), done.stderr


def test_halves_are_balanced():
    """Of what is shared neither half takes much more than the other, and most is shared."""
    report = measure(convert(ds_cnn(), "keyword").to_bytes(), "keyword", cores=2)
    for operator in report.operators:
        if "CONV" in operator.name:
            assert operator.shared > 0
            assert 0.5 <= operator.cycles / operator.work < 0.58
    assert 0.5 < report.cycles / sum(o.work for o in report.operators) < 0.55


def test_one_core_shares_nothing():
    report = measure(convert(Network((6, 6, 8), 1).conv(8, 3).build(), "net").to_bytes(), "net")
    assert all(o.shared == 0 and o.cycles == o.work for o in report.operators)
