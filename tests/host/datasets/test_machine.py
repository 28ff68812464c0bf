"""Machines: folders in the layouts that people have; simulated faults strike as often as the bearing's geometry
says."""

from __future__ import annotations

import numpy as np
import pytest

from smidgen.datasets.machine.bearing import FAULTS, Bearing, Machine, simulate
from smidgen.datasets.machine.files import load
from smidgen.datasets.wav import write_wav
from smidgen.errors import DataError

SOUND = np.arange(-800, 800, dtype=np.int16)


@pytest.mark.parametrize(("path", "machine", "anomalous"), [
    ("fan/id_02/normal/00000001.wav", "id_02", False),
    ("fan/id_02/abnormal/00000001.wav", "id_02", True),
    ("ToyCar/train/normal_id_01_00000000.wav", "id_01", False),
    ("ToyCar/test/anomaly_id_01_00000000.wav", "id_01", True),
    ("lathe/normal/a.wav", "lathe", False),
    ("lathe/anomalous/a.WAV", "lathe", True),
    ("normal/a.wav", "data", False),
])  # fmt: skip
def test_layouts_of_the_field_are_understood(tmp_path, path, machine, anomalous):
    folder = tmp_path / "data"
    for name in {path, "other/normal/b.wav"}:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_wav(folder / name, SOUND)
    found = load(folder)
    assert (machine, anomalous) in zip(found.machines, found.anomalous, strict=True) and len(found) == 2


def test_vibration_becomes_milli_g_at_16_khz_without_gravity(tmp_path):
    folder = tmp_path / "pump" / "normal"
    folder.mkdir(parents=True)
    times = np.arange(4000) / 4000
    x = 1.0 + 0.5 * np.sin(2 * np.pi * 100 * times)
    rows = "".join(f"{1e6 * t:.0f},{value:.4f}\n" for t, value in zip(times, x, strict=True))
    (folder / "a.csv").write_text("time_us,x_g\n" + rows)
    audio = load(tmp_path).audio[0]
    assert len(audio) == 16000 and abs(int(audio[4000:12000].max()) - 500) < 8 and abs(audio.mean()) < 2
    (folder / "a.csv").write_text("time_us,y_g\n1,2\n")
    with pytest.raises(DataError, match=r"a\.csv:1: columns time_us, y_g; name them time_ms,x_mg"):
        load(tmp_path)


def test_folders_without_a_healthy_machine_are_refused(tmp_path):
    for folder, text in (
        (tmp_path / "nowhere", "no such folder"),
        (tmp_path, "no recording of a machine that is well"),
    ):
        with pytest.raises(DataError, match=text):
            load(folder)


def test_characteristic_frequencies_of_a_known_bearing():
    """SKF 6205-2RS JEM, as the Case Western Reserve bearing data centre gives them, over the shaft's frequency."""
    bearing = Bearing(9, 0.3126 / 1.537, 1.0)
    assert bearing.strikes_hz("inner race", 1.0) == pytest.approx(5.4152, abs=2e-3)
    assert bearing.strikes_hz("outer race", 1.0) == pytest.approx(3.5848, abs=2e-3)
    assert 2 * bearing.modulation_hz("ball", 1.0) == pytest.approx(2 * 0.39828, abs=1e-3)
    assert 2 * bearing.strikes_hz("ball", 1.0) == pytest.approx(4.7135, abs=2e-3)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faults_strikes_show_in_the_envelope(fault):
    machine = Machine(3)
    sound = machine.record(8.0, np.random.default_rng(1), fault, strength_db=12.0) / 32768
    spectrum = np.fft.rfft(np.abs(np.diff(sound)) ** 2)  # diff: the ringing is higher than the hum
    spectrum[:40] = 0
    strikes = machine.bearing.strikes_hz(fault, machine.shaft_hz)
    window = range(int(8 * strikes * 0.96), int(8 * strikes * 1.04))
    near = np.abs(spectrum[window.start : window.stop]).max()
    assert near > 8 * np.median(np.abs(spectrum[40:4000]))


def test_the_last_normal_ones_and_all_anomalous_ones_are_held_out():
    clips = simulate(2, {None: 8, "ball": 3}, 0.2, (-3.0, 0.0), seed=1)
    assert clips.key() == simulate(2, {None: 8, "ball": 3}, 0.2, (-3.0, 0.0), seed=1).key()
    kept, rest = clips.split(0.25)
    assert len(kept) == 12 and not any(kept.anomalous)
    assert rest.anomalous.count(True) == 6 and rest.anomalous.count(False) == 4
    assert np.array_equal(rest.audio[0], clips.audio[6])
