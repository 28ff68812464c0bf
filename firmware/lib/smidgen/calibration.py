"""A threshold that a board learned, kept through resets.

A file of two slots, each with its own checksum. A new threshold is written into the slot that does not hold the last
one, so that a reset in the middle of the write, at any byte, leaves the last one in force. No renaming: FAT, which some
boards have, cannot replace a file by renaming.

    store = Calibration("calibration.bin", model)
    store.save(threshold)
    store.load()              the last threshold that was saved for this model, or None
"""

import struct

_SLOT = "<4sIII"  # magic, sequence number, model, threshold; then the CRC of these
_MAGIC = b"SCAL"
_BYTES = struct.calcsize(_SLOT) + 4


class Calibration:
    """path: the file, and a second one with a ~ behind its name. model: a Model; another model's threshold is none."""

    def __init__(self, path, model):
        self._paths = (path, path + "~")
        self._model = struct.unpack_from("<I", model.blob.content, 4)[0]  # its file's own checksum

    def load(self):
        """The last threshold saved for this model, or None."""
        newest = max(self._slot(path) for path in self._paths)
        return newest[1] if newest[0] and newest[2] == self._model else None

    def save(self, threshold):
        """Keep a threshold, 0 to 2^32 - 1. Raises OSError when the file cannot be written; the last one stays."""
        sequences = [self._slot(path)[0] for path in self._paths]
        newest = max(sequences)
        content = struct.pack(_SLOT, _MAGIC, newest + 1, self._model, threshold)
        path = self._paths[1 if sequences[0] == newest else 0]
        with open(path, "wb") as file:
            file.write(content + struct.pack("<I", crc32(content)))

    def _slot(self, path):
        """(sequence number, threshold, model); a sequence number of 0 when the slot holds nothing whole."""
        try:
            with open(path, "rb") as file:
                content = file.read(_BYTES + 1)
        except OSError:
            return 0, 0, 0
        if len(content) != _BYTES or crc32(content[:-4]) != struct.unpack("<I", content[-4:])[0]:
            return 0, 0, 0
        magic, sequence, model, threshold = struct.unpack(_SLOT, content[:-4])
        return (sequence, threshold, model) if magic == _MAGIC else (0, 0, 0)


def crc32(content):
    """CRC-32 as in zlib, bit by bit: for a handful of bytes, on boards that have no binascii.crc32."""
    crc = 0xFFFFFFFF
    for byte in content:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0xEDB88320 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF
