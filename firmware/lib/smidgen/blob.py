"""Reads a `.smg` file where it lies. docs/blob-format.md has every byte.

Nothing is checked here: an engine has opened the file before.
"""

import struct

from ._format import HEADER, INT4, SECTION, SECTION_CARD, SECTION_LABELS, SECTION_TENSORS, TENSOR, TYPE_BYTES

HEADER_SIZE = 32
SECTION_SIZE = 12
TENSOR_SIZE = 40


class Blob:
    """A file's bytes, as views."""

    def __init__(self, content):
        self.content = memoryview(content)
        header = struct.unpack_from(HEADER, content)
        self.section_count = header[8]
        self.size, self.arena_size, self.state_size, self.macs, self.input_count, self.output_count = header[9:]

    def section(self, kind):
        """A section by its number (`_format.SECTION_...`), or None."""
        for i in range(self.section_count):
            entry = struct.unpack_from(SECTION, self.content, HEADER_SIZE + i * SECTION_SIZE)
            if entry[0] == kind:
                return self.content[entry[2] : entry[2] + entry[3]]
        return None

    def tensor(self, index):
        """A tensor record: (type, place, rank, layout, offset, zero_point, scale, 6 sizes)."""
        return struct.unpack_from(TENSOR, self.section(SECTION_TENSORS), index * TENSOR_SIZE)

    @property
    def labels(self):
        """Names of the classes; empty when the file names none. Raises UnicodeError when they are not UTF-8."""
        names = str(self.section(SECTION_LABELS) or b"", "utf-8").split("\n")
        return tuple(names if names[-1] else names[:-1])

    @property
    def card(self):
        """The model card, a dict."""
        import json

        section = self.section(SECTION_CARD)
        return json.loads(str(section, "utf-8")) if section else {}


def elements(record):
    """How many elements a tensor record has."""
    count = 1
    for size in record[7 : 7 + record[2]]:
        count *= size
    return count


def tensor_bytes(record):
    """How many bytes they take."""
    count = elements(record)
    return (count + 1) // 2 if record[0] == INT4 else count * TYPE_BYTES[record[0]]
