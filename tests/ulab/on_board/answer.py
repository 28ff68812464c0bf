# Runs on MicroPython with ulab: answer.py MODEL INPUTS OUTPUTS. INPUTS holds the bytes of one input after the other;
# OUTPUTS gets the bytes of each first output. Prints ulab's version, the engine, and the heap that the model took.
import gc
import sys

gc.collect()
before = gc.mem_alloc()

import ulab  # noqa: E402

from smidgen import Model  # noqa: E402

model = Model(sys.argv[1])
x = bytearray(model.inputs[0].size)
out = bytearray(model.outputs[0].size)
with open(sys.argv[2], "rb") as inputs, open(sys.argv[3], "wb") as outputs:
    while inputs.readinto(x) == len(x):
        outputs.write(model.predict(x, out))
gc.collect()
print(ulab.__version__, model.engine, gc.mem_alloc() - before)
