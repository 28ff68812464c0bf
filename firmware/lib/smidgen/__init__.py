"""Machine learning on a MicroPython board.

    from smidgen import Listener, Microphone, Model

    for word, score, time_ms in Listener(Model("model.smg"), Microphone()):
        print(word, score, time_ms)

`Watcher` and `IMU` do the same for gestures, `Monitor` for machines, `Viewer` and `Camera` for pictures. Names are
loaded when a program first asks for one, so that it pays with memory only for what it uses.
"""

__version__ = "0.1.0"  # where circup looks for it

_HOMES = {
    "Camera": "camera",
    "IMU": "imu",
    "Listener": "listener",
    "Microphone": "microphone",
    "Model": "model",
    "ModelError": "errors",
    "Monitor": "monitor",
    "Recorded": "microphone",
    "RecordedMotion": "motion",
    "RecordedPictures": "camera",
    "SensorError": "errors",
    "SmidgenError": "errors",
    "Viewer": "viewer",
    "Watcher": "watcher",
}


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(name)
    module = __import__(_HOMES[name], globals(), None, (name,), 1)
    value = globals()[name] = getattr(module, name)
    return value
