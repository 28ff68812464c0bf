"""`smidgen profile`: a time for each operator."""

from __future__ import annotations

import json

from smidgen.convert import convert


def test_profile_gives_each_operator_a_time(smidgen, tflite):
    figures = json.loads(smidgen("profile", tflite, "--runs", 3, "--json").stdout)
    blob = convert(tflite.read_bytes(), "model")
    assert [row["operator"] for row in figures["operators"]] == [op.name for op in blob.operators]
    assert sum(row["macs"] for row in figures["operators"]) == blob.macs
    assert all(row["us"] > 0 for row in figures["operators"])
    assert abs(figures["total_us"] - sum(row["us"] for row in figures["operators"])) < 1e-6


def test_profile_prints_a_table(smidgen, tflite):
    said = smidgen("profile", tflite, "--runs", 2).stdout
    assert "us an inference on this machine (fastest of 2)" in said
    assert "DEPTHWISE_CONV_2D" in said and "%" in said
