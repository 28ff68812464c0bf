"""Monitor: a machine's sound on the board. Reports and learned thresholds are the host's; a threshold outlives any
reset."""

from __future__ import annotations

import dataclasses
import zlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smidgen.blob import Blob
from smidgen.monitor import Monitor
from smidgen.train.scoring import AnomalySpec
from tests.device_package.conftest import load
from tests.support.anomaly_model import AUDIO, SPEC, anomaly_model
from tests.support.keyword_model import keyword_model, speech_like

SAMPLES = speech_like(3, seed=5)


def board_monitor(package, samples: np.ndarray, path: str | None = None, content: bytes | None = None):
    model = package.Model(bytearray(content or anomaly_model()))
    return package.Monitor(model, package.Recorded(samples.tobytes()), path)


def plain(reports) -> list[tuple]:
    return [(r.alarm, r.percent, r.time_ms) for r in reports]


def test_reports_are_the_hosts_value_for_value(package):
    host = Monitor(anomaly_model())
    expected = plain(host.feed(SAMPLES))
    percents = sorted(percent for _, percent, _ in expected)
    assert len(expected) > 20 and percents[0] < percents[-1]
    assert list(board_monitor(package, SAMPLES)) == expected
    halves = Monitor(anomaly_model())
    assert plain([*halves.feed(SAMPLES[:12345]), *halves.feed(SAMPLES[12345:])]) == expected


def test_an_alarm_begins_at_the_threshold_and_ends_below_nine_tenths_of_it(native_package):
    monitor = board_monitor(native_package, SAMPLES)
    monitor.threshold, told = 1000, []
    for score in (999, 1000, 950, 900, 899, 999, 1001):
        monitor._detector.feed = lambda *_, score=score: score
        told.append(monitor._decide(None)[0])
    assert told == [False, True, True, True, False, False, True]


def test_a_threshold_is_learned_as_on_the_host_and_kept(package, tmp_path):
    path = str(tmp_path / "calibration.bin")
    host = Monitor(anomaly_model())
    reports = [report.score for report in host.feed(SAMPLES)]
    monitor = board_monitor(package, SAMPLES, path)
    assert not monitor.calibrated and monitor.threshold == SPEC.threshold
    assert monitor.calibrate() == SPEC.learn(reports[: SPEC.learned]) == monitor.threshold
    host.threshold, rest = monitor.threshold, Monitor(anomaly_model())
    again = board_monitor(package, SAMPLES, path)
    assert again.calibrated and again.threshold == monitor.threshold
    rest.threshold = monitor.threshold
    assert list(again) == plain(rest.feed(SAMPLES))
    other = anomaly_model(spec=dataclasses.replace(SPEC, hops=3))
    assert not board_monitor(package, SAMPLES, path, other).calibrated, "another model's threshold is none"


def test_sound_that_ends_too_early_teaches_nothing(native_package, tmp_path):
    monitor = board_monitor(native_package, SAMPLES[:6500], str(tmp_path / "calibration.bin"))
    with pytest.raises(native_package.error("InputError"), match=r"ends after 3 of the 4 reports"):
        monitor.calibrate()
    assert monitor.threshold == SPEC.threshold and not list(tmp_path.iterdir())


def test_a_reset_at_any_byte_of_the_write_leaves_the_old_threshold_or_the_new(native_package, tmp_path, monkeypatch):
    module = native_package.module("calibration")
    model = native_package.Model(bytearray(anomaly_model()))
    path = str(tmp_path / "calibration.bin")
    whole = 20
    for before in range(4):  # nothing yet, one slot, both slots, round again
        for left in range(whole + 1):
            for stale in tmp_path.iterdir():
                stale.unlink()
            store = module.Calibration(path, model)
            for n in range(before):
                store.save(100 + n)
            old = store.load()

            class Cut:
                """A file that takes `left` bytes; then the power is gone."""

                def __init__(self, name, mode):
                    self.file = Path(name).open(mode)  # noqa: SIM115

                def __enter__(self):
                    return self

                def __exit__(self, *_):
                    self.file.close()

                def read(self, size):
                    return self.file.read(size)

                def write(self, content, left=left):
                    self.file.write(content[:left])
                    if left < len(content):
                        raise KeyboardInterrupt

            with monkeypatch.context() as patch:
                patch.setattr(module, "open", Cut, raising=False)
                if left < whole:
                    with pytest.raises(KeyboardInterrupt):
                        store.save(7)
                else:
                    store.save(7)
            assert module.Calibration(path, model).load() == (7 if left == whole else old)
            store.save(8)
            assert module.Calibration(path, model).load() == 8


def test_a_damaged_slot_is_no_threshold(native_package, tmp_path):
    module = native_package.module("calibration")
    store = module.Calibration(str(tmp_path / "c"), native_package.Model(bytearray(anomaly_model())))
    store.save(5)
    store.save(6)
    newest = max(tmp_path.iterdir(), key=lambda path: path.read_bytes()[4])
    content = newest.read_bytes()
    for i in range(len(content)):
        newest.write_bytes(content[:i] + bytes([content[i] ^ 1]) + content[i + 1 :])
        assert store.load() == 5
    newest.write_bytes(content + b"x")
    assert store.load() == 5


@given(st.binary(max_size=40))
def test_the_checksum_is_zlibs(content):
    assert load("native").module("calibration").crc32(content) == zlib.crc32(content)


@given(st.lists(st.integers(0, 1023**2), min_size=2, max_size=40), st.integers(0, 200))
def test_what_is_learned_is_the_hosts(reports, margin):
    spec = dataclasses.replace(SPEC, margin_q4=margin)
    assert load("native").module("monitor").learn(reports, margin) == spec.learn(reports)


@given(st.integers(1, 2**20 - 1), st.integers(-128, 127), st.integers(-128, 127), st.integers(0, 2**32 - 1))
def test_a_windows_score_is_the_hosts_for_any_bytes(scale, zero_in, zero_out, seed):
    spec = AnomalySpec(scale, 1, 1, 2, 16, 0, tuple(np.random.default_rng(seed).integers(0, 256, 4).tolist()))
    window, restored = np.random.default_rng(seed).integers(-128, 128, (2, 12)).astype(np.int8)
    tensors = [SimpleNamespace(dtype="int8", size=12, zero_point=zero) for zero in (zero_in, zero_out)]
    blob = SimpleNamespace(section=lambda number: spec.to_section())
    model = SimpleNamespace(blob=blob, inputs=tensors[:1], outputs=tensors[1:])
    scorer = load("native").module("monitor").Scorer(model, 4)
    expected = spec.score(window, restored, (zero_in, zero_out))
    assert scorer._score(window.tobytes(), restored.tobytes()) == expected <= 1023**2


def test_models_that_do_not_fit_are_refused(package):
    SectionError = package.error("SectionError")
    with pytest.raises(SectionError, match="lacks AUDIO or ANOMALY"):
        package.Monitor(package.Model(bytearray(keyword_model())), package.Recorded(b""))
    section = SPEC.to_section()
    for spoilt in (section[:10], section[:-1], bytes(4) + section[4:], section[:8] + bytes(2) + section[10:]):
        blob = Blob.from_bytes(anomaly_model())
        blob.sections["ANOMALY"] = spoilt
        with pytest.raises(SectionError, match="ANOMALY"):
            board_monitor(package, SAMPLES, content=blob.to_bytes())
        with pytest.raises(Exception, match="ANOMALY"):
            Monitor(blob.to_bytes())


def test_the_section_holds_all_of_the_spec():
    assert AnomalySpec.from_section(SPEC.to_section()) == SPEC == AnomalySpec.from_dict(SPEC.to_dict())
    assert AUDIO.channels == len(SPEC.weights)
