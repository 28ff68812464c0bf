"""Checks a whole file before it runs, as smg_open in firmware/engine/model.c does, with the same verdicts.

Python cannot be made to write outside its buffers, but a malformed file could make it compute from the wrong bytes.
"""

import struct

from ._format import (
    ARENA,
    HEADER,
    INT8,
    INT16,
    LAYOUT_PLAIN,
    MAGIC,
    MAJOR,
    MINOR,
    OPERATOR,
    PLACE_DATA,
    SECTION,
    SECTION_AUDIO,
    SECTION_DATA,
    SECTION_OPERATORS,
    SECTION_STATE,
    SECTION_TENSORS,
    STATE,
    TARGETS,
    TYPE_BYTES,
    UINT8,
)
from .blob import HEADER_SIZE, SECTION_SIZE, TENSOR_SIZE, Blob, elements, tensor_bytes
from .python_operators import CHECKS, require

_LARGEST = 0x7FFFFFFF


def _crc32(content):
    try:
        from binascii import crc32

        return crc32(content) & 0xFFFFFFFF
    except ImportError:  # a small build of MicroPython
        crc = 0xFFFFFFFF
        for byte in content:
            crc ^= byte
            for _ in range(8):
                crc = (crc >> 1) ^ (0xEDB88320 if crc & 1 else 0)
        return crc ^ 0xFFFFFFFF


class Call:
    """One operator: its code, operands (tensor indices, inputs first), parameters and what follows them."""

    def __init__(self, code, operands, input_count, params, trailer):
        self.code, self.operands, self.input_count = code, operands, input_count
        self.params, self.trailer = params, trailer


def _check_header(content):
    require(len(content) >= HEADER_SIZE, "TruncatedError")
    header = struct.unpack_from(HEADER, content)
    crc, major, minor, target, count, size = header[4:10]
    require(bytes(header[:4]) == MAGIC, "MagicError")
    require(major == MAJOR and minor <= MINOR, "VersionError")
    require(size <= len(content), "TruncatedError")
    require(HEADER_SIZE + count * SECTION_SIZE <= size <= _LARGEST, "HeaderError")
    require(_crc32(memoryview(content)[8:size]) == crc, "CrcError")
    require(target in TARGETS, "HeaderError")


def _check_sections(blob):
    table_end = HEADER_SIZE + blob.section_count * SECTION_SIZE
    last = 0
    for at in range(HEADER_SIZE, table_end, SECTION_SIZE):
        kind, reserved, offset, size = struct.unpack_from(SECTION, blob.content, at)
        known = kind <= SECTION_STATE or kind >= SECTION_AUDIO
        require(known and kind > last and reserved == 0, "SectionError")
        require(offset % 8 == 0 and table_end <= offset and offset + size <= blob.size, "SectionError")
        last = kind


def _zero_point_fits(kind, zero_point):
    if kind == INT8:
        return -128 <= zero_point <= 127
    if kind == UINT8:
        return 0 <= zero_point <= 255
    if kind == INT16:
        return -32768 <= zero_point <= 32767
    return zero_point == 0


def _check_tensor(record, place_sizes):
    kind, place, rank, _, offset, zero_point = record[:6]
    dims = record[7:]
    require(kind in TYPE_BYTES and place in place_sizes and rank <= 6, "TensorError")
    require(offset % (TYPE_BYTES[kind] or 1) == 0 and _zero_point_fits(kind, zero_point), "TensorError")
    require(all((i < rank) == (dims[i] != 0) for i in range(6)), "TensorError")
    require(elements(record) <= _LARGEST, "TensorError")
    require(offset + tensor_bytes(record) <= place_sizes[place], "TensorError")


def _check_tensors(blob, count):
    data = blob.section(SECTION_DATA)
    sizes = {ARENA: blob.arena_size, PLACE_DATA: len(data) if data else 0, STATE: blob.state_size}
    arena_end = 0
    for i in range(count):
        record = blob.tensor(i)
        _check_tensor(record, sizes)
        if record[1] == ARENA:
            arena_end = max(arena_end, record[4] + tensor_bytes(record))
        else:
            require(i >= blob.input_count, "TensorError")
    require(arena_end == blob.arena_size, "HeaderError")


def _check_counts(blob):
    """Returns the number of tensors."""
    tensors, operators = blob.section(SECTION_TENSORS), blob.section(SECTION_OPERATORS)
    require(tensors is not None and operators is not None, "SectionError")
    require(len(tensors) % TENSOR_SIZE == 0 and len(operators) % 4 == 0, "SectionError")
    count = len(tensors) // TENSOR_SIZE
    state = blob.section(SECTION_STATE)
    require(blob.input_count + blob.output_count <= count <= 0x10000, "HeaderError")
    require((len(state) if state else 0) <= blob.state_size <= _LARGEST, "HeaderError")
    require(blob.arena_size <= _LARGEST, "HeaderError")
    return count


def read_call(section, at):
    """The operator at `at`, and where the next one begins."""
    code, inputs, outputs, words = struct.unpack_from(OPERATOR, section, at)
    count = inputs + outputs
    params_at = at + 4 + (count + 1) // 2 * 4
    end = at + words * 4
    require(params_at <= end <= len(section), "OperatorError")
    operands = struct.unpack_from("<%dH" % count, section, at + 4)
    return Call(code, operands, inputs, None, section[params_at:end]), end


def _check_operands(blob, call, tensor_count):
    for i, operand in enumerate(call.operands):
        require(operand < tensor_count, "OperatorError")
        record = blob.tensor(operand)
        is_input = i < call.input_count
        require(is_input or record[1] != PLACE_DATA, "OperatorError")
        packed = record[3] != LAYOUT_PLAIN
        require(not packed or (i == 1 and is_input and record[1] == PLACE_DATA), "LayoutError")


def check_call(blob, call):
    """Split the parameters. Returns the operator's multiply-accumulates."""
    require(call.code in CHECKS, "UnsupportedError")
    layout, inputs, function = CHECKS[call.code]
    records = [blob.tensor(i) for i in call.operands]
    packed = call.input_count > 1 and records[1][3] != LAYOUT_PLAIN
    require(not packed, "LayoutError")
    require(call.input_count == inputs and len(call.operands) == inputs + 1, "OperatorError")
    size = struct.calcsize(layout)
    require(len(call.trailer) >= size, "OperatorError")
    call.params = struct.unpack_from(layout, call.trailer)
    call.trailer = call.trailer[size:]
    return function(call, records, blob.section(SECTION_DATA))


def check(content):
    """The file's operators, a list of Call. Raises Refused."""
    _check_header(content)
    blob = Blob(content)
    _check_sections(blob)
    tensor_count = _check_counts(blob)
    _check_tensors(blob, tensor_count)
    section = blob.section(SECTION_OPERATORS)
    calls = []
    macs = at = 0
    while at < len(section):
        call, at = read_call(section, at)
        _check_operands(blob, call, tensor_count)
        macs += check_call(blob, call)
        calls.append(call)
    require(min(macs, 0xFFFFFFFF) == blob.macs, "HeaderError")
    return calls
