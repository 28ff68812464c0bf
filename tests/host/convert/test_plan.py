"""The memory plan, proved by simulation: programs run in a memory of bytes that know whose they are."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from smidgen.convert.grid import Grid, factor
from smidgen.convert.plan import ALIGNMENT, plan
from smidgen.convert.program import Instruction, Program, Value

Moves = list[
    tuple[np.ndarray, np.ndarray]
]  # of an operator in its order: bytes of the input read, then of the output written


@st.composite
def programs(draw):
    """A random program of operators that may overlap their input, opaque ones that may not, and views."""
    first = Value("INT8", (1, *draw(st.tuples(*[st.integers(1, 6)] * 3))))
    program, known = Program([first], [], []), [first]
    for _ in range(draw(st.integers(1, 9))):
        x = draw(st.sampled_from(known))
        step = draw(st.sampled_from([_lookup, _copy, _pool, _opaque, _view]))
        out = step(draw, program, x, known)
        known.append(out)
    program.outputs.extend({known[-1], draw(st.sampled_from(known))})
    return program


def _emit(program, name, inputs, out, trailer=b"", **params):
    program.instructions.append(Instruction(name, inputs, [out], params, trailer))
    return out


def _lookup(draw, program, x, known):
    return _emit(program, "LOOKUP", [x], Value("INT8", x.shape))


def _copy(draw, program, x, known):
    """A permutation, reversal, slice or repetition."""
    origins = np.arange(x.elements).reshape(x.shape).transpose(draw(st.permutations(range(len(x.shape)))))
    steps = [slice(draw(st.integers(0, n - 1)), None, draw(st.sampled_from([1, 2]))) for n in origins.shape]
    origins = np.flip(origins[tuple(steps)], draw(st.sampled_from([(), (0,), (1, 2)])))
    if draw(st.booleans()):
        origins = np.broadcast_to(origins[..., :1], (*origins.shape[:-1], 3))
    grid = factor(origins.reshape(-1), np.arange(origins.size))
    return _emit(
        program,
        "COPY",
        [x],
        Value("INT8", origins.shape),
        grid.trailer,
        rank=len(grid.axes),
        src=grid.src,
        dst=grid.dst,
    )


def _pool(draw, program, x, known):
    stride, pad = draw(st.integers(1, 2)), draw(st.integers(0, 1))
    h, w = x.shape[1:3]
    out = Value("INT8", (x.shape[0], -(-h // stride), -(-w // stride), draw(st.integers(1, 8))))
    window = {"kernel_h": 2, "kernel_w": 2, "stride_h": stride, "stride_w": stride, "pad_top": pad, "pad_left": pad}
    return _emit(program, "CONV_2D", [x], out, **window)


def _opaque(draw, program, x, known):
    shape = (1, *draw(st.tuples(*[st.integers(1, 6)] * 3)))
    return _emit(program, "OPAQUE", [x, draw(st.sampled_from(known))], Value("INT8", shape))


def _view(draw, program, x, known):
    first = draw(st.integers(0, x.shape[1] - 1))
    row = x.elements // (x.shape[0] * x.shape[1])
    return Value("INT8", (1, x.shape[1] - first, *x.shape[2:]), base=x, offset=first * row)


def moves_of(instruction: Instruction) -> Moves:
    """What the kernel does to its first input and its output, in order."""
    x, out = instruction.inputs[0], instruction.outputs[0]
    everything, n = np.arange(x.nbytes), out.nbytes
    if instruction.name == "LOOKUP":
        return [(np.array([i]), np.array([i])) for i in range(n)]
    if instruction.name == "COPY":
        grid = Grid.of(instruction)
        lines = list(zip(*grid.positions(), strict=True))
        if grid.axes[-1][1:] == (1, 1):
            return lines
        return [(s[[i]], t[[i]]) for s, t in lines for i in range(len(s))]
    if instruction.name == "CONV_2D":
        windows = [w for w in _windows(instruction) for _ in range(out.shape[3])]  # read anew for each channel
        return [(window, np.array([i])) for i, window in enumerate(windows)]
    return [(everything, np.array([i])) for i in range(n)] + [(everything, np.array([], int))]


def _windows(instruction: Instruction) -> list[np.ndarray]:
    x, out, p = instruction.inputs[0], instruction.outputs[0], instruction.params
    numbers = np.arange(x.nbytes).reshape(x.shape)
    found = []
    for n, y, z in np.ndindex(*out.shape[:3]):
        top, left = y * p["stride_h"] - p["pad_top"], z * p["stride_w"] - p["pad_left"]
        found.append(numbers[n, max(top, 0) : top + 2, max(left, 0) : left + 2].reshape(-1))
    return found


class Memory:
    """An arena whose bytes hold (root, byte of the root) as one number."""

    def __init__(self, program: Program):
        self.plan = plan(program)
        self.bytes = np.full(self.plan.size, -1, np.int64)
        self.ids: dict[Value, int] = {}

    def _tags(self, value: Value, which: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(addresses, tags) of bytes of a value."""
        root = self.ids.setdefault(value.root, len(self.ids))
        inside = value.root_offset + which
        return self.plan.arena[value.root] + inside, (root << 32) + inside

    def write(self, value: Value, which: np.ndarray) -> None:
        addresses, tags = self._tags(value, which)
        self.bytes[addresses] = tags

    def check(self, value: Value, which: np.ndarray, where: str) -> None:
        addresses, tags = self._tags(value, which)
        np.testing.assert_array_equal(self.bytes[addresses], tags, f"{where} reads what another value has overwritten")


def run(program: Program) -> None:
    memory = Memory(program)
    for value in program.inputs:
        memory.write(value, np.arange(value.nbytes))
    for step, instruction in enumerate(program.instructions):
        for read, written in moves_of(instruction):
            memory.check(instruction.inputs[0], read, f"{instruction.name} {step}")
            for other in instruction.inputs[1:]:
                memory.check(other, np.arange(other.nbytes), f"{instruction.name} {step}")
            memory.write(instruction.outputs[0], written)
    for value in program.outputs:
        memory.check(value, np.arange(value.nbytes), "the caller")


@settings(max_examples=500, deadline=None)
@given(programs())
def test_no_value_is_overwritten_while_it_is_needed(program):
    run(program)


@settings(max_examples=50, deadline=None)
@given(programs())
def test_plan_is_exact_aligned_and_the_same_every_time(program):
    first, second = plan(program), plan(program)
    assert first == second
    assert all(offset % ALIGNMENT == 0 for offset in first.arena.values())
    assert first.size == max(offset + value.nbytes for value, offset in first.arena.items())


def chain(*sizes: int, name: str = "LOOKUP") -> Program:
    values = [Value("INT8", (1, 1, 1, n)) for n in sizes]
    steps = [Instruction(name, [a], [b]) for a, b in pairwise(values)]
    return Program([values[0]], [values[-1]], steps)


def test_elementwise_operators_run_in_place():
    assert plan(chain(64, 64, 64, 64)).size == 64


def test_opaque_operators_get_memory_of_their_own():
    assert plan(chain(64, 64, 64, name="OPAQUE")).size == 128


def test_kept_variables_lie_one_after_the_other_and_aligned():
    states = [Value("INT8", (n,), initial=np.zeros(n, np.int8)) for n in (3, 9, 8)]
    x = Value("INT8", (1,))
    made = plan(Program([x], [x], [Instruction("OPAQUE", [x], [s]) for s in states]))
    assert [made.state[s] for s in states] == [0, 8, 24]
