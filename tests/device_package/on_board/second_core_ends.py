# Runs in MicroPython with threads: the program's end, as its argument says, while the second core serves.
import _thread
import sys
import time

from smidgen import Model

model = Model("models/keyword.smg", cores=2)
model.predict(bytearray(len(model.inputs[0].data)))
print("%d cores" % model.cores)
how = sys.argv[1]


def without_end():
    while True:
        model.invoke()


if how == "exit":
    sys.exit(3)
elif how == "raise":
    raise ValueError("the program's own")
elif how == "at work":
    _thread.start_new_thread(without_end, ())
    time.sleep_ms(20)
