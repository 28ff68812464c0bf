"""The audio front end over its parameter space: equal to TensorFlow's own microfrontend operator."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smidgen.errors import UsageError
from smidgen.features.audio import AudioFrontEnd, AudioSpec
from tests.support.signals import KINDS, signal

tf = pytest.importorskip("tensorflow")
operator = pytest.importorskip("tensorflow.lite.experimental.microfrontend.python.ops.audio_microfrontend_op")


def reference(spec: AudioSpec, samples: np.ndarray) -> np.ndarray:
    """uint16 [frames, channels]. To leave all of the signal is how the operator switches noise reduction off."""
    return operator.audio_microfrontend(
        tf.constant(samples),
        sample_rate=spec.rate_hz,
        window_size=spec.window_ms,
        window_step=spec.hop_ms,
        num_channels=spec.channels,
        lower_band_limit=spec.lower_hz,
        upper_band_limit=spec.upper_hz,
        smoothing_bits=spec.smoothing_bits,
        even_smoothing=spec.even_smoothing_q14 / 2**14,
        odd_smoothing=spec.odd_smoothing_q14 / 2**14,
        min_signal_remaining=spec.min_signal_q14 / 2**14 if spec.noise_reduction else 1.0,
        enable_pcan=spec.pcan,
        pcan_strength=spec.pcan_strength,
        pcan_offset=spec.pcan_offset,
        gain_bits=spec.gain_bits,
        enable_log=spec.log,
        scale_shift=spec.log_shift,
    ).numpy()


@st.composite
def specs(draw) -> AudioSpec:
    rate_hz = draw(st.sampled_from([8000, 11025, 16000, 22050, 44100, 48000]))
    window_ms = draw(st.integers(3, 80))
    q14 = st.integers(0, 1 << 14)
    try:
        return AudioSpec(
            rate_hz=rate_hz,
            window_ms=window_ms,
            hop_ms=draw(st.integers(1, window_ms)),
            channels=draw(st.integers(1, 64)),
            lower_hz=draw(st.floats(0, 1500, width=32)),
            upper_hz=draw(st.floats(1000, rate_hz / 2 - 1, width=32)),
            noise_reduction=draw(st.booleans()),
            smoothing_bits=draw(st.integers(0, 16)),
            even_smoothing_q14=draw(q14),
            odd_smoothing_q14=draw(q14),
            min_signal_q14=draw(q14),
            pcan=draw(st.booleans()),
            pcan_strength=draw(st.floats(0, 1.5, width=32)),
            pcan_offset=draw(st.floats(1, 500, width=32)),
            gain_bits=draw(st.integers(14, 24)),
            log=draw(st.booleans()),
            log_shift=draw(st.integers(0, 10)),
            precision="double",
        )
    except UsageError:
        return AudioSpec(rate_hz=16000, window_ms=window_ms, hop_ms=window_ms, precision="double")


@given(spec=specs(), kind=st.sampled_from(KINDS), seed=st.integers(0, 1000))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_features_equal_tensorflow_for_all_parameters(spec, kind, seed):
    samples = signal(kind, spec.window + 7 * spec.hop, seed)
    expected = reference(spec, samples)
    assert expected.shape == (8, spec.channels)
    np.testing.assert_array_equal(AudioFrontEnd(spec).stream_raw(samples), expected)
