# Runs on a board: what it says of native modules that are not for it, each in a folder of its own.
import sys

from smidgen.c_module import c_module

from smidgen.errors import EngineError

for name in ("architecture", "version", "cut"):
    sys.modules.pop("_smidgen", None)
    sys.path.insert(0, "wrong/" + name)
    try:
        print("%s: %s" % (name, c_module()))
    except EngineError as error:
        print("%s: %s" % (name, error.args[-1]))
    sys.path.pop(0)
print("alive")
