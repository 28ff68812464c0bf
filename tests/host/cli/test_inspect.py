"""`smidgen inspect`: figures that agree with the file and with the engine."""

from __future__ import annotations

import json
import struct
import zlib

import pytest

from smidgen import _format as fmt
from smidgen.bench.networks import ds_cnn, mobilenet
from smidgen.bench.seeded import VALID
from smidgen.convert import convert
from smidgen.inspection import Life, inspect_blob, inspect_tflite
from tests.host.cli.conftest import fails_with_one_line
from tests.support.keyword_model import AUDIO, DETECTION, keyword_model
from tests.support.samples import SAMPLES


@pytest.fixture
def smg(smidgen, tflite):
    path = smidgen.folder / "model.smg"
    path.write_bytes(convert(tflite.read_bytes(), "model").to_bytes())
    return path


def test_inspect_says_how_a_stream_listens(smidgen):
    (smidgen.folder / "k.smg").write_bytes(keyword_model(AUDIO, DETECTION, 4, VALID, True))
    said = " ".join(smidgen("inspect", "k.smg").stdout.split())
    assert "stream steps of 2 frames, 20 ms; scores count after 20 frames, 0.2 s;" in said
    figures = json.loads(smidgen("inspect", "k.smg", "--json").stdout)
    assert figures["stream"]["macs_a_second"] == figures["macs"] * 50
    (smidgen.folder / "w.smg").write_bytes(keyword_model())
    assert json.loads(smidgen("inspect", "w.smg", "--json").stdout)["stream"] is None


@pytest.mark.parametrize("content", [ds_cnn(), mobilenet(3)], ids=["ds_cnn", "mobilenet"])
def test_work_and_bytes_of_the_layers_add_up_to_the_model_s(content):
    blob = convert(content, "model")
    found = inspect_blob(blob, "model")
    assert sum(layer.macs for layer in found.layers) == blob.macs
    padding = 8 * 2 * len(found.layers)  # each layer's two constants are aligned to 8 bytes
    assert 0 <= len(blob.data) - sum(layer.weight_bytes for layer in found.layers) <= padding
    assert sum(layer.macs for layer in inspect_tflite(content, "model").layers) == blob.macs


@pytest.mark.parametrize("name", SAMPLES)
def test_work_is_counted_for_every_operator_of_the_engine(name):
    content = SAMPLES[name]()
    blob = convert(content, name)
    assert sum(layer.macs for layer in inspect_blob(blob, name).layers) == blob.macs
    assert sum(layer.macs for layer in inspect_tflite(content, name).layers) == blob.macs


def test_arena_over_time_stays_within_the_arena_and_reaches_into_every_part_of_it():
    found = inspect_blob(convert(ds_cnn(), "model"), "model")
    in_use = [found.live(step) for step in range(-1, len(found.layers) + 1)]
    assert max(in_use) <= found.arena_bytes
    assert in_use[0] == 49 * 10 and in_use[-1] == 12, "at the start only the input lives, at the end the output"
    assert max(life.offset + life.size for life in found.lives) == found.arena_bytes


def test_bytes_in_use_count_overlaps_once():
    found = inspect_blob(convert(ds_cnn(), "model"), "model")
    lives = [Life("a", 0, 10, 0, 1), Life("b", 5, 10, 0, 0), Life("c", 40, 2, 0, 0)]
    found = type(found)(**{**vars(found), "lives": lives})
    assert [found.live(step) for step in (0, 1, 2)] == [17, 10, 0]


def test_inspect_shows_operators_shapes_scales_and_arena(smidgen, smg):
    said = smidgen("inspect", smg).stdout
    for expected in ("DEPTHWISE_CONV_2D", "1x25x5x64 int8", "scale 0.00390625, zero point -128", "10,048", "█"):
        assert expected in said
    assert max(map(len, said.splitlines())) <= 80 + len(str(smg))


def test_inspect_as_json_is_the_same_for_both_formats_of_a_model(smidgen, smg, tflite):
    ours, theirs = (json.loads(smidgen("inspect", path, "--json").stdout) for path in (smg, tflite))
    assert ours["format"] == "smg" and theirs["format"] == "tflite"
    for name in ("macs", "arena_bytes", "arena"):
        assert ours[name] == theirs[name]
    assert [layer["macs"] for layer in ours["layers"] if layer["macs"]] == [
        layer["macs"] for layer in theirs["layers"] if layer["macs"]
    ]


def test_inspect_shows_a_model_that_cannot_be_converted_and_says_why(smidgen, unsupported):
    result = smidgen("inspect", unsupported)
    assert result.returncode == 0
    assert "CUMSUM" in result.stdout and "cannot be converted: L2_NORMALIZATION" in result.stdout


@pytest.mark.parametrize("suffix", ["svg", "png"])
def test_inspect_draws_the_memory_map(smidgen, smg, suffix):
    assert smidgen("inspect", smg, "--map", f"map.{suffix}").returncode == 0
    content = (smidgen.folder / f"map.{suffix}").read_bytes()
    if suffix == "png":
        assert content.startswith(b"\x89PNG") and b"IEND" in content[-12:]
    else:
        assert b"DEPTHWISE_CONV_2D" in content and b"10,048 bytes" in content


def test_map_of_another_kind_is_refused_before_anything_is_written(smidgen, smg, tflite):
    fails_with_one_line(smidgen("inspect", smg, "--map", "map.bmp"), "map.bmp", ".svg or .png")
    assert smidgen.files() == {"model.tflite", "model.smg"}


def with_crc(content: bytes) -> bytes:
    return content[:4] + struct.pack("<I", zlib.crc32(content[8:])) + content[8:]


def test_corrupt_cut_and_newer_smg_are_refused_by_name(smidgen, smg):
    good = smg.read_bytes()
    newer = with_crc(good[:8] + bytes([fmt.MAJOR + 1]) + good[9:])
    flipped = good[:500] + bytes([good[500] ^ 1]) + good[501:]
    for content, words in ((newer, "newer engine"), (flipped, "damaged"), (good[:-1], "shorter"), (b"", "shorter")):
        smg.write_bytes(content)
        for verb in ("inspect", "profile"):
            fails_with_one_line(smidgen(verb, smg), "model.smg", words)
