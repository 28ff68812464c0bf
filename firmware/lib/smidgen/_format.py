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
HEADER = '<4BIBBBBIIIIHH'
SECTION = '<HHII'
TENSOR = '<BBBBIif6I'
OPERATOR = '<BBBB'
DETECTION = '<HHHH'
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
