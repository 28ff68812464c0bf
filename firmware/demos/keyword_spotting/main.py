"""Listens for keywords and prints each one, with how sure it is and when it was said.

The same file runs on a board and on a simulated one. It needs the smidgen package and a model.smg beside it:

    smidgen deploy model.smg
"""

from smidgen import Listener, Microphone, Model

model = Model("model.smg")
words = [label for label in model.labels if label[0] != "_"]
print("listening for", ", ".join(words), "with the", model.engine, "engine")

for word, score, time_ms in Listener(model, Microphone()):
    print("{:8.2f} s  {}  {} %".format(time_ms / 1000, word, score))
