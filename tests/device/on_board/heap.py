# Runs on a board: bytes of heap that the small native module takes.
import gc
import sys

sys.path.insert(0, "cnn")
gc.collect()
before = gc.mem_alloc()
import _smidgen  # noqa: E402

gc.collect()
print(gc.mem_alloc() - before, _smidgen.ENGINE)
