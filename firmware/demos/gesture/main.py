"""Watches for gestures and prints each one, with how sure it is and when it was made.

The same file runs on a board with an accelerometer on its I2C pins and on a simulated one. It needs the smidgen package
and a model.smg beside it:

    smidgen deploy model.smg
"""

import time

from smidgen import IMU, Model, SensorError, Watcher

model = Model("model.smg")
gestures = [label for label in model.labels if label != "negative"]
print("watching for", ", ".join(gestures), "with the", model.engine, "engine")

watcher = Watcher(model, IMU())
watching = True
while watching:
    try:
        for gesture, score, time_ms in watcher:
            print("{:8.2f} s  {}  {} %".format(time_ms / 1000, gesture, score))
        watching = False  # a recording ends, a sensor does not
    except SensorError as error:
        print(error)
        time.sleep(1)
