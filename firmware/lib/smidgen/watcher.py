"""Motion to gestures, on the board, for as long as there is motion.

    for gesture, score, time_ms in Watcher(Model("model.smg"), IMU()):
        print(gesture, score, time_ms)

    async for gesture, score, time_ms in Watcher(model, imu): ...      the same; other tasks run in between

Everything comes from the model's file: units, rate and window (IMU), the labels, how scores become detections
(DETECTION).
"""

from ._format import SECTION_IMU
from .detector import detector_of
from .errors import error
from .motion import MotionFrontEnd
from .stream import Stream


class Watcher(Stream):
    """An iterator of detections (gesture, score, time_ms), see stream.py."""

    def __init__(self, model, imu):
        """model: a Model with IMU and DETECTION sections and labels. imu: see imu.py.

        Raises SectionError or InputError when the model is not for motion or the sensor has another rate.
        """
        section = model.blob.section(SECTION_IMU)
        if section is None:
            raise error("SectionError", model.source, "has no IMU section: it is not a model for motion")
        super().__init__(model, imu, MotionFrontEnd(section), "IMU", "imu", detector_of(model))
