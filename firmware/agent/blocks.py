# What the host asks of a board's flash that the processor reads as memory: which blocks files own, and what is in them.
# Sent to the board; needs files.py, and MicroPython 1.25 on an RP2040 or RP2350.

import os
import struct
import sys
from binascii import a2b_base64, hexlify
from hashlib import sha256

BLOCK = 4096
try:
    flash = __import__("rp2" if sys.platform == "rp2" else "_sim").Flash()
    memory = memoryview(flash)
except (ImportError, AttributeError, TypeError):  # flash of another kind, or MicroPython before 1.25
    flash = memory = None


def blocks_there():
    return memory is not None and os.statvfs(agent_root() or "/")[0] == BLOCK  # noqa: F821  # files.py


def blocks_claim(folder, mark, first, count):
    """Files of one block, with a mark of this moment and their number in it."""
    data = bytearray(BLOCK)
    data[: len(mark)] = mark
    for number in range(first, first + count):
        struct.pack_into("<H", data, len(mark), number)
        with open("%s/%d" % (folder, number), "wb") as file:
            file.write(data)


def blocks_found(mark):
    """(block, number) of each that bears the mark, by block."""
    found = []
    for block in range(len(memory) // BLOCK):
        at = block * BLOCK + len(mark)
        if bytes(memory[at - len(mark) : at]) == mark:
            found.append((block, struct.unpack_from("<H", memory, at)[0]))
    return found


def blocks_give_back(folder, numbers):
    for number in numbers:
        os.remove("%s/%d" % (folder, number))


def blocks_write(block, text):
    flash.writeblocks(block, a2b_base64(text))


def blocks_hash(first, length):
    """SHA-256 of what is there, in hexadecimal."""
    return hexlify(sha256(memory[first * BLOCK : first * BLOCK + length]).digest()).decode()
