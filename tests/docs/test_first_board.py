"""From no board to one's own board: every command of that way in the guides runs, in order, on a simulated board."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from smidgen.device import connect, drives
from smidgen.sim import SimBoard
from tests.device.test_firmware import RP2040, uf2
from tests.host.cli.conftest import Command
from tests.support.keyword_model import keyword_model

ROOT = Path(__file__).parents[2]
WAYS = {
    "en": (ROOT / "docs" / "getting-started.md", "## 5. Your first board", "build/left-right", "hello.py"),
    "pt": (ROOT / "docs" / "pt" / "comece-aqui.md", "## 5. A sua primeira placa", "build/liga-minha", "ola.py"),
}


def section(guide: Path, heading: str) -> str:
    text = guide.read_text(encoding="utf-8")
    return text.split(heading + "\n", 1)[1].split("\n## ", 1)[0]


def commands(text: str) -> list[list[str]]:
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


@pytest.fixture(scope="module")
def sim():
    with SimBoard("pico") as board:
        yield board


@pytest.mark.parametrize("language", WAYS)
def test_the_way_to_a_first_board_runs(language, sim, tmp_path, monkeypatch):
    guide, heading, model, program = WAYS[language]
    text = section(guide, heading)
    here = tmp_path / "here"
    (here / model).mkdir(parents=True)
    (here / model / "model.smg").write_bytes(keyword_model())
    (here / "RPI_PICO.uf2").write_bytes(uf2(RP2040))
    (here / "package.json").write_bytes((ROOT / "package.json").read_bytes())
    (here / "firmware").symlink_to(ROOT / "firmware")
    (here / program).write_text(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], encoding="utf-8")
    boot, circuitpython = tmp_path / "RPI-RP2", tmp_path / "CIRCUITPY"
    boot.mkdir()
    circuitpython.mkdir()
    (boot / "INFO_UF2.TXT").write_text("Board-ID: RPI-RP2\n")
    (circuitpython / "boot_out.txt").write_text("Adafruit CircuitPython 10.0.0 on 2025-10-01; Pico\n")
    monkeypatch.setattr(drives, "mounts", lambda: [boot, circuitpython])
    said = {}
    for program_name, *arguments in commands(text):
        arguments = [sim.url if word == "/dev/ttyACM0" else word for word in arguments]
        arguments = [str(circuitpython) if word.endswith("/CIRCUITPY") else word for word in arguments]
        if program_name == ".venv/bin/smidgen":
            done = Command(here)(*arguments)
        else:
            assert program_name == ".venv/bin/mpremote"
            line = [sys.executable, "-m", "mpremote", *arguments]
            done = subprocess.run(line, cwd=here, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, (arguments, done.stdout, done.stderr)
        said[arguments[0]] = done.stdout
    assert said["run-on"].splitlines()[0].endswith("wasm engine") or "motor wasm" in said["run-on"]
    assert (boot / "FIRMWARE.UF2").exists() and (circuitpython / ".smidgen" / "current").exists()
    with connect(sim.url) as board:  # mip was the last to install the package
        assert "model.smg" in board.listdir("/")
        assert "run `smidgen deploy` again" in board.exec("import main")
    assert Command(here)("deploy", f"{model}/model.smg", "--port", sim.url).returncode == 0
    with connect(sim.url) as board:
        assert "_silence_" in board.exec("import main")
        for path in ("/.smidgen", "/lib", "/main.py", "/model.smg"):
            board.remove(path)
