"""Watcher: motion on the board. Its detections are the host pipeline's, value for value."""

from __future__ import annotations

import asyncio
import dataclasses
from array import array

import numpy as np
import pytest

from smidgen import pipeline
from smidgen.features.motion import MotionSpec
from smidgen.train.detection import DetectionSpec
from tests.support.keyword_model import keyword_model
from tests.support.motion_model import DETECTION, MOTION, motion_like, motion_model

SAMPLES = motion_like(400)
MODELS = {
    "two samples a hop": (MOTION, DETECTION),
    "every sample, no smoothing, no pause": (MOTION, dataclasses.replace(DETECTION, window=1, hops=1, refractory=0)),
    "a rate that is no whole number": (MotionSpec(rate_hz=12.5, window=20, full_scale_mg=3001), DETECTION),
    "hops longer than the window": (MOTION, DetectionSpec((-128, -128, -128), 2, 33, 0)),
}


def watch(package, content: bytes, source) -> list[tuple]:
    return list(package.Watcher(package.Model(bytearray(content)), source))


@pytest.mark.parametrize("name", MODELS)
def test_detections_are_the_hosts_value_for_value(package, name):
    content = motion_model(*MODELS[name])
    expected = pipeline.listen(content, SAMPLES)
    assert len(expected) >= 2
    source = package.RecordedMotion(SAMPLES.tobytes(), rate_hz=MODELS[name][0].rate_hz)
    assert watch(package, content, source) == expected


def test_async_for_gives_the_same_and_waits_as_long_as_the_sensor(package):
    class Slow:
        def __init__(self):
            self.inner, self.waited = package.RecordedMotion(SAMPLES.tobytes()), 0
            self.readinto = self.inner.readinto

        def wait_ms(self):
            self.waited += 1
            return 0

    async def main():
        source = Slow()
        watcher = package.Watcher(package.Model(bytearray(motion_model())), source)
        return [found async for found in watcher], source.waited

    assert asyncio.run(main()) == (pipeline.listen(motion_model(), SAMPLES), len(SAMPLES) + 1)


def test_a_csv_on_the_board_is_the_same_motion(package, tmp_path):
    rows = [f"{40 * i},{x},{y},{z}\n" for i, (x, y, z) in enumerate(SAMPLES.tolist())]
    path = tmp_path / "motion.csv"
    path.write_text("time_ms,x_mg,y_mg,z_mg\n" + "".join(rows))
    source = package.RecordedMotion(str(path))
    assert watch(package, motion_model(), source) == pipeline.listen(motion_model(), SAMPLES)
    source.close()
    for spoilt, text in (("a,b\n", "needs columns"), ("x_mg,y_mg,z_mg\n1,2,3\n1,oops,3\n", "line 3 is no row")):
        path.write_text(spoilt)
        with pytest.raises(package.error("InputError"), match=text):
            watch(package, motion_model(), package.RecordedMotion(str(path)))


def test_what_does_not_fit_is_refused(package):
    Watcher, Model = package.Watcher, package.Model
    with pytest.raises(package.error("SectionError"), match="has no IMU section: it is not a model for motion"):
        Watcher(Model(bytearray(keyword_model())), package.RecordedMotion(b""))
    with pytest.raises(package.error("InputError"), match="imu: gives 50 samples a second, the model wants 25"):
        Watcher(Model(bytearray(motion_model())), package.RecordedMotion(b"", rate_hz=50))
    section = MOTION.to_section()
    for spoilt in (section[:-1], section[:8] + b"\x06" + section[9:], bytes(4) + section[4:], section[:4] + bytes(8)):
        with pytest.raises(package.error("SectionError"), match="IMU"):
            package.module("motion").MotionFrontEnd(spoilt)


def test_after_a_sensors_error_the_stream_begins_anew(package):
    SensorError = package.error("SensorError")
    whole = package.RecordedMotion(SAMPLES.tobytes())

    class Pulled:
        """Loses its wire once, 30 samples into the recording."""

        reads = 0

        def readinto(self, buf):
            self.reads += 1
            if self.reads == 31:
                raise SensorError("imu: does not answer")
            return whole.readinto(buf)

    watcher = package.Watcher(package.Model(bytearray(motion_model())), Pulled())
    found = []
    with pytest.raises(SensorError):
        for detection in watcher:
            found.append(detection)
    assert list(watcher) == pipeline.listen(motion_model(), SAMPLES[30:])
    assert found == pipeline.listen(motion_model(), SAMPLES[:30])


@pytest.mark.parametrize("value", [-32768, -2001, -2000, -1008, -8, -7, 0, 7, 8, 1984, 1999, 32767])
def test_a_row_is_the_hosts(package, value):
    front_end = package.module("motion").MotionFrontEnd(MOTION.to_section())
    samples = array("h", [value, 0, -value if value > -32768 else 0])
    row = bytearray(4)
    assert front_end.feed(samples, 0, 2) == 2 and not front_end.frame(row)
    assert front_end.feed(samples, 2, 3) == 1 and front_end.frame(row, 1) and not front_end.frame(row)
    assert row[1:] == MOTION.features(np.array([samples], np.int16)).tobytes()
