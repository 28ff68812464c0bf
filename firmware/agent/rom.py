# What the host asks of a board's ROMFS, flash that the processor reads as memory. Sent to the board; needs MicroPython
# 1.25. Its first partition is a block device, or memory alone that vfs.rom_ioctl writes.

try:
    from binascii import a2b_base64, hexlify
    from hashlib import sha256

    import vfs

    rom = vfs.rom_ioctl(2, 0)
    rom = None if isinstance(rom, int) else rom
except (ImportError, AttributeError):
    rom = None

BLOCKS = hasattr(rom, "ioctl")


def rom_about():
    """(its bytes, those that are erased at once, its first ones); None when the firmware has none. All are erased at
    once where the firmware does not say."""
    if rom is None:
        return None
    memory = memoryview(rom)
    block = rom.ioctl(5, 0) if BLOCKS else vfs.rom_ioctl(6, 0)
    return len(memory), block if block > 0 else len(memory), bytes(memory[:64])


def rom_head(place):
    return bytes(memoryview(rom)[place : place + 8])


def rom_hash(place, length):
    """SHA-256 of what is there, in hexadecimal."""
    return hexlify(sha256(memoryview(rom)[place : place + length]).digest()).decode()


def rom_erase(place, length):
    size, block, _ = rom_about()
    if BLOCKS:
        for number in range(place // block, (place + length - 1) // block + 1):
            rom.ioctl(6, number)
    elif block < size:
        vfs.rom_ioctl(3, 0, place, (length + block - 1) // block * block)
    else:
        vfs.rom_ioctl(3, 0, length)


def rom_write(place, text):
    data = a2b_base64(text)
    if BLOCKS:
        block = rom.ioctl(5, 0)
        rom.writeblocks(place // block, data, place % block)
    else:
        vfs.rom_ioctl(4, 0, place, data)


def rom_complete():
    if not BLOCKS:
        vfs.rom_ioctl(5, 0)
