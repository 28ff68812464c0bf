# Mount the filesystem, which is formatted when it is none yet, and look for modules in /lib too.
import sys

import _sim
import vfs

flash = _sim.Flash()
try:
    filesystem = vfs.VfsLfs2(flash, progsize=256)
except OSError:
    vfs.VfsLfs2.mkfs(flash, progsize=256)
    filesystem = vfs.VfsLfs2(flash, progsize=256)
vfs.mount(filesystem, "/")
sys.path.append("/lib")

del vfs, sys, _sim, flash, filesystem
