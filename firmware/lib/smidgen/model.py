"""A model on the board.

model = Model("model.smg")
label, score = model.predict(features)
"""

import gc
import os

from ._format import ARENA, PLACE_DATA, SECTION_DATA, STATE
from .blob import Blob
from .errors import error, error_for
from .files import find
from .tensor import ALL, tensor_at

_ENGINES = (
    ("c", "c_engine", "CEngine"),
    ("ulab", "ulab_engine", "UlabEngine"),
    ("python", "python_engine", "PythonEngine"),
)


def _engine_class(name):
    """The engine called `name`, or the first that the board has."""
    for kind, home, class_name in _ENGINES:
        if name in (None, kind):
            try:
                return getattr(__import__(home, globals(), None, (class_name,), 1), class_name)
            except ImportError:
                if name == kind:
                    raise
    raise ValueError(name)


def allocate(size, source, what, memory=None):
    """Zeroed bytes, or a MemoryError that says how many were needed. memory: of the whole model, when that is known."""
    try:
        return bytearray(size)
    except MemoryError:
        gc.collect()
        free = gc.mem_free(), largest_piece(size)
        text = "%s: %s needs %d bytes in one piece; %d are free, %d in one piece" % ((source, what, size) + free)
        if memory:
            parts = ", ".join("%s %d" % (name, memory[name]) for name in ("model file", "arena", "state", "engine"))
            text += "; in all the model takes %d (%s)" % (sum(memory.values()), parts)
        raise MemoryError(text)


def largest_piece(limit):
    """The most bytes below `limit` that can be had at once, to 64 bytes: the heap is asked."""
    low = 0
    while limit - low > 64:
        middle = (low + limit) // 2
        try:
            bytearray(middle)
            low = middle
        except MemoryError:
            limit = middle
        gc.collect()
    return low


def read(path):
    """A whole file in one piece: a memoryview of where it lies, when that is flash in one piece; else a copy."""
    path = find(path)
    try:
        with open(path, "rb") as file:
            content = _mapped(file)
            if content is None:
                content = allocate(os.stat(path)[6], path, "the file")
                if file.readinto(content) != len(content):
                    raise error("TruncatedError", path)
    except OSError as e:
        raise OSError(e.args[0], path + ": cannot be read; copy the model to the board")
    return content


def _mapped(file):
    """A file's bytes where they lie, None where they do not lie in memory or an engine could not use them there."""
    try:
        from uctypes import addressof

        content = memoryview(file)
    except ImportError:
        return None
    except TypeError:  # no file of ROMFS
        return _in_blocks(file)
    return None if addressof(content) % 8 else content


def _in_blocks(file):
    if file.read(4) == b"SMGB":
        from .blocks import mapped

        return mapped(file)
    file.seek(0)
    return None


class Model:
    """A `.smg` file, ready to run.

    engine: what runs it: "usermod", "native", "wasm" or "python". cores: how many compute, 1 or 2. inputs, outputs: its
    `Tensor`s. labels: names of the classes, () when the file has none. arena_size, state_size: bytes of scratch and of
    kept memory.
    """

    def __init__(self, source, arena=None, engine=None, cores=1):
        """source: a path, or a buffer with the whole file (flash is fine), aligned to 8 bytes and left unchanged. A
        relative path is looked for in the working folder, then along sys.path, where deployments are. In ROMFS, and
        deployed --in-flash, the file is used where it lies.

        arena: a bytearray of at least `arena_size` bytes to compute in; models that take turns may share one.
        engine: "c" or "python" to insist on one; default is the fastest that the board has. cores: 2 to share the work
        with a second core where the board, its firmware and the engine have one to give (second_core.py). Raises a
        ModelError of errors.py for a file that is damaged, newer than the engine or malformed; MemoryError with the
        bytes needed when the heap is too small; OSError for a path that cannot be read.
        """
        if isinstance(source, str):
            self.source, content = source, read(source)
            self._held = len(content) if isinstance(content, bytearray) else 0
        else:
            self.source, content, self._held = "model", source, 0
        self._engine = _engine_class(engine)(content, self.source)
        self.blob = blob = Blob(content)
        self.engine = self._engine.name
        self.arena_size, self.state_size = blob.arena_size, blob.state_size
        if arena is None:
            arena = allocate(blob.arena_size, self.source, "the arena", self.memory)
        state = allocate(blob.state_size, self.source, "the state", self.memory)
        self._check(self._engine.bind(arena, state))
        self.cores = self._engine.share() if cores > 1 and hasattr(self._engine, "share") else 1
        self._open_tensors(arena, state)
        try:
            self.labels = blob.labels
        except UnicodeError:
            raise error("SectionError", self.source, "its LABELS are not UTF-8; convert the model again")
        self._busy = False

    def _open_tensors(self, arena, state):
        places = {ARENA: arena, PLACE_DATA: self.blob.section(SECTION_DATA), STATE: state}
        count = self.blob.input_count
        tensors = [tensor_at(self.blob.tensor(i), places) for i in range(count + self.blob.output_count)]
        self.inputs, self.outputs = tensors[:count], tensors[count:]

    @property
    def memory(self):
        """Bytes that this model takes, by what they are for: what `smidgen check` says of it beforehand."""
        held = {"model file": self._held, "arena": self.arena_size, "state": self.state_size}
        held["engine"] = self._engine.size
        return held

    @property
    def card(self):
        """The model card, a dict."""
        return self.blob.card

    def predict(self, x=None, out=None):
        """One inference.

        x: as Tensor.fill takes it, for a model of one input; None when `inputs` were filled before. With `out`, a
        bytearray of the first output's size, the raw scores are written there and `out` is returned: nothing is
        allocated. Otherwise returns (label, score) for a model with labels, score being the real number behind the
        largest output, and the list of real outputs for others. Raises InputError when x or out does not fit.
        """
        self.invoke(x)
        return self._result(out)

    async def apredict(self, x=None, out=None):
        """As predict; other tasks run between the operators. Cancelled, the model is reset."""
        import asyncio

        self._begin(x)
        self._busy = True
        try:
            while self._check(self._engine.step()):
                await asyncio.sleep(0)
            self._busy = False
        finally:
            if self._busy:
                self._busy = False
                self.reset()
        return self._result(out)

    def invoke(self, x=None):
        """One inference; returns the first output's bytes, a memoryview valid until the next."""
        self._begin(x)
        self._check(self._engine.invoke())
        return self.outputs[0].data

    def step(self):
        """Run one operator of an inference whose inputs are filled. True while more are to come."""
        return self._check(self._engine.step()) > 0

    def reset(self):
        """Forget what was seen (a streaming model's state), and begin anew."""
        self._check(self._engine.reset())

    def profile(self, x=None):
        """One inference with a clock: a list of (operator, milliseconds) in the order in which they run."""
        from .profile import profile

        self._begin(x)
        return profile(self)

    def _begin(self, x):
        if self._busy:
            raise error("OrderError", self.source, "an apredict is under way; await it first")
        if x is not None:
            self.inputs[0].fill(x)

    def _result(self, out):
        output = self.outputs[0]
        if out is not None:
            if len(out) != len(output.data):
                raise error("InputError", "out", "must be a bytearray of %d bytes" % len(output.data))
            out[ALL] = output.data
            return out
        return self._read_out(output)

    def _read_out(self, output):
        """Apart from _result, where a comprehension's variables would cost an allocation."""
        values = output.values()
        if not self.labels:
            return [output.real(value) for value in values]
        best = max(values)
        return self.labels[values.index(best)], output.real(best)

    def _check(self, code):
        if code < 0:
            raise error_for(code, self.source)
        return code
