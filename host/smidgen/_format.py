"""The .smg format as constants, struct formats and exceptions. Generated from firmware/engine/format.toml by tools/generate.py; do not edit."""

from __future__ import annotations

from smidgen.errors import SmidgenError

# fmt: off
MAJOR, MINOR = 1, 0
MAGIC = b'SMG\x1a'
TYPES = {
    'INT8': 1,
    'UINT8': 2,
    'INT16': 3,
    'INT32': 4,
    'INT64': 5,
    'FLOAT32': 6,
    'BOOL': 7,
    'INT4': 8,
}

TYPE_BYTES = {
    'INT8': 1,
    'UINT8': 1,
    'INT16': 2,
    'INT32': 4,
    'INT64': 8,
    'FLOAT32': 4,
    'BOOL': 1,
    'INT4': 0,
}

PLACES = {
    'ARENA': 0,
    'DATA': 1,
    'STATE': 2,
}

LAYOUTS = {
    'PLAIN': 0,
    'FILTERS': 2,
    'QUADS': 3,
    'TAPS': 4,
    'LANES': 5,
}

TARGETS = {
    'PORTABLE': 0,
    'ARMV6M': 1,
}

SECTIONS = {
    'TENSORS': 1,
    'OPERATORS': 2,
    'DATA': 3,
    'STATE': 4,
    'AUDIO': 16,
    'IMU': 17,
    'IMAGE': 18,
    'LABELS': 32,
    'DETECTION': 33,
    'CARD': 34,
    'ANOMALY': 35,
    'PRESENCE': 36,
}

OPERATORS = {
    'COPY': 1,
    'CONV_2D': 2,
    'DEPTHWISE_CONV_2D': 3,
    'FULLY_CONNECTED': 4,
    'AVERAGE_POOL_2D': 5,
    'MAX_POOL_2D': 6,
    'LOOKUP': 7,
    'SOFTMAX': 8,
    'TRANSPOSE_CONV': 20,
    'SVDF': 21,
    'LSTM': 22,
    'GATHER': 40,
    'RESIZE_BILINEAR': 41,
    'ADD': 60,
    'SUB': 61,
    'MUL': 62,
    'SQUARED_DIFFERENCE': 63,
    'PRELU': 64,
    'EQUAL': 65,
    'NOT_EQUAL': 66,
    'LESS': 67,
    'LESS_EQUAL': 68,
    'ADD_INT8': 85,
    'MINIMUM': 69,
    'MAXIMUM': 70,
    'SELECT': 71,
    'RESCALE': 72,
    'SUM': 73,
    'REDUCE_MAX': 74,
    'REDUCE_MIN': 75,
    'ARG_MAX': 76,
    'ARG_MIN': 77,
    'LOGISTIC': 78,
    'TANH': 79,
    'QUANTIZE': 80,
    'DEQUANTIZE': 81,
    'CAST': 82,
    'SOFTMAX_INT16': 83,
    'LOG_SOFTMAX': 84,
}

# Record name -> (struct format, field names).
RECORDS = {
    'header': ('<4BIBBBBIIIIHH', ['magic', 'crc', 'major', 'minor', 'target', 'section_count', 'size', 'arena_size', 'state_size', 'macs', 'input_count', 'output_count']),
    'section': ('<HHII', ['kind', 'reserved', 'offset', 'size']),
    'tensor': ('<BBBBIif6I', ['type', 'place', 'rank', 'layout', 'offset', 'zero_point', 'scale', 'dims']),
    'operator': ('<BBBB', ['code', 'input_count', 'output_count', 'words']),
    'imu': ('<IHHBBH', ['rate_mhz', 'window', 'full_scale', 'axes', 'unit', 'reserved']),
    'image': ('<HHBBHhH', ['width', 'height', 'channels', 'fit', 'multiplier_q8', 'offset', 'reserved']),
    'presence': ('<HH', ['smooth', 'class_count']),
    'detection': ('<HHHH', ['hop_frames', 'smooth', 'refractory', 'class_count']),
    'anomaly': ('<IIHHHHHH', ['out_scale_q16', 'threshold', 'hop_frames', 'smooth', 'learned', 'margin_q4', 'weight_count', 'reserved']),
}

# Operator name -> (struct format of its parameters, field names).
PARAMS = {
    'COPY': ('<BBHII', ['rank', 'reserved', 'reserved2', 'src', 'dst']),
    'CONV_2D': ('<HHHHHHiiIII', ['stride_h', 'stride_w', 'dilation_h', 'dilation_w', 'pad_top', 'pad_left', 'act_min', 'act_max', 'channels', 'scales', 'bias_type']),
    'DEPTHWISE_CONV_2D': ('<HHHHHHiiIII', ['stride_h', 'stride_w', 'dilation_h', 'dilation_w', 'pad_top', 'pad_left', 'act_min', 'act_max', 'channels', 'scales', 'bias_type']),
    'FULLY_CONNECTED': ('<iiIII', ['act_min', 'act_max', 'channels', 'scales', 'bias_type']),
    'AVERAGE_POOL_2D': ('<HHHHHHii', ['kernel_h', 'kernel_w', 'stride_h', 'stride_w', 'pad_top', 'pad_left', 'act_min', 'act_max']),
    'MAX_POOL_2D': ('<HHHHHHii', ['kernel_h', 'kernel_w', 'stride_h', 'stride_w', 'pad_top', 'pad_left', 'act_min', 'act_max']),
    'LOOKUP': ('<', []),
    'SOFTMAX': ('<iii', ['multiplier', 'shift', 'diff_min']),
    'TRANSPOSE_CONV': ('<HHHHHHiiIII', ['stride_h', 'stride_w', 'dilation_h', 'dilation_w', 'pad_top', 'pad_left', 'act_min', 'act_max', 'channels', 'scales', 'bias_type']),
    'SVDF': ('<iiiiIII', ['feature_multiplier', 'feature_shift', 'act_min', 'act_max', 'channels', 'scales', 'bias_type']),
    'LSTM': ('<iiiiiiiiI', ['forget_multiplier', 'forget_shift', 'input_multiplier', 'input_shift', 'hidden_multiplier', 'hidden_shift', 'cell_clip', 'tanh_shift', 'time_major']),
    'GATHER': ('<IIII', ['batches', 'outer', 'axis', 'inner']),
    'RESIZE_BILINEAR': ('<iiI', ['scale_h', 'scale_w', 'half_pixel_centers']),
    'ADD': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'SUB': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'MUL': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'SQUARED_DIFFERENCE': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'PRELU': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'EQUAL': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'NOT_EQUAL': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'LESS': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'LESS_EQUAL': ('<BBHiiiiiiii', ['rank', 'left_shift', 'reserved', 'multiplier_a', 'shift_a', 'multiplier_b', 'shift_b', 'multiplier', 'shift', 'act_min', 'act_max']),
    'ADD_INT8': ('<iiiiIii', ['factor_a', 'factor_b', 'constant', 'offset', 'shift', 'act_min', 'act_max']),
    'MINIMUM': ('<BBH', ['rank', 'reserved', 'reserved2']),
    'MAXIMUM': ('<BBH', ['rank', 'reserved', 'reserved2']),
    'SELECT': ('<BBH', ['rank', 'reserved', 'reserved2']),
    'RESCALE': ('<iiiiIii', ['multiplier', 'shift', 'negative_multiplier', 'negative_shift', 'negative', 'act_min', 'act_max']),
    'SUM': ('<BBHii', ['rank', 'reduced', 'reserved', 'multiplier', 'shift']),
    'REDUCE_MAX': ('<BBHii', ['rank', 'reduced', 'reserved', 'multiplier', 'shift']),
    'REDUCE_MIN': ('<BBHii', ['rank', 'reduced', 'reserved', 'multiplier', 'shift']),
    'ARG_MAX': ('<II', ['count', 'inner']),
    'ARG_MIN': ('<II', ['count', 'inner']),
    'LOGISTIC': ('<iI', ['multiplier', 'shift']),
    'TANH': ('<iI', ['multiplier', 'shift']),
    'QUANTIZE': ('<I', ['scale']),
    'DEQUANTIZE': ('<I', ['scale']),
    'CAST': ('<', []),
    'SOFTMAX_INT16': ('<ii', ['multiplier', 'shift']),
    'LOG_SOFTMAX': ('<iiiii', ['multiplier', 'shift', 'diff_min', 'reverse_multiplier', 'reverse_shift']),
}
# fmt: on


class ModelError(SmidgenError):
    """A .smg that the engine refuses. `code` is the engine's negative number, the message says what to do."""

    code = 0


class TruncatedError(ModelError):
    """the file is shorter than its header says; copy it again"""

    code = -1


class MagicError(ModelError):
    """this is not a .smg file"""

    code = -2


class VersionError(ModelError):
    """this .smg needs a newer engine; update the smidgen package on this machine"""

    code = -3


class CrcError(ModelError):
    """the file is damaged (checksum mismatch); copy it again"""

    code = -4


class HeaderError(ModelError):
    """the header contradicts itself"""

    code = -5


class SectionError(ModelError):
    """a section is missing, repeated, unknown or reaches outside the file"""

    code = -6


class TensorError(ModelError):
    """a tensor is malformed or reaches outside its memory"""

    code = -7


class OperatorError(ModelError):
    """an operator's parameters or operands contradict each other"""

    code = -8


class UnsupportedError(ModelError):
    """an operator of the model is not in this engine; deploy the larger engine set"""

    code = -9


class LayoutError(ModelError):
    """the weights are packed for another chip; deploy the model to this board again"""

    code = -10


class MemoryError(ModelError):
    """the arena or the state memory is too small"""

    code = -11


class AlignmentError(ModelError):
    """a buffer is not aligned to 8 bytes"""

    code = -12


class IndexError(ModelError):
    """a computed index is out of range"""

    code = -13


class FrontendError(ModelError):
    """the audio section is malformed"""

    code = -14


class OrderError(ModelError):
    """the model is not ready; open it, then bind its memory"""

    code = -15


class InputError(ModelError):
    """an input has the wrong size or type"""

    code = -16


ERRORS: dict[int, type[ModelError]] = {
    -1: TruncatedError,
    -2: MagicError,
    -3: VersionError,
    -4: CrcError,
    -5: HeaderError,
    -6: SectionError,
    -7: TensorError,
    -8: OperatorError,
    -9: UnsupportedError,
    -10: LayoutError,
    -11: MemoryError,
    -12: AlignmentError,
    -13: IndexError,
    -14: FrontendError,
    -15: OrderError,
    -16: InputError,
}


def error_for(code: int, source: str = "") -> ModelError:
    """The exception for an engine's negative return value; `source` names the file."""
    kind = ERRORS.get(code, ModelError)
    text = kind.__doc__ or f"engine error {code}"
    return kind(f"{source}: {text}" if source else text)
