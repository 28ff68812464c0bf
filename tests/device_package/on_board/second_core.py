# Runs in MicroPython with threads. models/NAME.smg with inputs, one after the other, in NAME.in and the host's outputs
# in NAME.out. Prints what came of each trial.
import _thread
import gc
import time
from struct import unpack_from

import smidgen.second_core as second_core
from smidgen.c_module import c_module

from smidgen import Model

ASKED, DONE = 16, 20  # in a desk with addresses of 64 bits
TRIES = 200
NO_STACK = 1 << 46  # bytes: more than a machine has


def content(path):
    with open(path, "rb") as file:
        return file.read()


FILES = {
    name: [content("models/%s.%s" % (name, end)) for end in ("smg", "in", "out")] for name in ("keyword", "vision")
}


def opened(name, cores=2):
    return Model(FILES[name][0], cores=cores)


def same(name, model, between=None):
    """Whether a model gives the host's bytes for all inputs. between: called after each inference."""
    _, inputs, outputs = FILES[name]
    n, m = len(model.inputs[0].data), len(model.outputs[0].data)
    found = b""
    for at in range(0, len(inputs), n):
        found += model.predict(inputs[at : at + n], bytearray(m))
        if between:
            between()
    return found == outputs


def count(which):
    return unpack_from("<I", second_core._desk[0], which)[0]


def refused():
    _thread.stack_size(NO_STACK)
    model = opened("keyword")
    _thread.stack_size(0)
    return "%d cores, same %s" % (model.cores, same("keyword", model))


def heap_full():
    held, size = [], 1 << 22
    while size > 256:
        try:
            held.append(bytearray(size))
        except MemoryError:
            size //= 2
    return second_core.second_core(c_module())


def shared(name):
    """On a busy machine the thread may come late: inferences are made until it was asked for something, or many."""
    model, before, right = opened(name), count(ASKED), True
    for _ in range(TRIES):
        right = right and same(name, model, gc.collect)
        if count(ASKED) > before:
            break
        time.sleep_ms(10)
    asked, done = count(ASKED), count(DONE)
    return "%d cores, same %s, handed over %s, all done %s" % (model.cores, right, asked > before, asked == done)


def shared_keyword():
    second_core.second_core(c_module())
    return shared("keyword")


def shared_vision():
    return shared("vision")


def in_turns():
    models = [(name, opened(name, cores)) for name in FILES for cores in (2, 1, 2)]
    return "same %s" % all(same(name, model) for name, model in models)


def step_by_step():
    model = opened("keyword")
    _, inputs, outputs = FILES["keyword"]
    model.inputs[0].fill(inputs[: len(model.inputs[0].data)])
    while model.step():
        gc.collect()
    return "same %s" % outputs.startswith(bytes(model.outputs[0].data))


def allocated():
    model = opened("keyword")
    x, out = bytearray(len(model.inputs[0].data)), bytearray(len(model.outputs[0].data))
    model.predict(x, out)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(10):
        model.predict(x, out)
    used = gc.mem_alloc() - before
    gc.enable()
    return used


class Beside:
    """A thread of the program's own that calls a function again and again until stop(), which says how often."""

    def __init__(self, function):
        self._function, self._going, self._count = function, True, 0
        _thread.start_new_thread(self._run, ())
        while not self._count:
            time.sleep_ms(1)

    def _run(self):
        while self._going:
            self._function()
            self._count += 1
        self._going = None

    def stop(self):
        self._going = False
        while self._going is not None:
            time.sleep_ms(1)
        return self._count


def littered():
    def litter():
        for size in range(50):
            bytearray(size * 7)
        gc.collect()

    model, beside = opened("vision"), Beside(litter)
    before = beside._count
    right = same("vision", model)
    return "same %s, collected %s" % (right, beside.stop() > before)


def two_ask():
    other, results = opened("keyword"), []
    beside = Beside(lambda: results.append(same("keyword", other)))
    right = same("vision", opened("vision"))
    beside.stop()
    return "same %s %s" % (right, all(results))


def released():
    model = opened("keyword")
    second_core.release()
    desk, right = second_core._desk, same("keyword", model)
    return "%s, same %s, then %d cores" % (desk, right, opened("keyword").cores)


def released_at_once():
    """Before the second core has come."""
    right = True
    for _ in range(8):
        second_core.release()
        model = opened("keyword")
        second_core.release()
        right = right and same("keyword", model)
    return "same %s" % right


print("engine: %s" % c_module().ENGINE)
for trial in (refused, heap_full, shared_keyword, shared_vision, in_turns, step_by_step, allocated):
    print("%s: %s" % (trial.__name__, trial()))
for trial in (littered, two_ask, released, released_at_once):
    print("%s: %s" % (trial.__name__, trial()))
