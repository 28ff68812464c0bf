# The board's filesystem mounted anew, on a flash that keeps a journal: journal.entries has (address, bytes) for what is
# programmed, (address, None) for a block that is erased, in the order in which it happens.
import _sim
import vfs

_BLOCK = 4096
_ERASE = 6


class Journal:
    def __init__(self):
        self.entries = []
        self.flash = _sim.Flash()

    def readblocks(self, block, data, offset=0):
        return self.flash.readblocks(block, data, offset)

    def writeblocks(self, block, data, offset=None):
        if offset is None:
            self.ioctl(_ERASE, block)
        self.entries.append((block * _BLOCK + (offset or 0), bytes(data)))
        return self.flash.writeblocks(block, data, offset or 0)

    def ioctl(self, operation, argument):
        if operation == _ERASE:
            self.entries.append((argument * _BLOCK, None))
        return self.flash.ioctl(operation, argument)


journal = Journal()
vfs.umount("/")
vfs.mount(vfs.VfsLfs2(journal, progsize=256), "/")
