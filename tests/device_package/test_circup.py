"""circup, CircuitPython's own installer, takes the package as it lies in a clone. The real circup, on a folder that
stands for a CIRCUITPY drive; the library bundles that it always wants to have are empty ones."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from circup.shared import extract_metadata

from smidgen import __version__
from smidgen.blob import Blob
from tests.support.board import LIBRARY
from tests.support.keyword_model import keyword_model

_BUNDLES = {
    "adafruit/Adafruit_CircuitPython_Bundle": "adafruit/adafruit-circuitpython-bundle",
    "adafruit/CircuitPython_Community_Bundle": "adafruit/circuitpython-community-bundle",
}
_TAG = "20260101"
_BOOT = "Adafruit CircuitPython {} on 2025-10-01; Raspberry Pi Pico W with rp2040\nBoard ID:raspberry_pi_pico_w\n"
_PREDICT = """
import sys
sys.path.insert(0, "lib")
from smidgen import Model
model = Model("model.smg", engine="python")
print(model.predict([0.0] * model.inputs[0].size)[0])
"""


def empty_bundles(data: Path, platform: str) -> None:
    for folder in _BUNDLES.values():
        for kind, written in (("py", "py"), (f"{platform}mpy", f"{platform}.x-mpy")):
            (data / f"{folder}-{kind}" / f"{Path(folder).name}-{written}-{_TAG}" / "lib").mkdir(parents=True)
    (data / "circup.json").write_text(json.dumps({name: [_TAG] for name in _BUNDLES}))


@pytest.mark.parametrize("version", ["9.2.8", "10.0.0"])
def test_circup_installs_the_package_and_it_runs_a_model(tmp_path: Path, version: str):
    drive, data = tmp_path / "CIRCUITPY", tmp_path / "data"
    drive.mkdir()
    (drive / "boot_out.txt").write_text(_BOOT.format(version))
    (drive / "model.smg").write_bytes(keyword_model())
    empty_bundles(data / "circup", version.split(".")[0])
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_DATA_HOME": str(data), "XDG_CACHE_HOME": str(tmp_path)}
    circup = [sys.executable, "-c", "from circup import main; main()", "--offline", "--path", str(drive)]
    line = [*circup, "install", "./smidgen"]
    done = subprocess.run(line, cwd=LIBRARY.parent, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "Installed 'smidgen'." in done.stdout, done.stdout + done.stderr
    done = subprocess.run([sys.executable, "-c", _PREDICT], cwd=drive, capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() in Blob.from_bytes(keyword_model()).labels, done.stderr


def test_circup_finds_the_version_of_the_host_s_package():
    found = extract_metadata(str(LIBRARY / "__init__.py"), logging.getLogger("circup"))
    assert found["__version__"] == __version__
