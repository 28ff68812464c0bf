"""Audio features: the C front end that boards run, and the AUDIO section of a model that describes it.

One code path for training and for boards: `AudioSpec` becomes the section's bytes, and the engine reads those bytes in
place, here through ctypes. docs/audio-front-end.md has the bytes and the formulas. The arithmetic is that of
TensorFlow's microfrontend; its gain control is a fixed-point variant of Wang et al., "Trainable frontend for robust and
far-field keyword spotting", ICASSP 2017.
"""

from __future__ import annotations

import ctypes
import struct
from dataclasses import dataclass
from typing import NoReturn

import numpy as np

from smidgen._build import load_library
from smidgen._format import error_for
from smidgen.errors import UsageError
from smidgen.features import tables

_NOISE_REDUCTION, _PCAN, _LOG, _SINGLE = 1, 2, 4, 8

# The section's head, named as in firmware/engine/frontend/smg_audio.h.
HEAD = struct.Struct("<I7H2B3H2B3Hh4f")
FIELDS = (
    *("rate_hz", "window", "hop", "fft_size", "channels", "first_bin", "bins", "frames", "stages", "smoothing_bits"),
    *("even_smoothing_q14", "odd_smoothing_q14", "min_signal_q14", "gain_bits", "log_shift"),
    *("out_mul", "out_add", "out_div", "out_offset", "lower_hz", "upper_hz", "pcan_strength", "pcan_offset"),
)
MIN_WINDOW, MAX_WINDOW, MAX_CHANNELS = 17, 4096, 256


@dataclass(frozen=True)
class AudioSpec:
    """Every parameter of the audio front end. The defaults are microWakeWord's and, but for the window, micro_speech's.

    Raises UsageError when a parameter is out of its range or does not fit the others.
    """

    rate_hz: int = 16000
    window_ms: int = 30
    hop_ms: int = 10
    channels: int = 40
    lower_hz: float = 125.0  # kept in single precision, as all floats here
    upper_hz: float = 7500.0
    frames: int = 98  # frames that a score rests on, a second: one model input, or many where the model keeps state
    noise_reduction: bool = True
    smoothing_bits: int = 10  # fraction bits of the noise estimate
    even_smoothing_q14: int = 409  # 0.025 * 2^14: share of a new frame in the noise estimate of channels 0, 2, ...
    odd_smoothing_q14: int = 983  # 0.06 * 2^14: the same for channels 1, 3, ...
    min_signal_q14: int = 819  # 0.05 * 2^14: share of the signal that noise reduction always leaves
    pcan: bool = True
    pcan_strength: float = 0.95
    pcan_offset: float = 80.0
    gain_bits: int = 21  # fraction bits of the PCAN gain
    log: bool = True
    log_shift: int = 6  # the logarithm is scaled by 2^log_shift
    out_mul: int = 256  # int8 feature = clamp((f * out_mul + out_add) / out_div + out_offset)
    out_add: int = 333
    out_div: int = 666
    out_offset: int = -128
    precision: str = "single"  # of the tables: "single" as in pymicro-features, "double" as in TensorFlow's operator

    def __post_init__(self) -> None:
        for name in ("lower_hz", "upper_hz", "pcan_strength", "pcan_offset"):
            object.__setattr__(self, name, float(str(np.float32(getattr(self, name)))))
        self._check_ranges()
        self._check_shape()

    def _check_ranges(self) -> None:
        ranges = {
            "rate_hz": (1000, 192000),
            "channels": (1, MAX_CHANNELS),
            "frames": (1, 65535),
            "smoothing_bits": (0, 16),
            "even_smoothing_q14": (0, 1 << 14),
            "odd_smoothing_q14": (0, 1 << 14),
            "min_signal_q14": (0, 1 << 14),
            "gain_bits": (0, 31),
            "log_shift": (0, 15),
            "out_mul": (0, 65535),
            "out_add": (0, 65535),
            "out_div": (1, 65535),
            "out_offset": (-128, 127),
        }
        for name, (low, high) in ranges.items():
            value = getattr(self, name)
            if not low <= value <= high:
                raise UsageError(f"audio front end: {name} is {value}; use {low} to {high}")
        if self.precision not in ("single", "double"):
            raise UsageError(f"audio front end: precision is {self.precision!r}; use 'single' or 'double'")

    def _check_shape(self) -> None:
        if not MIN_WINDOW <= self.window <= MAX_WINDOW:
            raise UsageError(f"audio front end: a window of {self.window} samples; use {MIN_WINDOW} to {MAX_WINDOW}")
        if not 1 <= self.hop <= self.window:
            raise UsageError(f"audio front end: hop_ms is {self.hop_ms}; use at least a sample, at most window_ms")
        bin_hz = self.rate_hz / self.fft_size
        if not (self.lower_hz >= 0 and self.lower_hz + 2 * bin_hz <= self.upper_hz < self.rate_hz / 2):
            raise UsageError(
                f"audio front end: a band from {self.lower_hz:g} to {self.upper_hz:g} Hz; it must be at least two bins "
                f"({2 * bin_hz:g} Hz) wide and end below half the sampling rate ({self.rate_hz / 2:g} Hz)"
            )
        if self.pcan:
            self._check_pcan()

    def _check_pcan(self) -> None:
        if not (0 <= self._snr_shift <= 31 and 0 <= self._noise_bits <= 31):
            raise UsageError(
                f"audio front end: gain_bits {self.gain_bits} and smoothing_bits {self.smoothing_bits} do not suit a "
                f"window of {self.window} samples; use 21 and 10"
            )
        if not (self.pcan_offset > 0 and 0 <= self.pcan_strength <= 2):
            raise UsageError("audio front end: pcan_offset must be positive and pcan_strength from 0 to 2")
        try:
            self._pcan_gains()
        except OverflowError as error:
            raise UsageError(
                f"audio front end: PCAN's gain does not fit 15 bits; lower gain_bits ({self.gain_bits}) or raise "
                f"pcan_offset ({self.pcan_offset:g})"
            ) from error

    def _pcan_gains(self) -> np.ndarray:
        return tables.pcan_gains(self.pcan_strength, self.pcan_offset, self.gain_bits, self._noise_bits)

    @property
    def window(self) -> int:
        """Samples of one analysis window."""
        return self.window_ms * self.rate_hz // 1000

    @property
    def hop(self) -> int:
        """Samples from one analysis window to the next."""
        return self.hop_ms * self.rate_hz // 1000

    @property
    def fft_size(self) -> int:
        """Points of the FFT: the smallest power of two that holds a window."""
        return 1 << (self.window - 1).bit_length()

    @property
    def model_samples(self) -> int:
        """Samples that give one model window of `frames` frames."""
        return self.window + (self.frames - 1) * self.hop

    @property
    def _correction_bits(self) -> int:
        return self.fft_size.bit_length() - 1 - tables.WEIGHT_BITS // 2

    @property
    def _snr_shift(self) -> int:
        return self.gain_bits - self._correction_bits - tables.SNR_BITS

    @property
    def _noise_bits(self) -> int:
        return self.smoothing_bits - self._correction_bits

    def to_section(self) -> bytes:
        """The AUDIO section: 52 bytes of parameters, then the tables."""
        single = self.precision == "single"
        real: tables.Real = np.float32 if single else np.float64
        bank = tables.filterbank(self.rate_hz, self.fft_size, self.channels, self.lower_hz, self.upper_hz, real)
        stages = _NOISE_REDUCTION * self.noise_reduction | _PCAN * self.pcan | _LOG * self.log | _SINGLE * single
        computed = {"first_bin": bank.first_bin, "bins": len(bank.weights), "stages": stages}
        head = HEAD.pack(*(computed[name] if name in computed else getattr(self, name) for name in FIELDS))
        parts = [tables.twiddles(self.fft_size), tables.hann_window(self.window, real), bank.widths, bank.weights]
        if self.pcan:
            parts.append(self._pcan_gains())
        if self.log:
            parts.append(tables.log_segments())
        body = b"".join(part.astype(part.dtype.newbyteorder("<")).tobytes() for part in parts)
        return head + body + bytes(-len(head + body) % 4)

    @classmethod
    def from_section(cls, section: bytes) -> AudioSpec:
        """The spec that a section was made from. Raises ModelError when the engine would refuse the section."""
        AudioFrontEnd(section)
        head = dict(zip(FIELDS, HEAD.unpack_from(section), strict=True))
        stages, rate_hz = head["stages"], head["rate_hz"]
        same_name = {name: head[name] for name in FIELDS if name in cls.__dataclass_fields__}
        return cls(
            **same_name,
            window_ms=-(-head["window"] * 1000 // rate_hz),
            hop_ms=-(-head["hop"] * 1000 // rate_hz),
            noise_reduction=bool(stages & _NOISE_REDUCTION),
            pcan=bool(stages & _PCAN),
            log=bool(stages & _LOG),
            precision="single" if stages & _SINGLE else "double",
        )


def _fail(code: int) -> NoReturn:
    raise error_for(code, "audio front end")


def _engine() -> ctypes.CDLL:
    library = load_library()
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    for name, arguments in {
        "smg_audio_open": [pointer, size],
        "smg_audio_reset": [pointer, pointer],
        "smg_audio_feed": [pointer, pointer, pointer, size],
        "smg_audio_frame": [pointer, pointer, pointer, pointer],
    }.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, ctypes.c_int32
    return library


class AudioFrontEnd:
    """A stream of samples through the engine's front end.

    Noise reduction and gain control carry state from frame to frame: features depend on all that the stream has heard
    since `reset`. However the samples are cut into calls, the frames are the same.
    """

    def __init__(self, spec: AudioSpec | bytes) -> None:
        """Take a spec, or the bytes of a model's AUDIO section. Raises ModelError for a section that is malformed."""
        section = spec.to_section() if isinstance(spec, AudioSpec) else bytes(spec)
        self._engine = _engine()
        self._section = np.frombuffer(section + bytes(-len(section) % 4), np.uint32).copy()
        state_size = self._engine.smg_audio_open(self._section.ctypes.data, len(section))
        if state_size < 0:
            _fail(state_size)
        self.state_size = state_size
        fields = struct.unpack_from("<I7H", section)
        self.rate_hz, self.window, self.hop, _, self.channels, _, _, self.frames = fields
        self._state = np.zeros(-(-state_size // 4), np.uint32)
        self.reset()

    def reset(self) -> None:
        """Forget all that was heard."""
        self._engine.smg_audio_reset(self._section.ctypes.data, self._state.ctypes.data)

    def stream(self, samples: np.ndarray) -> np.ndarray:
        """Feed int16 [n] mono samples; returns the frames that they complete, int8 [frames, channels]."""
        return self._run(samples, np.int8)

    def stream_raw(self, samples: np.ndarray) -> np.ndarray:
        """As `stream`, before the mapping to int8: uint16 [frames, channels], the microfrontend's own output."""
        return self._run(samples, np.uint16)

    def _run(self, samples: np.ndarray, kind: type[np.int8] | type[np.uint16]) -> np.ndarray:
        samples = np.ascontiguousarray(samples)
        if samples.dtype != np.int16 or samples.ndim != 1:
            raise TypeError(f"samples must be int16 [n], not {samples.dtype} {list(samples.shape)}")
        out = np.empty((len(samples) // self.hop + 1, self.channels), kind)
        section, state = self._section.ctypes.data, self._state.ctypes.data
        at = count = 0
        while True:
            rest = samples[at:]
            at += self._engine.smg_audio_feed(section, state, rest.ctypes.data, len(rest))
            row = out[count:].ctypes.data
            targets = (row, None) if kind is np.int8 else (None, row)
            if self._engine.smg_audio_frame(section, state, *targets) == 0:
                return out[:count].copy()
            count += 1
