"""Motion: files become milli-g at one rate, bad ones are named with their line; splits keep neighbours together;
windows and simulated gestures are what they say."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen.datasets.motion import windows
from smidgen.datasets.motion.files import load, load_file
from smidgen.datasets.motion.recordings import STANDARD_GRAVITY, Motions, at_rate, rotation
from smidgen.datasets.motion.wand import GESTURES, NEGATIVE, simulate
from smidgen.errors import DataError, UsageError
from smidgen.features.motion import MotionFrontEnd, MotionSpec

RAMP = np.arange(90).reshape(30, 3) * 10 - 400


def csv(path: Path, header: str, rows: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join([header, *(",".join(map(str, row)) for row in rows.tolist())]) + "\n")
    return path


@pytest.mark.parametrize(
    ("header", "factor", "tick"),
    [("time_ms,x_mg,y_mg,z_mg", 1, 40), ("t_us,ax_g,ay_g,az_g", 1e-3, 40_000),
     ("Time_s, acc_x_ms2, acc_y_ms2, acc_z_ms2", STANDARD_GRAVITY / 1000, 0.04)],
)  # fmt: skip
def test_a_csv_says_its_own_unit_and_rate(tmp_path, header, factor, tick):
    rows = np.column_stack([np.arange(30) * tick, RAMP * factor])
    assert np.abs(load_file(csv(tmp_path / "a.csv", header, rows), 25.0) - RAMP).max() <= 1


def test_a_npy_takes_unit_and_rate_from_format_json(tmp_path):
    (tmp_path / "ring").mkdir()
    np.save(tmp_path / "ring" / "me-1.npy", RAMP / 1000)
    with pytest.raises(DataError, match=r"me-1\.npy: rate and unit unknown"):
        load(tmp_path, 25.0)
    (tmp_path / "format.json").write_text(json.dumps({"rate_hz": 25, "unit": "g"}))
    found = load(tmp_path, 25.0)
    assert np.array_equal(found.samples[0], RAMP) and (found.labels, found.sessions) == (["ring"], ["me"])


def test_a_wand_text_holds_recordings_between_dashes(tmp_path):
    (tmp_path / "ring.txt").write_text("-,-,-\n1.4, 2.6, -3\n4,5,6\n\n-,-,-\n7,8,9\n10,11,12\n-,-,-\n")
    found = load(tmp_path, 25.0)
    assert [s.tolist() for s in found.samples] == [[[1, 3, -3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]
    assert found.labels == ["ring", "ring"]


def test_recordings_come_in_the_order_in_which_they_were_made(tmp_path):
    for name in ("b-10", "b-9", "a-2"):
        csv(tmp_path / "ring" / f"{name}.csv", "time_ms,x_mg,y_mg,z_mg", np.column_stack([np.arange(30) * 40, RAMP]))
    assert load(tmp_path, 25.0).sessions == ["a", "b", "b"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("ring/a.csv", "", "is empty"),
        ("ring/a.csv", "x,y\n1,2\n", "a.csv:1: columns x, y"),
        ("ring/a.csv", "time_ms,x,y,z\n1,2,3,4\n", "a.csv:1: the unit is unknown"),
        ("ring/a.csv", "x_g,y_g,z_g\n1,2,3\n", "a.csv:1: no column time_ms"),
        ("ring/a.csv", "time_ms,x_g,y_g,z_g\n0,1,2,3\n40,1,oops,3\n", "a.csv:3: not a row of numbers: '40,1,oops,3'"),
        ("ring/a.csv", "time_ms,x_g,y_g,z_g\n0,1,2,3\n40,1\n", "a.csv:3: not a row of numbers"),
        ("ring/a.csv", "time_ms,x_g,y_g,z_g\n0,1,2,nan\n", "a.csv:2: not a finite number"),
        ("ring/a.csv", "time_ms,x_g,y_g,z_g\n0,1,2,3\n40,1,2,3\n40,1,2,3\n", "a.csv:4: the time does not rise"),
        ("ring/a.csv", "time_ms,x_g,y_g,z_g\n" + "".join(f"{t},1,2,3\n" for t in (0, 40, 80, 900)), "a.csv:5: 0.82 s"),
        ("ring/a.npy", "no array", "not a .npy file"),
        ("ring.txt", "1,2,3\n", r"ring.txt:1: expected x,y,z or a line"),
        ("ring.txt", "-,-,-\n1,2\n", r"ring.txt:2: expected"),
        ("ring.txt", "-,-,-\n", "holds no recording"),
        ("ring/readme", "", "holds no .csv or .npy"),
        ("notes", "", "no recordings found"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_named_with_its_line(tmp_path, name, content, message):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    if path.suffix == ".npy":
        (tmp_path / "format.json").write_text('{"rate_hz": 25, "unit": "g"}')
    with pytest.raises(DataError) as error:
        load(tmp_path, 25.0)
    assert message in str(error.value) and str(tmp_path) in str(error.value)


@given(st.sampled_from([12.5, 25.0, 26.0, 50.0, 104.0, 400.0]), st.integers(30, 60))
def test_another_rate_keeps_length_in_time_and_a_slow_swing(own_hz, count):
    count = round(count * own_hz / 25)
    times = (np.arange(count) + 0.5) / own_hz
    found = at_rate(np.stack([1000 * np.sin(2 * times)] * 3, axis=1), own_hz, 25.0)
    assert abs(len(found) - count / own_hz * 25) <= 1
    expected = 1000 * np.sin(2 * (np.arange(len(found)) + 0.5) / 25)
    assert np.abs(found[1:-1, 0] - expected[1:-1]).max() < 5


def test_what_is_faster_than_the_new_rate_leaves_no_alias():
    fast = np.stack([1000 * np.sin(2 * np.pi * 100 * np.arange(800) / 400)] * 3, axis=1)
    assert np.abs(at_rate(fast, 400.0, 25.0)).max() < 10


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), st.sampled_from([0.1, 0.25, 0.5, 0.8]))
def test_a_split_holds_out_the_last_and_parts_sessions_only_where_there_is_one(lengths, share):
    motions = Motions()
    for session, length in enumerate(lengths):
        for n in range(length):
            motions.append(np.full((4, 3), 100 * session + n, np.int16), "ring", str(session))
    earlier, later = motions.split_by_order(share)
    order = [int(s[0, 0]) for s in (*earlier.samples, *later.samples)]
    assert order == sorted(order) and len(order) == len(motions)
    sessions = {*motions.sessions}
    assert len(sessions) == 1 or not {*earlier.sessions} & {*later.sessions}
    assert len(motions) < 2 or (len(earlier) and len(later))


@given(st.integers(-32768, 32767), st.integers(1, 32767))
def test_features_are_rounded_to_the_nearest_and_saturate(value, full_scale):
    feature = int(MotionSpec(full_scale_mg=full_scale).features(np.full((1, 3), value, np.int16))[0, 0])
    real = value * 128 / full_scale
    assert abs(feature - min(max(real, -128), 127)) <= 0.5 + 1e-9


def test_the_section_holds_all_of_the_spec_and_refuses_another_kind():
    spec = MotionSpec(26.0, 50, 4000)
    section = spec.to_section()
    assert MotionSpec.from_section(section) == spec and MotionFrontEnd(section).rate_hz == 26.0
    for spoilt in (section[:-1], section[:8] + b"\x06" + section[9:], bytes(4) + section[4:]):
        with pytest.raises(Exception, match="IMU section"):
            MotionSpec.from_section(spoilt)


@pytest.mark.parametrize("count", [3, 39, 40, 41, 200])
def test_a_recording_as_it_is_lies_whole_in_the_window_or_fills_it(count):
    samples = np.tile([0, 0, 1000], (count, 1)).astype(np.int16)
    samples[count // 2] = [1500, 0, 1000]
    made = windows.as_recorded(Motions([samples], ["ring"], ["a"]), np.array([1]), MotionSpec())
    assert made.features.shape == (1, 40, 3) and int(made.features[0, :, 0].max()) == 96


def test_varied_windows_differ_but_keep_gravity():
    rest = Motions([np.tile([0, -1000, 0], (30, 1)).astype(np.int16)] * 8, ["negative"] * 8, ["a"] * 8)
    made = windows.varied(rest, np.zeros(8, int), MotionSpec(), windows.Variation(), seed=1)
    again = windows.varied(rest, np.zeros(8, int), MotionSpec(), windows.Variation(), seed=1)
    assert np.array_equal(made.features, again.features)
    assert len({window.tobytes() for window in made.features}) == 8
    norms = np.linalg.norm(made.features.astype(float), axis=2).mean(axis=1)
    assert np.abs(norms - 64).max() < 8


def test_rotations_turn_and_keep_length():
    turned = rotation(np.array([[0, 0, np.pi / 2], [0, 0, 0]])) @ np.array([1.0, 0, 0])
    assert np.allclose(turned, [[0, 1, 0], [1, 0, 0]])


def test_simulated_gestures_start_from_gravity_and_the_same_seed_gives_the_same():
    counts = dict.fromkeys((*GESTURES, NEGATIVE), 24)
    made = simulate(counts, 25.0, seed=5)
    assert made.key() == simulate(counts, 25.0, seed=5).key() != simulate(counts, 25.0, seed=6).key()
    assert [made.labels.count(label) for label in counts] == [24] * 4
    for label in ("slope", "wing"):  # at rest before the first stroke: y down feels 1 g upwards
        first = np.median([s[0] for s, own in zip(made.samples, made.labels, strict=True) if own == label], axis=0)
        assert first[1] < -700 and abs(first[0]) < 500
    with pytest.raises(UsageError, match="no such simulated gesture; there are ring, slope, wing"):
        simulate({"spiral": 1}, 25.0, seed=1)
