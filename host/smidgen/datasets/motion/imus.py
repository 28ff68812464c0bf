"""What named accelerometers add to the truth: noise, offset, gain error, drift, steps.

Figures are the typical ones of the data sheets, at their range of 2 g:
LSM6DS3TR-C (ST DocID030071), LSM9DS1 (ST DocID025715), MPU-6050 (InvenSense PS-MPU-6000A-00), ADXL345 (Analog Devices
rev. E). The LSM9DS1's sheet gives neither noise nor drift; those of the LSM6DS3, of the same maker and class, stand in.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_WARMING_K = 5.0  # how far a sensor's temperature strays from the one at which its offset was drawn


@dataclass(frozen=True)
class Imu:
    """An accelerometer. noise: micro-g per root hertz. offset_mg: zero-g offset, x and y, then z. drift_mg: per kelvin,
    x and y, then z. gain: relative error of the sensitivity. step_mg: of the least significant bit."""

    name: str
    noise: float
    offset_mg: tuple[float, float]
    drift_mg: tuple[float, float]
    gain: float
    step_mg: float

    def measure(self, truth: np.ndarray, rate_hz: float, range_mg: float, rng: np.random.Generator) -> np.ndarray:
        """What it says: float64 [n, 3], milli-g, for the specific force truth, float64 [n, 3], milli-g."""
        per_axis = np.array([0, 0, 1])
        offset = np.array(self.offset_mg)[per_axis] * rng.normal(0, 0.5, 3)  # the typical figure as two deviations
        warming = rng.normal(0, _WARMING_K / 2) * np.linspace(0, 1, len(truth))[:, None]
        drift = np.array(self.drift_mg)[per_axis] * rng.choice([-1, 1], 3) * warming
        noise = rng.normal(0, self.noise / 1000 * np.sqrt(rate_hz / 2), truth.shape)
        seen = truth * (1 + rng.normal(0, self.gain / 2, 3)) + offset + drift + noise
        return np.clip(np.rint(seen / self.step_mg) * self.step_mg, -range_mg, range_mg)


IMUS = (
    Imu("LSM6DS3", 90.0, (40.0, 40.0), (0.1, 0.1), 0.01, 0.061),
    Imu("LSM9DS1", 90.0, (90.0, 90.0), (0.1, 0.1), 0.01, 0.061),
    Imu("MPU-6050", 400.0, (50.0, 80.0), (0.5, 0.85), 0.03, 0.061),
    Imu("ADXL345", 420.0, (35.0, 40.0), (0.4, 1.2), 0.01, 3.9),  # 0.75 steps rms at 100 Hz
)
