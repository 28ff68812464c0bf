"""Looks through the camera and tells what comes into view, and when it goes. An LED shines as long as it is there.

The same file runs on a board with a camera and on a simulated one. It needs the smidgen package and a model.smg beside
it:

    smidgen deploy model.smg
"""

import time

from smidgen import Camera, Model, SensorError, Viewer

model = Model("model.smg")
print("looking for", ", ".join(model.labels[1:]), "with the", model.engine, "engine")

try:
    from machine import Pin

    led = Pin("LED", Pin.OUT)
except (ImportError, ValueError, TypeError):  # no LED by that name
    led = None

viewer = Viewer(model, Camera())
looking = True
while looking:
    try:
        for seen, score, time_ms in viewer:
            print("{:8.2f} s  {}".format(time_ms / 1000, "{}  {} %".format(seen, score) if seen else "gone"))
            if led:
                led.value(seen is not None)
        looking = False  # a recording ends, a camera does not
    except SensorError as error:
        print(error)
        time.sleep(1)
