"""Real factors as the fixed-point numbers that TensorFlow Lite Micro uses."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from smidgen.graph import Op, Tensor

LIMITS = {"INT8": (-128, 127), "UINT8": (0, 255), "INT16": (-32768, 32767), "INT32": (-(2**31), 2**31 - 1)}
TFLITE_INT32 = 2  # tflite.TensorType.INT32


def quantise_multiplier(real: float) -> tuple[int, int]:
    """`real` as (multiplier, shift): real = multiplier / 2^31 * 2^shift (TFLite: QuantizeMultiplier).

    multiplier is 0 or 2^30 to 2^31 - 1; factors below 2^-32 become 0.
    """
    if real == 0 or not math.isfinite(real):
        return 0, 0
    fraction, shift = math.frexp(real)
    multiplier = math.floor(fraction * (1 << 31) + 0.5) if fraction > 0 else math.ceil(fraction * (1 << 31) - 0.5)
    if multiplier == 1 << 31:
        multiplier, shift = 1 << 30, shift + 1
    return (multiplier, shift) if shift >= -31 else (0, 0)


def rounded(x: float | np.float32) -> int:
    """x to the nearest integer, halves away from zero (TfLiteRound)."""
    return int(math.copysign(math.floor(abs(float(x)) + 0.5), float(x)))


def quantise_multipliers(real: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same for an array: (int32 multipliers, int8 shifts)."""
    pairs = [quantise_multiplier(float(r)) for r in real]
    return np.array([m for m, _ in pairs], np.int32), np.array([s for _, s in pairs], np.int8)


def conv_scales(x: Tensor, weights: Tensor, out: Tensor) -> np.ndarray:
    """in * weight / out scale of each output channel, float64 [1 or out_c] (PopulateConvolutionQuantizationParams)."""
    return np.float64(x.s) * weights.scale.astype(np.float64) / np.float64(out.s)


def fully_connected_scales(x: Tensor, weights: Tensor, out: Tensor) -> np.ndarray:
    """As conv_scales; a per-tensor product is rounded to float32 first (GetQuantizedConvolutionMultipler)."""
    if weights.scale.size > 1:
        return conv_scales(x, weights, out)
    return np.array([np.float64(np.float32(x.s * weights.s)) / np.float64(out.s)])


def sums_are_wide(op: Op, bias: Tensor | None) -> bool:
    """Whether TensorFlow Lite Micro sums products in 64 bits: for INT16 inputs, unless the bias is INT32."""
    source = op.inputs[2] if op.name == "TRANSPOSE_CONV" else op.inputs[0]
    if source is None or source.type != "INT16":
        return False
    if op.name not in ("CONV_2D", "FULLY_CONNECTED"):
        return True
    narrow = op.options.get("quantized_bias_type") == TFLITE_INT32 if bias is None else bias.type == "INT32"
    return not narrow


def activation_range(fused: int, out: Tensor) -> tuple[int, int]:
    """Quantised clamp of a fused activation, a tflite.ActivationFunctionType (CalculateActivationRangeQuantized)."""
    low, high = LIMITS[out.type]

    def quantised(real: float) -> int:
        if not out.s > 0:
            raise ValueError(f"{out} has no scale")
        return out.zp + rounded(np.float32(real) / out.s)

    if fused in (1, 3):  # RELU, RELU6
        low = max(low, quantised(0.0))
    if fused == 3:
        high = min(high, quantised(6.0))
    if fused == 2:  # RELU_N1_TO_1
        low, high = max(low, quantised(-1.0)), min(high, quantised(1.0))
    if fused not in (0, 1, 2, 3):
        raise ValueError(f"the fused activation {fused} is not known")
    return low, high


def padding_before(padding: int, size: int, out: int, kernel: int, stride: int, dilation: int = 1) -> int:
    """Elements of padding before the first along one axis; padding is a tflite.Padding (SAME 0, VALID 1)."""
    if padding != 0:
        return 0
    return max((out - 1) * stride + (kernel - 1) * dilation + 1 - size, 0) // 2


def window_out(padding: int, size: int, kernel: int, stride: int, dilation: int = 1) -> int:
    """Output size of a sliding window along one axis."""
    if padding == 0:
        return -(-size // stride)
    return -(-(size - (kernel - 1) * dilation) // stride)


Scaling = tuple[int, int]  # multiplier, shift


def svdf_scalings(op: Op) -> tuple[Scaling, Scaling]:
    """(of the feature filter's sums into the state, of the time filter's sums into the output) of an SVDF."""
    x, feature, time, state = (op.inputs[i] for i in (0, 1, 2, 4))
    if x is None or feature is None or time is None or state is None:
        raise ValueError(f"{op} lacks an operand")
    into_state, into_output = x.s * feature.s / state.s, state.s * time.s / op.outputs[0].s  # in float32, as TFLM
    return quantise_multiplier(float(into_state)), quantise_multiplier(float(into_output))


@dataclass(frozen=True)
class LstmScalings:
    """The fixed-point factors of an LSTM.

    gates: of the sums over the input, then over the hidden state, each for the gates input, forget, cell, output, into
    Q3.12. forget, input, hidden: of the products that make the cell state and the hidden state. cell_clip: the largest
    magnitude of the cell state, 32768 for none. tanh_shift: the cell state * 2^tanh_shift is Q3.12.
    """

    gates: list[Scaling]
    forget: Scaling
    input: Scaling
    hidden: Scaling
    cell_clip: int
    tanh_shift: int


def lstm_scalings(op: Op) -> LstmScalings:
    """The factors of a UNIDIRECTIONAL_SEQUENCE_LSTM (PrepareGateParametersInteger)."""
    x, hidden, cell = op.inputs[0], op.inputs[18], op.inputs[19]
    weights = [t for t in op.inputs[1:9] if t is not None]
    if x is None or hidden is None or cell is None or len(weights) != 8:
        raise ValueError(f"{op} lacks an operand")
    products = [np.float32(source.s * w.s) for source, w in zip([x] * 4 + [hidden] * 4, weights, strict=True)]
    q15, cell_scale = 2.0**-15, float(cell.s)
    clip = float(np.float32(op.options["cell_clip"]))
    return LstmScalings(
        [quantise_multiplier(float(product) / 2.0**-12) for product in products],
        quantise_multiplier(q15 * cell_scale / cell_scale),
        quantise_multiplier(q15 * q15 / cell_scale),
        quantise_multiplier(q15 * q15 / float(hidden.s)),
        int(min(clip / cell_scale, 32767.0)) if clip > 0 else 32768,
        round(math.log2(cell_scale)) + 12,
    )
