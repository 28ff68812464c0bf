"""The C engine in this process, through ctypes: the same sources that run on a board.

engine = Engine(Path("model.smg").read_bytes(), "model.smg")
scores, = engine.invoke([features])
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np

from smidgen import _format as fmt
from smidgen._build import load_library
from smidgen.blob import Blob, TensorRecord
from smidgen.graph import DTYPES

MODEL_BYTES = 256  # room for an smg_model on any platform
ALIGNMENT = 8


@cache
def _library() -> ctypes.CDLL:
    library = load_library()
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    prototypes: dict[str, tuple[list, type | None]] = {
        "smg_open": ([pointer, pointer, size, pointer, size], ctypes.c_int32),
        "smg_arena_size": ([pointer], ctypes.c_uint32),
        "smg_state_size": ([pointer], ctypes.c_uint32),
        "smg_bind": ([pointer, pointer, size, pointer, size], ctypes.c_int32),
        "smg_share": ([pointer, pointer, pointer], None),
        "smg_reset": ([pointer], ctypes.c_int32),
        "smg_invoke": ([pointer], ctypes.c_int32),
        "smg_step": ([pointer], ctypes.c_int32),
        "smg_data": ([pointer, ctypes.c_uint32], ctypes.c_void_p),
        "smg_bytes": ([pointer, ctypes.c_uint32], ctypes.c_uint32),
    }
    for name, (arguments, result) in prototypes.items():
        function = getattr(library, name)
        function.argtypes, function.restype = arguments, result
    return library


class _Memory:
    """Zeroed bytes, aligned as the engine wants them."""

    def __init__(self, size: int, content: bytes = b""):
        self.block = ctypes.create_string_buffer(size + ALIGNMENT)
        self.address = -(-ctypes.addressof(self.block) // ALIGNMENT) * ALIGNMENT
        self.size = size
        ctypes.memmove(self.address, content, len(content))


class Engine:
    """An open model with its own state, and an arena of its own unless it shares one."""

    def __init__(self, content: bytes, source: str = "", arena_of: Engine | None = None, table: str = "smg_all"):
        """content: a whole `.smg` file. source names it in errors. arena_of: an engine that takes turns with this one
        and whose arena is at least as large. table: of kernels; "smg_armv6m" are the twins in C of those for ARMv6-M,
        slow here. Raises a ModelError of `_format`."""
        self._library = _library()
        self._source = source
        self._file = _Memory(len(content), content)
        self._model = _Memory(MODEL_BYTES)
        kernels = ctypes.addressof(ctypes.c_char.in_dll(self._library, f"{table}_kernels"))
        count = ctypes.c_size_t.in_dll(self._library, f"{table}_kernel_count")
        self._check(self._library.smg_open(self._model.address, self._file.address, len(content), kernels, count))
        self.blob = Blob.from_bytes(content, source)
        self._arena: _Memory = _Memory(self.arena_size) if arena_of is None else arena_of._arena
        self._state = _Memory(self.state_size)
        memory = self._arena.address, self._arena.size, self._state.address, self._state.size
        self._check(self._library.smg_bind(self._model.address, *memory))

    @property
    def arena_size(self) -> int:
        """Bytes of scratch memory."""
        return self._library.smg_arena_size(self._model.address)

    @property
    def state_size(self) -> int:
        """Bytes kept from one inference to the next."""
        return self._library.smg_state_size(self._model.address)

    @property
    def inputs(self) -> list[TensorRecord]:
        return self.blob.tensors[: self.blob.input_count]

    @property
    def outputs(self) -> list[TensorRecord]:
        return self.blob.tensors[self.blob.input_count :][: self.blob.output_count]

    def share(self, parallel_for: int, context: int) -> None:
        """Share the work with a second core: the addresses of an `smg_parallel_for` of smg.h and of its context."""
        self._library.smg_share(self._model.address, parallel_for, context)

    def reset(self) -> None:
        """Back to the initial state, and to the first operator."""
        self._check(self._library.smg_reset(self._model.address))

    def invoke(self, inputs: Sequence[np.ndarray]) -> list[np.ndarray]:
        """One inference. inputs: one array for each input, in its dtype and number of elements; returns the outputs,
        each in its dtype and shape. Raises InputError for an input that does not fit."""
        self.set_inputs(inputs)
        self._check(self._library.smg_invoke(self._model.address))
        return self.get_outputs()

    def step(self) -> bool:
        """Run one operator; True while more are to come."""
        return self._check(self._library.smg_step(self._model.address)) > 0

    def set_inputs(self, inputs: Sequence[np.ndarray]) -> None:
        """Copy the inputs into the arena."""
        if len(inputs) != len(self.inputs):
            raise fmt.InputError(f"{self._source}: takes {len(self.inputs)} inputs, not {len(inputs)}")
        for i, (record, values) in enumerate(zip(self.inputs, inputs, strict=True)):
            array = np.ascontiguousarray(values)
            if array.dtype != DTYPES[record.type] or array.size != record.elements:
                wanted = f"{np.dtype(DTYPES[record.type])} {list(record.dims)}"
                raise fmt.InputError(f"{self._source}: input {i} is {wanted}, not {array.dtype} {list(array.shape)}")
            ctypes.memmove(self._library.smg_data(self._model.address, i), array.ctypes.data, array.nbytes)

    def get_outputs(self) -> list[np.ndarray]:
        """Copies of the outputs, valid once the last operator has run."""
        found: list[np.ndarray] = []
        for i, record in enumerate(self.outputs, start=len(self.inputs)):
            content = ctypes.string_at(self._library.smg_data(self._model.address, i), record.nbytes)
            found.append(np.frombuffer(content, DTYPES[record.type]).reshape(record.dims).copy())
        return found

    def _check(self, code: int) -> int:
        if code < 0:
            raise fmt.error_for(code, self._source)
        return code


def outputs_along(engine: Engine, frames: np.ndarray, window: int) -> Iterator[list[np.ndarray]]:
    """A model's outputs along a stream of [n, ...] frames, from reset: those that rest on `window` frames or more.

    A model of whole windows is asked once for each that follows the one before; one that keeps state in steps, of
    which one ends where the first window does.
    """
    step = engine.inputs[0].elements // frames[0].size
    lead = np.zeros(((-window) % step, *frames.shape[1:]), frames.dtype)
    steps = np.concatenate([lead, frames])
    engine.reset()
    for end in range(step, len(steps) + 1, step):
        outputs = engine.invoke([steps[end - step : end]])
        if end - len(lead) >= window:
            yield outputs
