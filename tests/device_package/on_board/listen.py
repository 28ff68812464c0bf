# Runs on a board: prints each detection of /keyword.smg in /speech.wav, with the C engine and in Python alone.
import gc

from smidgen import Listener, Model, Recorded

for engine in ("c", "python"):
    listener = Listener(Model("/keyword.smg", engine=engine), Recorded("/speech.wav"))
    for word, score, time_ms in listener:
        print(engine, word, score, time_ms)

# Once round to have everything loaded, then a stream must not use up memory.
listener = Listener(Model("/keyword.smg"), Recorded("/speech.wav"))
used = []
for _ in range(3):
    listener.reset()
    listener._microphone = Recorded("/speech.wav")
    for _ in listener:
        pass
    gc.collect()
    used.append(gc.mem_alloc())
print("growth", used[-1] - used[0])
