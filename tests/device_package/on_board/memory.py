# Runs on a board: prints the bytes that a thousand inferences leave behind, and those of a stream heard twice more.
import gc

from smidgen import Listener, Model, Recorded


def left_behind(count):
    gc.collect()
    before = gc.mem_alloc()
    for _ in range(count):
        model.predict(x, out)
    return gc.mem_alloc() - before


model = Model("/keyword.smg")
x, out = bytearray(len(model.inputs[0].data)), bytearray(len(model.outputs[0].data))
left_behind(1)
print("inferences", left_behind(1001) - left_behind(1))

used = []
for _ in range(3):
    for _ in Listener(model, Recorded("/speech.wav")):
        pass
    gc.collect()
    used.append(gc.mem_alloc())
print("streams", used[2] - used[0])
