"""`smidgen demo`: every stage real, in its short setting; what it leaves agrees with what it says."""

from __future__ import annotations

import json
import re
import sys

import pytest

from smidgen.blob import Blob
from smidgen.pipeline import Detection, Pipeline
from tests.host.cli.conftest import Command, fails_with_one_line


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    """A finished demo of the short setting: the command, in whose folder it ran, and what it printed."""
    folder = tmp_path_factory.mktemp("demo") / "here"
    folder.mkdir()
    command = Command(folder)
    result = command.apart("demo", "--quick", "--words", "yes,<b>no", "--out", "out")
    assert result.returncode == 0, result.stderr
    return command, result.stdout


def figures(command: Command, out: str = "out") -> dict:
    return json.loads((command.folder / out / "demo.json").read_text())


def test_demo_leaves_model_figures_and_report(quick):
    command, said = quick
    found = figures(command)
    blob = Blob.load(command.folder / "out" / "model.smg")
    assert blob.labels[2:] == found["words"]
    assert found["smg_bytes"] == len(blob.to_bytes()) and found["arena_bytes"] == blob.arena_size
    assert found["equal_to"] == "TensorFlow Lite Micro" and found["windows_compared"] > 10
    assert f"{found['keywords_detected']} of {found['keywords_said']} keywords detected" in said
    assert found["board_equals_host"] is True
    assert not list((command.folder / "out").glob(".*")), "nothing half-written"


def test_report_is_one_file_that_shows_every_part(quick):
    command, _ = quick
    html = (command.folder / "out" / "report.html").read_text()
    for part in (
        "What the board heard",
        "the model says",
        "Training",
        "Size",
        "The same bytes everywhere",
        "synthetic",
    ):
        assert part in html, part
    assert html.count("<svg") == 4
    assert "<b>no" not in html and "&lt;b&gt;no" in html
    assert not re.search(r'(?:src|href)="(?!#|data:)', html), "assets from elsewhere"
    assert "@import" not in html and "<script" not in html


def test_again_from_the_cache_gives_the_same(quick):
    command, _ = quick
    before = (command.folder / "out" / "model.smg").read_bytes(), figures(command)
    result = command.apart("demo", "--quick", "--words", "yes,<b>no", "--out", "out")
    assert result.returncode == 0, result.stderr
    assert "synthesising" not in result.stdout and "training" not in result.stdout
    after = (command.folder / "out" / "model.smg").read_bytes(), figures(command)
    for found in (before[1], after[1]):
        found.pop("seconds")
    assert after == before


def test_the_model_that_ships_needs_no_tensorflow_and_hears_its_words(smidgen):
    block = "import sys; sys.modules.update(dict.fromkeys(('tensorflow', 'keras'))); "
    smidgen.line = [sys.executable, "-c", block + "from smidgen.cli import main; main()"]
    result = smidgen.apart("demo", "--pretrained", "--out", "out")
    assert result.returncode == 0, result.stderr
    found = figures(smidgen)
    assert found["keywords_said"] == 8 and found["keywords_detected"] >= 6
    detections = [Detection(**entry) for entry in found["detections"]]
    assert {d.word for d in detections} == {"yes", "no"}
    for d in detections:
        assert f"{d.time_ms / 1000:8.2f} s  {d.word}  {d.score} %" in result.stdout


def test_the_model_that_ships_is_what_it_says():
    from smidgen.assemble import assemble
    from smidgen.demo.model import pretrained

    model = pretrained()
    content = assemble(model).to_bytes()
    assert Pipeline(content).labels == ["_silence_", "_unknown_", "yes", "no"]
    assert model.card["data"]["source"] == "synthetic speech" and set(model.card["engines"]) == {"espeak-ng"}


def test_wishes_that_cannot_be_met_are_refused(smidgen):
    for arguments, words in (
        (("--lang", "xx-klingon"), ("xx-klingon", "try one of")),
        (("--words", "..."), ("...",)),
        (("--board", "abacus"), ("abacus", "pico")),
        (("--pretrained", "--words", "left,right"), ("--pretrained", "yes,no")),
    ):
        fails_with_one_line(smidgen("demo", "--quick", "--out", "out", *arguments), *words)
    (smidgen.folder / "file").write_text("in the way")
    fails_with_one_line(smidgen("demo", "--pretrained", "--out", "file"), "file", "exists")


def test_ctrl_c_leaves_no_report_and_no_board(smidgen):
    process = smidgen.start("demo", "--pretrained", "--realtime", "--out", "out")
    while "listening for" not in (line := process.stdout.readline()):
        assert line, process.stderr.read()
    said = smidgen.interrupt(process)
    assert process.returncode == 130
    assert said.startswith("smidgen: stopped") and said.count("\n") == 1
    assert {path.name for path in (smidgen.folder / "out").iterdir()} == {"model.smg"}
