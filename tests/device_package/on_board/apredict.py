# Runs on a board: steps an apredict by hand, as an event loop would, and prints how often it let others run.
from smidgen import Model

model = Model("/keyword.smg")
x = bytearray(len(model.inputs[0].data))
task = model.apredict(x, bytearray(len(model.outputs[0].data)))
turns = 0
try:
    while True:
        task.send(None)
        turns += 1
except StopIteration as end:
    print(turns, end.value == model.predict(x, bytearray(len(model.outputs[0].data))))
