"""A model that lies in blocks of the flash, one behind the other, as `smidgen deploy --in-flash` puts it there.

Its file holds but a mark, the first block and the model's size; beside it are the files that own these blocks.
"""

import struct
import sys

_BLOCK = 4096


def mapped(file):
    """The bytes of a model whose file was read up to behind the mark. Raises OSError on a board that has no such
    flash."""
    block, size = struct.unpack("<II", file.read())
    try:
        memory = memoryview(__import__("rp2" if sys.platform == "rp2" else "_sim").Flash())
    except (ImportError, AttributeError, TypeError):
        raise OSError(19)  # ENODEV: a file from another board
    return memory[block * _BLOCK : block * _BLOCK + size]
