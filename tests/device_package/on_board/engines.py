# Runs on a board: every model NAME.smg in /models with NAME.in gives NAME.out, with each engine that it has.
import os

from smidgen import Model
from smidgen.errors import UnsupportedError


def content(name):
    with open("/models/" + name, "rb") as file:
        return file.read()


for file in sorted(os.listdir("/models")):
    if not file.endswith(".smg"):
        continue
    name = file[:-4]
    for engine in ("c", "python"):
        try:
            model = Model("/models/" + file, engine=engine)
            out = model.predict(content(name + ".in"), bytearray(len(model.outputs[0].data)))
            verdict = "same" if out == content(name + ".out") else "differs"
        except UnsupportedError:
            verdict = "unsupported"
        print(name, engine, verdict)
