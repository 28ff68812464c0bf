# Runs in MicroPython with `_tflm` over tests/support/fake_tflm.c: says what smidgen.tflm makes of its answers.
import gc

import _tflm
from smidgen.tflm import TfliteModel

FILE = bytearray(b"FAKE\x03\0\0\0")  # wants 3 * 16 bytes of arena


def attempt(name, function):
    try:
        print(name + ":", function())
    except Exception as e:
        print(name + ":", type(e).__name__ + ":", e)


def allocated(model, x, out):
    model.predict(x, out)
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(100):
        model.predict(x, out)
    return gc.mem_alloc() - before


model = TfliteModel(FILE)
x, out = bytearray([1, 2, 3, 250]), bytearray(4)
print("engine:", model.engine, model.arena_size, len(model._engine._arena), model.state_size, model.labels, model.card)
tensor = model.inputs[0]
print("input:", tensor.shape, tensor.dtype, tensor.scale, tensor.zero_point, tensor.size)
attempt("real", lambda: model.predict([0, 1, 2, 3]))
attempt("raw", lambda: bytes(model.predict(x, out)))
attempt("again", lambda: bytes(model.invoke()))
attempt("labels", lambda: TfliteModel(FILE, labels=["a", "b", "c", "d"]).predict(x))
attempt("allocated", lambda: allocated(model, x, out))
attempt("arena", lambda: TfliteModel(FILE, bytearray(64)).arena_size)
attempt("small arena", lambda: TfliteModel(FILE, bytearray(32)))
attempt("damaged", lambda: TfliteModel(bytearray(b"FAKE")))
attempt("large", lambda: TfliteModel(bytearray(b"FAKE\xff\0\0\0"), bytearray(16)))
attempt("inference", lambda: model.predict(bytearray([127, 0, 0, 0])))
attempt("missing", lambda: TfliteModel("no.tflite"))
attempt("input of other size", lambda: model.predict(bytearray(5)))
attempt("profile", model.profile)
handle = bytearray(_tflm.handle_size())
attempt("never opened", lambda: _tflm.invoke(handle))
attempt("small handle", lambda: _tflm.open(bytearray(8), FILE, bytearray(64)))
attempt("unaligned", lambda: _tflm.open(handle, FILE, memoryview(bytearray(64))[1:]))
attempt("read-only arena", lambda: _tflm.open(handle, FILE, bytes(64)))
_tflm.open(handle, FILE, bytearray(64))
attempt("other arena", lambda: _tflm.tensors(handle, bytearray(64), False))
attempt("refused after open", lambda: _tflm.open(handle, bytearray(8), bytearray(64)))
attempt("then", lambda: _tflm.invoke(handle))
attempt("alive", lambda: bytes(model.predict(x, out)))
