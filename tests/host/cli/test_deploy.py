"""`smidgen deploy` to a simulated board over its real serial port."""

from __future__ import annotations

import json
import socket

import pytest

from smidgen.bench.networks import mobilenet
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.demo.on_board import demo_files, program_for
from smidgen.device import connect
from smidgen.resources import find
from smidgen.sim import SimBoard
from tests.host.cli.conftest import fails_with_one_line
from tests.support.keyword_model import keyword_model

DEMOS = find("firmware/demos")


@pytest.fixture(scope="module")
def url():
    with SimBoard() as board:
        yield board.url


@pytest.fixture
def model(smidgen):
    path = smidgen.folder / "model.smg"
    path.write_bytes(keyword_model())
    return path


def test_deploy_brings_all_that_the_board_needs_and_only_what_changed(smidgen, url, model):
    first = smidgen("deploy", model, "--port", url)
    assert first.returncode == 0, first.stderr
    with connect(url) as board:
        assert {"lib/", "main.py", ".smidgen/"} <= set(board.listdir("/"))
        assert board.exec("from smidgen import Model; print(Model('model.smg').labels)").strip()[-5:] == "'no')"
    again = smidgen("deploy", model, "--port", url)
    assert again.stdout.startswith("0 files copied (0 bytes)")
    assert json.loads(smidgen("deploy", model, "--port", url, "--json").stdout)["bytes_sent"] == 0


def test_a_program_of_the_user_s_replaces_main_py_only_when_given(smidgen, url, model):
    (smidgen.folder / "mine.py").write_text("print('mine')\n")
    assert smidgen("deploy", model, "--port", url, "--program", "mine.py").returncode == 0
    assert smidgen("deploy", model, "--port", url).returncode == 0
    with connect(url) as board:
        assert board.exec("import smidgen; smidgen.start()").strip() == "mine"
        board.put("/main.py", b"print('own')")
    said = smidgen("deploy", model, "--port", url).stdout
    assert "the board's main.py stays as it was" in said
    with connect(url) as board:
        assert board.read("/main.py") == b"print('own')"
    said = smidgen("deploy", model, "--port", url, "--program", "mine.py").stdout
    assert "the board's own /main.py is kept as /.smidgen/before/main.py" in said
    with connect(url) as board:
        assert board.read("/.smidgen/before/main.py") == b"print('own')"


def test_a_model_that_is_too_large_is_refused_before_anything_is_copied(smidgen, url):
    (smidgen.folder / "vww.smg").write_bytes(convert(mobilenet(3), "vww").to_bytes())
    with connect(url) as board:
        before = board.hash("/.smidgen/current")
    fails_with_one_line(smidgen("deploy", "vww.smg", "--port", url), "vww.smg", "bytes of RAM")
    with connect(url) as board:
        assert board.hash("/.smidgen/current") == before


def test_ports_that_do_not_answer_are_refused_by_name(smidgen, model):
    fails_with_one_line(smidgen("deploy", model, "--port", "/dev/ttyNONE"), "/dev/ttyNONE", "no board there")
    fails_with_one_line(smidgen("deploy", model, "--port", "nonsense://x"), "nonsense://x", "not a port")
    with socket.create_server(("localhost", 0)) as free:
        number = free.getsockname()[1]
    fails_with_one_line(smidgen("deploy", model, "--port", f"socket://localhost:{number}"), "no board there")
    fails_with_one_line(smidgen("deploy", "none.smg", "--port", "/dev/ttyNONE"), "none.smg", "No such file")


def test_a_port_that_another_program_has_is_taken(smidgen, model):
    with SimBoard() as sim, connect(sim.pty):
        fails_with_one_line(smidgen("deploy", model, "--port", sim.pty), sim.pty, "taken")


def test_a_demo_comes_with_its_ready_model(smidgen, url):
    done = smidgen("deploy", "--demo", "gesture", "--port", url)
    assert done.returncode == 0, done.stderr
    with connect(url) as board:
        ready = (DEMOS / "gesture" / "model.smg").read_bytes()
        asked = "next(open(p + '/model.smg', 'rb').read() for p in __import__('sys').path if '/model-' in p)"
        board.exec("import smidgen")
        assert bytes(board.eval(asked)) == ready
        pointer = board.read("/.smidgen/current").decode().split("\n")
        (folder,) = [line for line in pointer if line.startswith("program-")]
        assert board.read(f"/.smidgen/{folder}/main.py") == (DEMOS / "gesture" / "main.py").read_bytes()


@pytest.mark.parametrize("name", [path.parent.name for path in DEMOS.glob("*/main.py")])
def test_every_demo_has_a_model_that_runs_or_asks_for_one(name):
    program, ready = demo_files(name)
    assert program == (DEMOS / name / "main.py").read_bytes()
    if ready is not None:
        assert program_for(Blob.from_bytes(ready)) == f"firmware/demos/{name}/main.py"


def test_a_model_or_a_demo_has_to_be_named(smidgen, model):
    fails_with_one_line(smidgen("deploy"), "which model?", "--demo anomaly, gesture, keyword_spotting")
    fails_with_one_line(smidgen("deploy", "--demo", "juggling"), "--demo juggling: no such demo; there are anomaly")
    fails_with_one_line(smidgen("deploy", "--demo", "gesture", "--program", model), "--program or --demo, not both")
