# Runs on a board: prints each detection of /keyword.smg in /speech.wav, with the C engine and in Python alone.
from smidgen import Listener, Model, Recorded

for engine in ("c", "python"):
    for word, score, time_ms in Listener(Model("/keyword.smg", engine=engine), Recorded("/speech.wav")):
        print(engine, word, score, time_ms)
