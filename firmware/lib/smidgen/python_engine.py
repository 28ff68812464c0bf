"""A model without C: the same bytes, slowly. `python_checks.py` proves a file once, `python_kernels.py` computes."""

from ._format import ARENA, PLACE_DATA, SECTION_DATA, SECTION_STATE, SECTION_TENSORS, STATE, TYPE_BYTES
from .blob import TENSOR_SIZE, Blob, tensor_bytes
from .errors import error
from .python_checks import check
from .python_operators import Refused
from .tensor import ALL

_MEMORY = -11
_ORDER = -15
# At most so much memory for its objects, as the host says beforehand (host/smidgen/memory.py).
_BASE_BYTES = 1500
_OPERATOR_BYTES = 170


class View:
    """An operand: its sizes, zero point, bytes of an element, and memory."""

    def __init__(self, record, places):
        self.dims = record[7 : 7 + record[2]]
        self.zero_point = record[5]
        self.unit = TYPE_BYTES[record[0]]
        self.data = places[record[1]][record[4] : record[4] + tensor_bytes(record)]


class PythonEngine:
    """An open file; the same face as CEngine. Raises the ModelError that the C engine would."""

    name = "python"

    def __init__(self, content, source):
        try:
            self._calls = check(content)
        except Refused as refused:
            raise error(refused.args[0], source)
        self._blob = Blob(content)
        self.size = _BASE_BYTES + _OPERATOR_BYTES * len(self._calls)
        self._next = None

    def bind(self, arena, state):
        """Give the model its memory. Returns 0 or an error."""
        if len(arena) < self._blob.arena_size or len(state) < self._blob.state_size:
            return _MEMORY
        data = self._blob.section(SECTION_DATA)
        self._places = {ARENA: memoryview(arena), PLACE_DATA: data, STATE: memoryview(state)}
        self._next = 0
        return self.reset()

    def reset(self):
        if self._next is None:
            return _ORDER
        if self._blob.state_size:
            self._start_state(self._places[STATE])
        self._next = 0
        return 0

    def _start_state(self, state):
        """Real zeros, then what the file says otherwise."""
        for i in range(self._blob.state_size):
            state[i] = 0
        for i in range(len(self._blob.section(SECTION_TENSORS)) // TENSOR_SIZE):
            record = self._blob.tensor(i)
            if record[1] == STATE and TYPE_BYTES[record[0]] == 1:
                for at in range(record[4], record[4] + tensor_bytes(record)):
                    state[at] = record[5] & 255
        told = self._blob.section(SECTION_STATE)
        if told is not None:
            state[: len(told)][ALL] = told

    def kernel(self, code):
        """What runs an operator."""
        from .python_kernels import KERNELS

        return KERNELS[code]

    def step(self):
        """Run one operator: 1 when more are to come, 0 at the end, or an error."""
        if self._next is None:
            return _ORDER
        if not self._calls:
            return 0
        call = self._calls[self._next]
        views = [View(self._blob.tensor(i), self._places) for i in call.operands]
        self.kernel(call.code)(call, views, self._places[PLACE_DATA])
        self._next = (self._next + 1) % len(self._calls)
        return 1 if self._next else 0

    def invoke(self):
        """Run to the end: 0 or an error."""
        more = 1
        while more > 0:
            more = self.step()
        return more
