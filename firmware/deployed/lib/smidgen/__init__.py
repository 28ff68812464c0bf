# Placed by `smidgen deploy`, not part of what it deploys: leads `import smidgen` to the set of folders that the last
# deployment made current. /.smidgen/current names them, one a line, and ends with a full stop: a file without it is not
# whole and does not count. Before the first deployment is complete, what was here stays in force: _before.py.

import os
import sys

_ROOT = __file__.rsplit("/lib/", 1)[0] + "/.smidgen/"  # some boards keep their files in /flash
_MAPPED = "/smidgen_rom"


def _exists(path):
    try:
        os.stat(path)
        return True
    except OSError:
        return False


def _current():
    """Folders of the current set. A board whose filesystem cannot replace a file may have but the new name of it."""
    for name in ("current", "current.new"):
        try:
            with open(_ROOT + name) as file:
                lines = file.read().split("\n")
        except OSError:
            continue
        if lines[-1] == ".":
            return [_placed(line) for line in lines[:-1]]
    return []


def _placed(line):
    """A part's folder. "name@place" is in ROMFS, at that place; what lies there is mounted, unless it is no ROMFS."""
    if "@" not in line:
        return _ROOT + line
    name, place = line.split("@")
    try:
        import vfs

        vfs.mount(vfs.VfsRom(memoryview(vfs.rom_ioctl(2, 0))[int(place) :]), _MAPPED)
    except (ImportError, AttributeError, TypeError, OSError):  # also when it is mounted already
        pass
    return _MAPPED + "/" + name


def start():
    """Run the main.py of the current set; without a set, the one that was there before the first deployment."""
    for folder in _current() + [_ROOT + "before"]:
        path = folder + "/main.py"
        if _exists(path):
            with open(path) as file:
                code = compile(file.read(), path, "exec")
            exec(code, {"__name__": "__main__"})
            return


_place = 1  # after the working folder, before everything else
for _folder in _current():
    sys.path.insert(_place, _folder)
    _place += 1
    if _exists(_folder + "/smidgen"):
        __path__ = _folder + "/smidgen"

if _place > 1:
    from .__init__ import __getattr__
else:
    try:
        from ._before import __getattr__  # noqa: F401  # what the module is asked for
    except ImportError:  # there was no package
        pass
