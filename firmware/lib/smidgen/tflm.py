"""A `.tflite` file in TensorFlow Lite Micro, on a board whose firmware has that (docs/firmware.md).

model = TfliteModel("model.tflite", labels=("yes", "no"))
label, score = model.predict(features)
"""

import gc

import _tflm

from ._format import BOOL, FLOAT32, INT8, INT16, INT32, INT64, UINT8
from .errors import SmidgenError
from .model import Model, allocate, read
from .tensor import Tensor

_TYPES = {1: FLOAT32, 2: INT32, 3: UINT8, 4: INT64, 6: BOOL, 7: INT16, 9: INT8}  # by TFLite's numbers
_UNIT = 16  # TFLM aligns what it places in an arena


class TflmError(SmidgenError):
    """What TensorFlow Lite Micro says: a file that it refuses, an operator that the firmware lacks, a small arena."""


class TfliteModel(Model):
    """As Model, but no card and no profile; `step` and `apredict` run all operators at once. `engine` is "tflm".
    arena_size: bytes of the arena that TFLM uses, exact."""

    engine = "tflm"
    state_size = 0
    memory = None
    card = {}  # noqa: RUF012

    def __init__(self, source, arena=None, labels=()):
        """source: a path, or a buffer with the whole file, aligned to 16 bytes and left unchanged. labels: names of the
        classes.

        arena: a bytearray to compute in. The default is as large as the model needs; to find that out the model is
        opened in the largest free piece of the heap first. Raises TflmError with TFLM's own text, OSError, MemoryError.
        """
        if isinstance(source, str):
            self.source, content = source, read(source)
        else:
            self.source, content = "model", source
        self.labels = tuple(labels)
        if arena is None:
            self._engine, arena = _fitted(content, self.source)
        else:
            self._engine = _Engine(content, arena, self.source)
        self.arena_size = self._engine.used
        held = len(content) if isinstance(source, str) else 0
        self.memory = {"model file": held, "arena": len(arena), "state": 0, "engine": _tflm.handle_size()}
        self.inputs = self._tensors(arena, False)
        self.outputs = self._tensors(arena, True)
        self._busy = False

    def profile(self, x=None):
        raise TflmError(self.source + ": TensorFlow Lite Micro runs a model as a whole; profile its .smg instead")

    def _tensors(self, arena, outputs):
        found = []
        for kind, shape, scale, zero_point, offset, size in self._engine.tensors(outputs):
            if kind not in _TYPES:
                raise TflmError("%s: has tensors of TFLite's type %d, which has no name here" % (self.source, kind))
            record = (_TYPES[kind], 0, len(shape), 0, offset, zero_point, scale) + shape
            found.append(Tensor(record, memoryview(arena)[offset : offset + size]))
        return found


class _Engine:
    """An open file; content and arena stay alive and unmoved as long as it is in use."""

    def __init__(self, content, arena, source):
        self._content, self._arena, self._source = content, arena, source
        self._handle = bytearray(_tflm.handle_size())
        try:
            self.used = _tflm.open(self._handle, content, arena)
        except RuntimeError as e:
            raise self._error(e)

    def tensors(self, outputs):
        return _tflm.tensors(self._handle, self._arena, outputs)

    def reset(self):
        try:
            _tflm.reset(self._handle)
        except RuntimeError as e:
            raise self._error(e)
        return 0

    def invoke(self):
        try:
            _tflm.invoke(self._handle)
        except RuntimeError as e:
            raise self._error(e)
        return 0

    step = invoke

    def _error(self, e):
        return TflmError("%s: TensorFlow Lite Micro: %s" % (self._source, e.args[0]))


def _largest():
    """The largest piece of the heap, an eighth or so apart."""
    gc.collect()
    size = gc.mem_free()
    while True:
        try:
            return bytearray(size)
        except MemoryError:
            size -= size // 8 + 1


def _fitted(content, source):
    """(engine, arena) with no more memory than it needs. Opening may need a little more than running does."""
    arena = _largest()
    limit = len(arena)
    size = _Engine(content, arena, source).used
    arena = None
    while True:
        gc.collect()
        size = -(-size // _UNIT) * _UNIT
        arena = allocate(size, source, "the arena")
        try:
            return _Engine(content, arena, source), arena
        except TflmError:
            if size >= limit:
                raise
        size, arena = size + size // 16, None
