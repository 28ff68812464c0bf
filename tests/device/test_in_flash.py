"""`smidgen deploy --in-flash` and `--romfs`: a model runs where it lies in flash and takes no memory for its file, on
emulated boards with MicroPython's own filesystems."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from smidgen import boards
from smidgen.blob import Blob
from smidgen.device import native_part, package_part
from smidgen.engine import Engine
from smidgen.native import architecture_of, choose
from smidgen.sim import SimBoard, qemu
from tests.host.cli.conftest import Command
from tests.support.emulated import firmware, flash_image, native_module
from tests.support.keyword_model import keyword_model

PREDICT = """
from smidgen import Model
model = Model("model.smg")
print(model.engine, model.memory["model file"], bytes(model.invoke(bytes(len(model.inputs[0].data)))).hex())
"""


# In a ROMFS, and in blocks of the filesystem, as on an RP2040.
@pytest.mark.parametrize(("name", "option"), [("qemu-m3", "--romfs"), ("qemu-m4", "--in-flash")])
def test_a_model_that_stays_in_flash_runs_there_and_is_sent_once(tmp_path: Path, name: str, option: str):
    """The package and the native module lie on the board already, as after an earlier deployment: cables are slow."""
    board, content = boards.load(name), keyword_model()
    architecture = architecture_of(board.firmware.mpy) or ""
    native_module(board.architecture)  # `make native`, as far as this board needs it
    earlier = [package_part(architecture), native_part(choose(Blob.from_bytes(content), architecture))]
    files = {f"/.smidgen/{part.folder}/{path}": data for part in earlier for path, data in part.files.items()}
    (tmp_path / qemu.FLASH).write_bytes(flash_image(board.filesystem_bytes, files))
    (tmp_path / "model.smg").write_bytes(content)
    (tmp_path / "main.py").write_text(PREDICT)
    smidgen = Command(tmp_path)
    line = ["deploy", "model.smg", option, "--program", "main.py", "--json"]
    with SimBoard(name, state=tmp_path, pty=False, firmware=firmware(name)) as sim:
        first = smidgen(*line, "--port", sim.url)
        assert first.returncode == 0 and first.stderr == ""
        done = json.loads(first.stdout)
        assert done["bytes_sent"] >= len(content) and [path for path in done["copied"] if path.endswith("/model.smg")]
        assert not [path for path in done["copied"] if "/package-" in path or "/native-" in path]
        again = smidgen(*line, "--port", sim.url)
        assert again.returncode == 0 and json.loads(again.stdout)["bytes_sent"] == 0
    with SimBoard(name, state=tmp_path, pty=False, firmware=firmware(name)) as sim:
        said = smidgen("run-on", "main.py", "--port", sim.url).stdout.split()
    engine = Engine(content)
    zeros = [np.zeros(tensor.dims, np.int8) for tensor in engine.inputs]
    assert said == ["native", "0", engine.invoke(zeros)[0].tobytes().hex()]
