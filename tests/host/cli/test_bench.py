"""`smidgen bench`: the same cycles every time, and the emulated chip's bytes are the host's (measure checks them)."""

from __future__ import annotations

import json

import pytest

from smidgen.bench.seeded import VALID
from tests.support import anomaly_model, motion_model
from tests.support.keyword_model import AUDIO, DETECTION, keyword_model
from tests.support.samples import SAMPLES


@pytest.fixture
def small(smidgen):
    path = smidgen.folder / "small.tflite"
    path.write_bytes(SAMPLES["keyword"]())
    return path


def test_bench_counts_the_same_cycles_twice(smidgen, small):
    first, second = (json.loads(smidgen("bench", small, "--json").stdout) for _ in range(2))
    assert first == second
    assert first["cycles"] == sum(operator["cycles"] for operator in first["operators"]) > 10_000
    assert {"macs", "code_bytes", "arena_bytes", "stack_bytes"} <= first.keys()


def test_bench_prints_a_row_for_each_operator(smidgen, small):
    said = smidgen("bench", small).stdout
    for name in ("CONV_2D", "DEPTHWISE_CONV_2D", "AVERAGE_POOL_2D", "FULLY_CONNECTED", "SOFTMAX"):
        assert name in said


def test_bench_counts_the_front_end_of_a_model_that_listens(smidgen, small):
    (smidgen.folder / "keyword.smg").write_bytes(keyword_model(AUDIO, DETECTION, 4, VALID, True))
    figures = json.loads(smidgen("bench", "keyword.smg", "--json").stdout)
    listening = figures["listening"]
    assert 30_000 < listening["frame_cycles"] < 300_000 and listening["model_cycles"] == figures["cycles"]
    assert listening["hops"] == DETECTION.hops and listening["hop_ms"] == 10
    assert listening["worst_hop"] > listening["load"] > 0
    assert json.loads(smidgen("bench", small, "--json").stdout)["listening"] is None


def test_bench_tells_of_streams_of_motion_and_of_machines_too(smidgen):
    (smidgen.folder / "gesture.smg").write_bytes(motion_model.motion_model())
    (smidgen.folder / "anomaly.smg").write_bytes(anomaly_model.anomaly_model())
    motion, machine = (json.loads(smidgen("bench", name, "--json").stdout) for name in ("gesture.smg", "anomaly.smg"))
    assert motion["listening"]["hops"] == motion_model.DETECTION.hops and motion["listening"]["hop_ms"] == 40
    assert motion["listening"]["frame_cycles"] == 0 < motion["listening"]["worst_hop"]
    assert machine["listening"]["hops"] == anomaly_model.SPEC.hops and machine["listening"]["frame_cycles"] > 30_000
    assert "takes nothing but MicroPython" in smidgen("bench", "gesture.smg").stdout
