# Runs on a board: prints what happens in each case, a line "name: what" each. The last one shows that it is alive.
import asyncio
import gc
import os
import sys

from smidgen import Model

with open("engine.txt") as file:
    ENGINE = file.read()
CALLS = 1000 if ENGINE == "c" else 10


def attempt(name, function):
    try:
        print("%s: %s" % (name, function()))
    except Exception as error:
        print("%s: %s: %s" % (name, type(error).__name__, error.args[-1] if error.args else ""))


def opened(source="model.smg", **more):
    return Model(source, engine=ENGINE, **more)


def content(path="model.smg"):
    with open(path, "rb") as file:
        return bytearray(file.read())


def changed(at, value):
    found = content()
    found[at] = value
    return found


def left_behind(count):
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(count):
        model.predict(x, out)
    if ENGINE == "python":  # it allocates, and keeps nothing
        gc.collect()
    return gc.mem_alloc() - before


def same(function):
    return function() == answer


def while_others_run():
    turns = []

    async def count():
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    async def main():
        other = asyncio.create_task(count())
        await asyncio.sleep(0)
        await model.apredict(x, out)
        other.cancel()

    asyncio.run(main())
    return "%s, %d turns" % (bytes(out) == answer, len(turns))


def profiled():
    found = model.profile(x)
    return " ".join(name for name, milliseconds in found if isinstance(milliseconds, float) and milliseconds >= 0)


def too_large():
    """A file for which no heap here has room."""
    with open("large.smg", "wb") as file:
        for _ in range(150):
            file.write(bytes(4096))
    try:
        return opened("large.smg")
    finally:
        os.remove("large.smg")


def replaced():
    """Another file in the place of the one that is open."""
    other = changed(0, 0)
    with open("model.new", "wb") as file:
        file.write(other)
    kept = content()
    os.rename("model.new", "model.smg")
    result = "open %s" % same(lambda: bytes(model.predict(x, out)))
    attempt("replaced, opened again", opened)
    with open("model.smg", "wb") as file:
        file.write(kept)
    return result


model = opened()
x, out = bytearray(len(model.inputs[0].data)), bytearray(len(model.outputs[0].data))
for i in range(len(x)):
    x[i] = i * 37 & 255
answer = bytes(model.predict(x, out))
left_behind(1)

print("engine: " + model.engine)
print("mpy: %d" % getattr(sys.implementation, "_mpy", 0))
attempt("left behind", lambda: left_behind(CALLS + 1) - left_behind(1))
attempt("async", while_others_run)
attempt("profile", profiled)
attempt("short input", lambda: model.predict(x[1:], out))
attempt("input of another type", lambda: model.predict("text", out))
attempt("short output", lambda: model.predict(x, out[1:]))
attempt("small arena", lambda: opened(arena=bytearray(8)))
attempt("cut", lambda: opened(content()[:-1]))
attempt("damaged", lambda: opened(changed(500, 1)))
attempt("newer", lambda: opened(changed(8, 2)))
attempt("missing", lambda: opened("no.smg"))
attempt("too large", too_large)
attempt("replaced", replaced)
attempt("alive", lambda: same(lambda: bytes(opened().predict(x, out))))
