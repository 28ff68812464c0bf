# Runs on a board: prints the class and text of each error, and that the board goes on.
import smidgen
from smidgen import Listener, Microphone, Model, Recorded


def attempt(what, function):
    try:
        function()
    except (smidgen.SmidgenError, MemoryError, OSError) as error:
        print("%s: %s: %s" % (what, type(error).__name__, error.args[-1]))
    else:
        print(what + ": nothing")


def changed(at, value):
    with open("/keyword.smg", "rb") as file:
        content = bytearray(file.read())
    content[at] = value
    return content


model = Model("/keyword.smg")
for name in ("c", "python"):
    attempt(name + " cut", lambda engine=name: Model(changed(0, 83)[:-1], engine=engine))
    attempt(name + " damaged", lambda engine=name: Model(changed(500, 1), engine=engine))
    attempt(name + " newer", lambda engine=name: Model(changed(8, 2), engine=engine))
attempt("missing", lambda: Model("/no.smg"))
attempt("input", lambda: model.predict(bytes(7)))
attempt("arena", lambda: Model("/keyword.smg", arena=bytearray(8)))
attempt("sound", lambda: Listener(model, Recorded(bytes(100), 8000)))
attempt("pdm", lambda: Microphone({"bus": "PDM", "clock": 1, "data": 2}))
with open("/big.smg", "wb") as file:
    for _ in range(60):
        file.write(bytes(4096))
attempt("heap", lambda: Model("/big.smg"))
attempt("after", lambda: model.predict(bytes(len(model.inputs[0].data))))
print("predict: " + model.predict(bytes(len(model.inputs[0].data)))[0])
