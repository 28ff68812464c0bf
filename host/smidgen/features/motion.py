"""Motion as a model sees it: the IMU section of a `.smg`, and the arithmetic that training and boards share.

A sample is a row of int16 in milli-g along x, y and z; a feature is the same in int8, so that gravity, and with it the
orientation, stays in. firmware/lib/smidgen/motion.py does the same on the board, value for value.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np

from smidgen import _format as fmt
from smidgen.errors import UsageError

_IMU = fmt.RECORDS["imu"][0]
AXES = 3
MILLI_G = 0


@dataclass(frozen=True)
class MotionSpec:
    """rate_hz: samples a second, kept to a thousandth. window: samples of one model input. full_scale_mg: milli-g that
    fill int8; beyond it features saturate. Raises UsageError when one is out of its range."""

    rate_hz: float = 25.0
    window: int = 40
    full_scale_mg: int = 2000

    def __post_init__(self) -> None:
        if not (1 <= self.rate_hz <= 10_000 and 1 <= self.window <= 1024 and 1 <= self.full_scale_mg <= 32767):
            raise UsageError(
                f"motion: {self.rate_hz:g} samples a second, a window of {self.window}, full scale "
                f"{self.full_scale_mg} mg; use 1 to 10000, 1 to 1024 and 1 to 32767"
            )

    def features(self, samples: np.ndarray) -> np.ndarray:
        """int16 [n, 3], milli-g -> int8 [n, 3]."""
        scaled = (samples.astype(np.int32) * 128 + self.full_scale_mg // 2) // self.full_scale_mg
        return np.clip(scaled, -128, 127).astype(np.int8)

    def to_section(self) -> bytes:
        """The IMU section of a `.smg`."""
        return struct.pack(_IMU, round(self.rate_hz * 1000), self.window, self.full_scale_mg, AXES, MILLI_G, 0)

    @classmethod
    def from_section(cls, section: bytes) -> MotionSpec:
        """The spec of an IMU section. Raises SectionError when it is malformed, or of a kind that is not known here."""
        if len(section) != struct.calcsize(_IMU):
            raise fmt.SectionError(f"the IMU section has {len(section)} bytes, not {struct.calcsize(_IMU)}")
        rate_mhz, window, full_scale, axes, unit, _ = struct.unpack(_IMU, section)
        if (axes, unit) != (AXES, MILLI_G):
            raise fmt.SectionError(f"the IMU section is for {axes} axes in unit {unit}; update the smidgen package")
        try:
            return cls(rate_mhz / 1000, window, full_scale)
        except UsageError as error:
            raise fmt.SectionError(f"the IMU section is malformed: {error}") from error


class MotionFrontEnd:
    """A stream of samples through the arithmetic above; the face of `AudioFrontEnd`, with a frame for each sample."""

    channels = AXES
    window = hop = 1

    def __init__(self, section: bytes) -> None:
        """section: an IMU section. Raises SectionError when it is malformed."""
        self._spec = MotionSpec.from_section(section)
        self.rate_hz, self.frames = self._spec.rate_hz, self._spec.window

    def stream(self, samples: np.ndarray) -> np.ndarray:
        """int16 [n, 3], milli-g -> int8 [n, 3]."""
        if samples.dtype != np.int16 or samples.ndim != 2 or samples.shape[1] != AXES:
            raise TypeError(f"samples must be int16 [n, {AXES}], not {samples.dtype} {list(samples.shape)}")
        return self._spec.features(samples)
