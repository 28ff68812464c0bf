"""Listens for keywords and prints each one, with how sure it is and when it was said.

The same file runs on a board and on a simulated one. It needs the smidgen package and a model.smg beside it:

    smidgen deploy model.smg
"""

from smidgen import Listener, Microphone, Model

model = Model("model.smg")
print("listening for", ", ".join(model.labels), "with the", model.engine, "engine")

for word, score, time_ms in Listener(model, Microphone()):
    print("{:8.2f} s  {}  {} %".format(time_ms / 1000, word, score))
