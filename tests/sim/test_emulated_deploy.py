"""`smidgen deploy` to an emulated board: the model runs as machine code; a cut leaves the old set or the new one."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from smidgen.blob import Blob
from smidgen.cli import deploy as deploy_verb
from smidgen.device import Part, connect, identify, install, model_part, native_part, package_for
from smidgen.engine import Engine
from smidgen.errors import DeployError, EngineError
from smidgen.memory import packed
from smidgen.native import choose
from smidgen.sim import SimBoard, qemu
from tests.support.emulated import firmware, native_module
from tests.support.keyword_model import keyword_model

BOARD, ARCHITECTURE = "qemu-m0", "armv6m"
OLD, NEW = keyword_model(), keyword_model(seed=5)
PREDICT = """
import sys
from smidgen import Model
model = Model("model.smg")
print(model.engine, bytes(model.invoke(bytes(len(model.inputs[0].data)))).hex())
print(getattr(sys.modules.get("smidgen.viper_loops"), "__file__", None))
"""


@pytest.fixture(scope="module")
def image() -> Path:
    native_module(ARCHITECTURE)  # `make native`, as far as this board needs it
    return firmware(BOARD)


def predicted(sim: SimBoard) -> tuple[str, str, str]:
    """The engine, the outputs in hexadecimal for an input of zeros, and where the loops in viper come from."""
    lines: list[str] = []
    with connect(sim.url) as board:
        board.run(PREDICT, lines.append)
    engine, outputs = lines[0].split()
    return engine, outputs, lines[1]


def expected(content: bytes) -> str:
    engine = Engine(content)
    zeros = [np.zeros(tensor.dims, np.int8) for tensor in engine.inputs]
    return engine.invoke(zeros)[0].tobytes().hex()


@pytest.fixture(scope="module")
def flash(image: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """That of a board to which `smidgen deploy` has brought a model."""
    folder = tmp_path_factory.mktemp("deployed")
    with SimBoard(BOARD, state=folder, firmware=image, pty=False) as sim:
        smidgen_deploy(folder, sim)
    return folder / qemu.FLASH


def smidgen_deploy(folder: Path, sim: SimBoard) -> None:
    (folder / "model.smg").write_bytes(OLD)
    (folder / "main.py").write_text("print('started')\n")
    deploy_verb.deploy(folder / "model.smg", port=sim.url, program=folder / "main.py")


@pytest.fixture
def sim(image: Path, flash: Path, tmp_path: Path) -> Iterator[SimBoard]:
    """That board after a restart."""
    shutil.copy(flash, tmp_path)
    with SimBoard(BOARD, state=tmp_path, firmware=image, pty=False) as board:
        yield board


def test_a_deployed_model_runs_in_the_native_module(sim: SimBoard) -> None:
    assert predicted(sim) == ("native", expected(OLD), "None")


def test_without_a_native_module_it_runs_in_viper_that_was_compiled_here(
    sim: SimBoard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def none_here(blob: Blob, architecture: str, cores: int) -> Path:
        raise EngineError(f"there is no native module for {architecture} here")

    monkeypatch.setattr(deploy_verb, "choose", none_here)
    smidgen_deploy(tmp_path, sim)
    said = "there is no native module for armv6m here; without it the board computes in Python"
    assert said in capsys.readouterr().err
    engine, outputs, loops = predicted(sim)
    assert (engine, outputs) == ("python", expected(OLD))
    assert loops.startswith("/.smidgen/package-") and loops.endswith("/smidgen/viper_loops.mpy")


@pytest.mark.parametrize(("file", "share"), [("/_smidgen.mpy", 0.5), ("/current", 1)])
def test_a_cut_leaves_the_old_set_or_the_new_one(
    sim: SimBoard, image: Path, tmp_path: Path, file: str, share: float
) -> None:
    def pull_the_plug(path: str, sent: int, size: int) -> None:
        if path.endswith(file) and sent >= share * size:
            assert sim._process is not None
            sim._process._process.kill()

    with connect(sim.url) as board:
        new = newer(package_for(identify(board)))
        with pytest.raises(DeployError, match="the copy was cut"):
            install(board, new, progress=pull_the_plug)
    sim.stop()
    with SimBoard(BOARD, state=tmp_path, firmware=image, pty=False) as again:
        assert predicted(again)[:2] in (("native", expected(OLD)), ("native", expected(NEW)))
        with connect(again.url) as board:
            install(board, new)
        assert predicted(again)[:2] == ("native", expected(NEW))


def newer(package: Part) -> list[Part]:
    """Another model and another native module."""
    module = choose(Blob.from_bytes(OLD, "model"), ARCHITECTURE).with_name("full.mpy")
    return [package, native_part(module), model_part(packed(NEW, "model", ARCHITECTURE))]
