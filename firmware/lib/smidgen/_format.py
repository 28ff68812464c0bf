# The .smg format for the board. Generated from firmware/engine/format.toml by tools/generate.py; do not edit.
try:
    from micropython import const
except ImportError:  # CPython

    def const(value):
        return value


# fmt: off
MAJOR = const(1)
MINOR = const(0)
MAGIC = b'SMG\x1a'
TYPE_BYTES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 4, 7: 1, 8: 0}
TYPE_NAMES = {1: "int8", 2: "uint8", 3: "int16", 4: "int32", 5: "int64", 6: "float32", 7: "bool", 8: "int4"}
TARGETS = (0, 1)
LAYOUT_PLAIN = const(0)
INT8 = const(1)
UINT8 = const(2)
INT16 = const(3)
INT32 = const(4)
INT64 = const(5)
FLOAT32 = const(6)
BOOL = const(7)
INT4 = const(8)
ARENA = const(0)
STATE = const(2)
PLACE_DATA = const(1)
SECTION_TENSORS = const(1)
SECTION_OPERATORS = const(2)
SECTION_DATA = const(3)
SECTION_STATE = const(4)
SECTION_AUDIO = const(16)
SECTION_IMU = const(17)
SECTION_IMAGE = const(18)
SECTION_LABELS = const(32)
SECTION_DETECTION = const(33)
SECTION_CARD = const(34)
SECTION_ANOMALY = const(35)
SECTION_PRESENCE = const(36)
OP_COPY = const(1)
OP_CONV_2D = const(2)
OP_DEPTHWISE_CONV_2D = const(3)
OP_FULLY_CONNECTED = const(4)
OP_AVERAGE_POOL_2D = const(5)
OP_MAX_POOL_2D = const(6)
OP_LOOKUP = const(7)
OP_SOFTMAX = const(8)
OP_TRANSPOSE_CONV = const(20)
OP_SVDF = const(21)
OP_LSTM = const(22)
OP_GATHER = const(40)
OP_RESIZE_BILINEAR = const(41)
OP_ADD = const(60)
OP_SUB = const(61)
OP_MUL = const(62)
OP_SQUARED_DIFFERENCE = const(63)
OP_PRELU = const(64)
OP_EQUAL = const(65)
OP_NOT_EQUAL = const(66)
OP_LESS = const(67)
OP_LESS_EQUAL = const(68)
OP_ADD_INT8 = const(85)
OP_MINIMUM = const(69)
OP_MAXIMUM = const(70)
OP_SELECT = const(71)
OP_RESCALE = const(72)
OP_SUM = const(73)
OP_REDUCE_MAX = const(74)
OP_REDUCE_MIN = const(75)
OP_ARG_MAX = const(76)
OP_ARG_MIN = const(77)
OP_LOGISTIC = const(78)
OP_TANH = const(79)
OP_QUANTIZE = const(80)
OP_DEQUANTIZE = const(81)
OP_CAST = const(82)
OP_SOFTMAX_INT16 = const(83)
OP_LOG_SOFTMAX = const(84)
HEADER = '<4BIBBBBIIIIHH'
SECTION = '<HHII'
TENSOR = '<BBBBIif6I'
OPERATOR = '<BBBB'
IMU = '<IHHBBH'
IMAGE = '<HHBBHhH'
PRESENCE = '<HH'
DETECTION = '<HHHH'
ANOMALY = '<IIHHHHHH'
COPY_PARAMS = '<BBHII'
CONV_2D_PARAMS = '<HHHHHHiiIII'
DEPTHWISE_CONV_2D_PARAMS = '<HHHHHHiiIII'
FULLY_CONNECTED_PARAMS = '<iiIII'
AVERAGE_POOL_2D_PARAMS = '<HHHHHHii'
MAX_POOL_2D_PARAMS = '<HHHHHHii'
SOFTMAX_PARAMS = '<iii'
TRANSPOSE_CONV_PARAMS = '<HHHHHHiiIII'
SVDF_PARAMS = '<iiiiIII'
LSTM_PARAMS = '<iiiiiiiiI'
GATHER_PARAMS = '<IIII'
RESIZE_BILINEAR_PARAMS = '<iiI'
ADD_PARAMS = '<BBHiiiiiiii'
SUB_PARAMS = '<BBHiiiiiiii'
MUL_PARAMS = '<BBHiiiiiiii'
SQUARED_DIFFERENCE_PARAMS = '<BBHiiiiiiii'
PRELU_PARAMS = '<BBHiiiiiiii'
EQUAL_PARAMS = '<BBHiiiiiiii'
NOT_EQUAL_PARAMS = '<BBHiiiiiiii'
LESS_PARAMS = '<BBHiiiiiiii'
LESS_EQUAL_PARAMS = '<BBHiiiiiiii'
ADD_INT8_PARAMS = '<iiiiIii'
MINIMUM_PARAMS = '<BBH'
MAXIMUM_PARAMS = '<BBH'
SELECT_PARAMS = '<BBH'
RESCALE_PARAMS = '<iiiiIii'
SUM_PARAMS = '<BBHii'
REDUCE_MAX_PARAMS = '<BBHii'
REDUCE_MIN_PARAMS = '<BBHii'
ARG_MAX_PARAMS = '<II'
ARG_MIN_PARAMS = '<II'
LOGISTIC_PARAMS = '<iI'
TANH_PARAMS = '<iI'
QUANTIZE_PARAMS = '<I'
DEQUANTIZE_PARAMS = '<I'
SOFTMAX_INT16_PARAMS = '<ii'
LOG_SOFTMAX_PARAMS = '<iiiii'

# Engine error code -> exception name and message, the same as on the host.
ERRORS = {
    -1: ("TruncatedError", "the file is shorter than its header says; copy it again"),
    -2: ("MagicError", "this is not a .smg file"),
    -3: ("VersionError", "this .smg needs a newer engine; update the smidgen package on this machine"),
    -4: ("CrcError", "the file is damaged (checksum mismatch); copy it again"),
    -5: ("HeaderError", "the header contradicts itself"),
    -6: ("SectionError", "a section is missing, repeated, unknown or reaches outside the file"),
    -7: ("TensorError", "a tensor is malformed or reaches outside its memory"),
    -8: ("OperatorError", "an operator's parameters or operands contradict each other"),
    -9: ("UnsupportedError", "an operator of the model is not in this engine; deploy the larger engine set"),
    -10: ("LayoutError", "the weights are packed for another chip; deploy the model to this board again"),
    -11: ("MemoryError", "the arena or the state memory is too small"),
    -12: ("AlignmentError", "a buffer is not aligned to 8 bytes"),
    -13: ("IndexError", "a computed index is out of range"),
    -14: ("FrontendError", "the audio section is malformed"),
    -15: ("OrderError", "the model is not ready; open it, then bind its memory"),
    -16: ("InputError", "an input has the wrong size or type"),
}
# fmt: on
