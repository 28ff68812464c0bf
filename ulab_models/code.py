# Runs the model beside this file and prints what it says. CircuitPython starts code.py by itself.
import time

from smidgen import Model

model = Model("model.smg")
print("engine:", model.engine, " labels:", model.labels)

while True:
    model.inputs[0].fill(bytearray(model.inputs[0].size))  # here goes what your sensor measured
    started = time.monotonic()
    print(model.predict(), "%.2f s" % (time.monotonic() - started))
    time.sleep(1)
