"""A model in the C engine: the module `_smidgen`, whichever way the board has it (see README.md)."""

from .c_module import c_module
from .errors import error_for

_smidgen = c_module()
if _smidgen is None:
    raise ImportError("no module named '_smidgen'")


class CEngine:
    """An open file. `content` stays alive and unchanged as long as the engine is in use."""

    name = _smidgen.ENGINE

    def __init__(self, content, source):
        self._content, self._desk = content, None
        self._handle = bytearray(_smidgen.handle_size())
        self.size = len(self._handle)
        code = _smidgen.open(self._handle, content)
        if code < 0:
            raise error_for(code, source)

    def bind(self, arena, state):
        """Give the model its memory. Returns 0 or an error."""
        self._arena, self._state = arena, state  # the handle's pointers are not the collector's
        return _smidgen.bind(self._handle, arena, state)

    def share(self):
        """Compute with the second core. Returns how many cores there are, 1 where it is not to be had."""
        from .second_core import second_core

        self._desk = second_core(_smidgen)
        return 1 if self._desk is None or _smidgen.share(self._handle, self._desk) < 0 else 2

    def reset(self):
        return _smidgen.reset(self._handle)

    def step(self):
        """Run one operator: 1 when more are to come, 0 at the end, or an error."""
        return _smidgen.step(self._handle)

    def invoke(self):
        """Run to the end: 0 or an error."""
        return _smidgen.invoke(self._handle)
