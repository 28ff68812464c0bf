"""What `mip` brings onto a board from a published folder."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from smidgen.device import connect
from smidgen.sim import SimBoard
from tests.support.board import LIBRARY
from tests.support.debian import tool

mip = tool("mip")


@contextmanager
def published(folder: Path) -> Iterator[str]:
    """The address of a web server for a folder."""
    with ThreadingHTTPServer(("localhost", 0), partial(SimpleHTTPRequestHandler, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://localhost:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("way", ["folder", "server"])
def test_mip_installs_the_package_and_the_module_of_the_architecture(tmp_path, way):
    module, folder = tmp_path / "full.mpy", tmp_path / "mip" / "armv6m"
    module.write_bytes(b"machine code")
    for _ in range(2):  # an older folder is replaced
        mip.publish(module, folder)
    assert json.loads((folder / "package.json").read_text())["version"] == mip._version()
    expected = {f"/lib/smidgen/{path.name}": path.read_bytes() for path in LIBRARY.glob("*.py")}
    expected["/lib/_smidgen.mpy"] = b"machine code"
    with SimBoard() as sim, published(folder.parent) as address:
        command = [sys.executable, "-m", "mpremote", "connect", sim.url, "mip", "install", "--target", "/lib"]
        package = str(folder / "package.json") if way == "folder" else f"{address}/armv6m/"
        run = subprocess.run([*command, package], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stdout + run.stderr
        with connect(sim.url) as board:
            for path, content in expected.items():
                assert board.hash(path) == hashlib.sha256(content).hexdigest(), path
