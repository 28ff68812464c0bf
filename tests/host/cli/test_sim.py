"""`smidgen sim`: a port that real tools drive, and nothing left after Ctrl-C."""

from __future__ import annotations

import re
import socket
import subprocess
import sys

import pytest

from tests.host.cli.conftest import fails_with_one_line
from tests.host.cli.recordings import not_a_wav


@pytest.fixture
def running(smidgen):
    """A simulator under way, and the port that it printed."""
    process = smidgen.start("sim", "--state", smidgen.folder / "state")
    said = ""
    while "Ctrl-C stops it" not in said:
        line = process.stdout.readline()
        assert line, process.stderr.read()
        said += line
    yield process, re.search(r"socket://localhost:(\d+)", said)[0]
    if process.poll() is None:
        smidgen.interrupt(process)


def mpremote(url: str, *command: str) -> str:
    line = [sys.executable, "-m", "mpremote", "connect", url, *command]
    return subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout


def test_mpremote_runs_code_and_keeps_files_at_the_printed_port(smidgen, running):
    _, url = running
    assert mpremote(url, "exec", "import _sim; print(_sim.board, 6 * 7)").split() == ["pico", "42"]
    mpremote(url, "exec", "with open('kept.txt', 'w') as f: f.write('still here')")
    assert "still here" in [path.read_text() for path in (smidgen.folder / "state").rglob("kept.txt")]


def test_ctrl_c_stops_the_board_and_frees_its_port(smidgen, running):
    process, url = running
    said = smidgen.interrupt(process)
    assert process.returncode == 130 and said.startswith("smidgen: stopped") and said.count("\n") == 1
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("localhost", int(url.rpartition(":")[2])), timeout=5).close()


def test_a_port_that_is_taken_and_other_mistakes_are_refused(smidgen):
    with socket.create_server(("localhost", 0)) as taken:
        fails_with_one_line(smidgen("sim", "--port", taken.getsockname()[1]), str(taken.getsockname()[1]))
    fails_with_one_line(smidgen("sim", "--board", "abacus"), "abacus", "pico")
    fails_with_one_line(smidgen("sim", "--play", not_a_wav(smidgen.folder / "text.wav")), "text.wav", "not a WAV")
