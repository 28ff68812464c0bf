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
        self._content = content
        self._handle = bytearray(_smidgen.handle_size())
        self.size = len(self._handle)
        code = _smidgen.open(self._handle, content)
        if code < 0:
            raise error_for(code, source)

    def bind(self, arena, state):
        """Give the model its memory. Returns 0 or an error."""
        self._arena, self._state = arena, state  # the handle's pointers are not the collector's
        return _smidgen.bind(self._handle, arena, state)

    def reset(self):
        return _smidgen.reset(self._handle)

    def step(self):
        """Run one operator: 1 when more are to come, 0 at the end, or an error."""
        return _smidgen.step(self._handle)

    def invoke(self):
        """Run to the end: 0 or an error."""
        return _smidgen.invoke(self._handle)
