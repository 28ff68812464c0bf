"""`smidgen train keyword`: a model folder at the end, and every wrong wish refused before training begins."""

from __future__ import annotations

import json

from smidgen.blob import Blob
from smidgen.pipeline import Pipeline
from tests.host.cli.conftest import fails_with_one_line
from tests.host.cli.recordings import folder_of_words

TINY = ("--recipe", "tiny", "--out", "out")


def test_training_leaves_a_model_that_listens_and_its_card(smidgen):
    result = smidgen("train", "keyword", "--words", "left,right", *TINY, "--json")
    assert result.returncode == 0, result.stderr
    out = smidgen.folder / "out"
    card = json.loads((out / "card.json").read_text())
    blob = Blob.load(out / "model.smg")
    assert blob.labels == card["labels"] == ["_silence_", "_unknown_", "left", "right"]
    assert blob.card["data"]["train"]["speakers"] == len(card["data"]["train"]["speakers"])
    assert Pipeline((out / "model.smg").read_bytes()).rate_hz == 16000
    figures = json.loads(result.stdout[result.stdout.index("{") :])
    assert figures["macro_recall"] == card["held_out"]["macro_recall"]
    report, told = ((out / name).read_text() for name in ("report.html", "model_card.md"))
    assert report.count("<svg") == 3 and report.count("data:audio/wav;base64,UklGR") == 12
    assert "false accepts an hour" in report and f"{card['held_out']['macro_recall']:.1%}" in report
    assert "# Keyword model: left, right" in told and "synthetic speech" in told and "seed 1" in told


def test_wishes_that_cannot_be_met_are_refused_and_leave_nothing(smidgen, tmp_path_factory):
    lone = folder_of_words(tmp_path_factory.mktemp("lone") / "data", ("left",))
    other = folder_of_words(tmp_path_factory.mktemp("other") / "data", ("up", "down"))
    empty = tmp_path_factory.mktemp("empty")
    for arguments, words in (
        (("--lang", "xx-klingon"), ("xx-klingon", "try one of")),
        (("--words", "..."), ("...",)),
        (("--words", ""), ("no keyword",)),
        (("--words", "yes,yes"), ("each once",)),
        (("--data", lone), ("only one class",)),
        (("--data", empty), (str(empty), "no recordings")),
        (("--data", other), ("no recordings of yes",)),
        (("--adapt", other), ("no recordings of yes",)),
        (("--recipe", "huge"), ("huge", "tiny")),
    ):
        wish = ("train", "keyword", *TINY, *arguments)
        fails_with_one_line(smidgen(*wish), *words)
    assert not (smidgen.folder / "out" / "model.smg").exists()


def test_a_full_disk_is_one_line_and_leaves_no_model(smidgen):
    result = smidgen.apart("train", "keyword", *TINY, file_limit=4096)
    fails_with_one_line(result, "cannot be written")
    assert not list(smidgen.folder.rglob("*.smg")) and not list(smidgen.folder.parent.rglob("*.tmp"))


def test_ctrl_c_in_training_leaves_no_model(smidgen):
    process = smidgen.start("train", "keyword", "--words", "go,stop", "--recipe", "tiny", "--out", "out")
    said = process.stdout.readline()  # the first piece of work is done
    assert "synthesising" in said or "augmenting" in said, said
    message = smidgen.interrupt(process)
    assert process.returncode == 130, message
    assert [line for line in message.splitlines() if line.startswith("smidgen: stopped")] == message.splitlines()
    assert not (smidgen.folder / "out" / "model.smg").exists()
