"""`smidgen convert`: the verdict, and that nothing is written without one."""

from __future__ import annotations

import json
import os
import shutil
import sys

import pytest

from smidgen.bench.seeded import SAME, VALID, Network
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.demo.model import PRETRAINED
from smidgen.verdict import compare
from tests.host.cli.conftest import fails_with_one_line
from tests.support.streaming import wake_word_model


def test_convert_writes_the_model_and_the_verdict(smidgen, tflite):
    result = smidgen("convert", tflite, "-o", "out.smg")
    assert result.returncode == 0, result.stderr
    blob = Blob.load(smidgen.folder / "out.smg")
    assert f"arena {blob.arena_size:,} bytes" in result.stdout
    assert f"{blob.macs:,} multiply-accumulates" in result.stdout
    assert f"{tflite.stat().st_size:,} bytes before" in result.stdout
    assert "every byte, on 64 inputs" in result.stdout
    assert smidgen.files() == {"model.tflite", "out.smg"}


def test_convert_names_the_output_after_the_model(smidgen, tflite):
    assert smidgen("convert", tflite).returncode == 0
    assert smidgen.files() == {"model.tflite", "model.smg"}


def test_convert_as_json_gives_the_same_figures(smidgen, tflite):
    figures = json.loads(smidgen("convert", tflite, "--inputs", 8, "--json").stdout)
    blob = Blob.load(smidgen.folder / "model.smg")
    assert figures["smg_bytes"] == len(blob.to_bytes())
    assert (figures["arena_bytes"], figures["macs"]) == (blob.arena_size, blob.macs)
    assert figures["equal"] is True and figures["inputs"] == 8


def test_convert_to_a_stream_is_compared_window_by_window(smidgen):
    (smidgen.folder / "k.tflite").write_bytes(Network((20, 8, 1), 1, padding=VALID).conv(4, 3, (2, 1)).dense(3).build())
    result = smidgen("convert", "k.tflite", "--stream", "--inputs", 12)
    assert result.returncode == 0, result.stderr
    assert "steps:     of 2 frames; answers count after 20" in result.stdout
    assert "every byte, on 12 inputs" in result.stdout
    assert Blob.load(smidgen.folder / "k.smg").tensors[0].dims == (1, 2, 8, 1)


def test_convert_refuses_a_stream_of_a_model_that_pads_in_time(smidgen):
    (smidgen.folder / "k.tflite").write_bytes(Network((20, 8, 1), 1, padding=SAME).conv(4, 3).dense(3).build())
    fails_with_one_line(smidgen("convert", "k.tflite", "--stream"), "CONV_2D (operator 0", "pads in time")
    assert smidgen.files() == {"k.tflite"}


def test_convert_refuses_a_hop_without_a_stream_and_one_that_a_card_contradicts(smidgen):
    shutil.copy(PRETRAINED / "model.tflite", smidgen.folder)
    fails_with_one_line(smidgen("convert", "model.tflite", "--hop", 2), "give both")
    contradicted = smidgen("convert", "model.tflite", "--stream", "--hop", 4, "--card", PRETRAINED / "card.json")
    fails_with_one_line(contradicted, "a score every 2 frames")


def test_convert_finds_inputs_that_do_not_saturate_the_output(tflite):
    content = tflite.read_bytes()
    verdict = compare(content, convert(content, "model").to_bytes(), "model", count=32)
    assert verdict.undecided >= 16


def test_convert_compares_with_the_numpy_reference_where_tflm_is_absent(smidgen, tflite):
    code = (
        "import sys, importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'tflite_micro' else find(name, *a)\n"
        f"sys.argv = ['smidgen', 'convert', {str(tflite)!r}, '--inputs', '4']\n"
        "from smidgen.cli import main; main()"
    )
    smidgen.line = [sys.executable, "-c", code]
    result = smidgen.apart()
    assert result.returncode == 0, result.stderr
    assert "the NumPy reference, every byte, on 4 inputs" in result.stdout
    assert "smidgen[verify]" in result.stdout


def test_verdict_notices_one_wrong_weight(tflite):
    content = tflite.read_bytes()
    blob = convert(content, "model")
    weights = next(blob.tensors[op.inputs[1]] for op in blob.operators if op.name == "FULLY_CONNECTED")
    data = bytearray(blob.data)
    data[weights.offset] ^= 0x40
    blob.data = bytes(data)
    verdict = compare(content, blob.to_bytes(), "model")
    assert not verdict.equal and "instead of" in verdict.difference


def test_refusal_lists_every_problem_and_writes_nothing(smidgen, unsupported):
    result = smidgen("convert", unsupported)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert len(lines) == 2 and all(line.startswith(f"smidgen: {unsupported}: ") for line in lines)
    assert "CUMSUM" in lines[0] and "L2_NORMALIZATION" in lines[1]
    assert smidgen.files() == {"odd.tflite"}


@pytest.mark.parametrize("content", [b"", b"not a model at all", b"\x1c\0\0\0TFL3" + bytes(60)])
def test_what_is_not_a_tflite_is_refused_by_name(smidgen, content):
    (smidgen.folder / "bad.tflite").write_bytes(content)
    fails_with_one_line(smidgen("convert", "bad.tflite"), "bad.tflite", ".tflite")
    assert smidgen.files() == {"bad.tflite"}


def test_truncated_tflite_is_refused(smidgen, tflite):
    tflite.write_bytes(tflite.read_bytes()[:20_000])
    fails_with_one_line(smidgen("convert", tflite), "model.tflite")
    assert smidgen.files() == {"model.tflite"}


def test_missing_model_and_missing_folder_are_named(smidgen, tflite):
    fails_with_one_line(smidgen("convert", "nowhere.tflite"), "nowhere.tflite", "No such file")
    fails_with_one_line(smidgen("convert", tflite, "-o", "no/such/out.smg"), "no/such/out.smg", "No such file")


def test_full_disk_leaves_the_old_file_and_nothing_else(smidgen, tflite):
    (smidgen.folder / "model.smg").write_bytes(b"old")
    fails_with_one_line(smidgen.apart("convert", tflite, file_limit=4096), "model.smg")
    assert (smidgen.folder / "model.smg").read_bytes() == b"old"
    assert smidgen.files() == {"model.tflite", "model.smg"}


def test_ctrl_c_leaves_nothing_half_written(smidgen, tflite):
    pipe = smidgen.folder / "piped.tflite"
    os.mkfifo(pipe)
    process = smidgen.start("convert", pipe, "--inputs", 100_000)
    pipe.write_bytes(tflite.read_bytes())  # it has begun when it has read this
    said = smidgen.interrupt(process)
    assert process.returncode == 130
    assert said.startswith("smidgen: stopped") and "Traceback" not in said
    assert smidgen.files() == {"model.tflite", "piped.tflite"}


def test_convert_finds_the_manifest_of_a_microwakeword_model_beside_it(smidgen):
    (smidgen.folder / "ok.tflite").write_bytes(wake_word_model())
    micro = {"probability_cutoff": 0.9, "feature_step_size": 10, "sliding_window_size": 5}
    content = {"type": "micro", "wake_word": "Okay", "version": 2, "micro": micro}
    for name in ("ok.json", "other.json"):
        (smidgen.folder / name).write_text(json.dumps(content | {"wake_word": name}))
    assert smidgen("convert", "ok.tflite").returncode == 0
    assert Blob.load(smidgen.folder / "ok.smg").labels == ["ok.json"]
    assert smidgen("convert", "ok.tflite", "--mww", "other.json").returncode == 0
    assert Blob.load(smidgen.folder / "ok.smg").labels == ["other.json"]
    fails_with_one_line(smidgen("convert", "ok.tflite", "--mww", "ok.tflite"), "ok.tflite: not a manifest")
