# What the host asks of a board's files. Sent to the board when a deployment begins; needs MicroPython or CircuitPython.

import os

try:
    from binascii import a2b_base64, hexlify

    try:
        from hashlib import sha256
    except ImportError:  # CircuitPython
        from hashlib import new

        def sha256():
            return new("sha256")

except ImportError:  # a small build: every file then counts as changed
    sha256 = None


def agent_list(path):
    """(name, is a folder) of a folder's entries."""
    return [(name, is_folder(path.rstrip("/") + "/" + name)) for name in os.listdir(path)]


def is_folder(path):
    return os.stat(path)[0] & 0x4000 != 0


def agent_size(path):
    """Bytes of a file, -1 for a folder, None when there is nothing."""
    try:
        return -1 if is_folder(path) else os.stat(path)[6]
    except OSError:
        return None


def agent_hash(path):
    """SHA-256 of a file in hexadecimal; None when there is no such file, "" when this board cannot compute it."""
    if agent_size(path) in (None, -1):
        return None
    if sha256 is None:
        return ""
    digest = sha256()
    buffer = bytearray(512)
    with open(path, "rb") as file:
        while True:
            n = file.readinto(buffer)
            if n == 0:
                return hexlify(digest.digest()).decode()
            digest.update(memoryview(buffer)[:n])


def agent_root():
    """Where the files begin: "" on most boards, "/flash" on some."""
    return os.getcwd().rstrip("/")


def agent_room():
    """(bytes free, bytes of one block) of the filesystem; CircuitPython and MicroPython agree on statvfs."""
    values = os.statvfs(agent_root() or "/")
    return values[0] * values[3], values[0]


def agent_folder(path):
    """Make a folder and its parents."""
    at = ""
    for part in path.strip("/").split("/"):
        at += "/" + part
        if agent_size(at) is None:
            os.mkdir(at)


def agent_sizes(paths):
    return [agent_size(path) for path in paths]


def agent_hashes(paths):
    return [agent_hash(path) for path in paths]


def agent_remove(path):
    """Remove a file, or a folder with all that is in it. Nothing happens when there is neither."""
    size = agent_size(path)
    if size == -1:
        for name in os.listdir(path):
            agent_remove(path + "/" + name)
        os.rmdir(path)
    elif size is not None:
        os.remove(path)


def agent_read(path):
    """A small file's bytes, None when there is no such file."""
    if agent_size(path) in (None, -1):
        return None
    with open(path, "rb") as file:
        return file.read()


def agent_copy(source, target):
    """Copy a file on the board itself, beside its place and then under its name."""
    agent_begin(target + ".new")
    buffer = bytearray(512)
    with open(source, "rb") as file:
        while True:
            n = file.readinto(buffer)
            if n == 0:
                break
            agent_file.write(memoryview(buffer)[:n])
    return agent_finish(target + ".new", target, agent_hash(source))


def agent_begin(path):
    """Open a file for writing; its folder is made when there is none."""
    global agent_file
    folder = path.rsplit("/", 1)[0]
    if folder:
        agent_folder(folder)
    agent_file = open(path, "wb")


def agent_write(text):
    data = a2b_base64(text)
    if agent_file.write(data) != len(data):
        raise OSError(28)


def agent_finish(beside, path, digest):
    """Close the file and give it its name, unless it arrived damaged (then False). At once on littlefs; FAT knows no
    replacing, so there the old file goes first."""
    agent_file.close()
    if agent_hash(beside) not in ("", digest):
        return False
    try:
        os.rename(beside, path)
    except OSError:
        if agent_size(path) in (None, -1):
            raise
        os.remove(path)
        os.rename(beside, path)
    return True


def agent_give_up(beside):
    agent_file.close()
    agent_remove(beside)
