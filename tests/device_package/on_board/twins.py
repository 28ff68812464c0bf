# Runs in MicroPython with a native emitter. Each models/NAME.smg with NAME.in gives NAME.out: in C, and in Python with
# viper loops and with plain ones. Each front end sounds/NAME.section gives the same rows with all three.
# Each pictures/NAME.section gives of NAME.frame, KIND WIDTH HEIGHT in NAME.size, the bytes of NAME.out.
import os
from array import array

from smidgen._frontend import Stream
from smidgen.frontend import FrontEnd
from smidgen.loops import MACHINE_CODE
from smidgen.picture import PictureFrontEnd
from smidgen.sound_loops import SINC, TAPS, sinc_table
from use_loops import module, use

from smidgen import Model


def content(path):
    with open(path, "rb") as file:
        return file.read()


def names(folder, ending):
    return sorted(name[: -len(ending)] for name in os.listdir(folder) if name.endswith(ending))


def outputs(path, engine, source):
    """Two inferences of a model, so that the second one finds what the first one left."""
    model = Model(path, engine=engine)
    for _ in range(2):
        at = 0
        for tensor in model.inputs:
            tensor.fill(source[at : at + len(tensor.data)])
            at += len(tensor.data)
        model.invoke()
    return b"".join(bytes(tensor.data) for tensor in model.outputs)


def rows(stream, channels, samples):
    out, found, at = bytearray(channels), b"", 0
    while at < len(samples):
        at += stream.feed(samples, at, len(samples))
        while stream.frame(out, 0):
            found += bytes(out)
    return found


def seen(path):
    kind, width, height = str(content(path + ".size"), "ascii").split()
    expected = content(path + ".out")
    out = bytearray(len(expected))
    PictureFrontEnd(content(path + ".section")).see(content(path + ".frame"), int(width), int(height), kind, out)
    return "same" if out == expected else "differs"


def filtered(loops, bits):
    """A PDM microphone's bits through a module's filters, and the same bytes as an ADC's words: int16 samples."""
    count = len(bits) // 16
    half, state = array("i", bytes(4 * (TAPS - 1 + 2 * count))), array("i", bytes(4 * SINC))
    out, words = array("h", bytes(2 * count)), array("h", bytes(2 * count))
    for at in (0, count):
        loops.sinc(0, 0, bits, 8 * at, count, sinc_table(), state, half, TAPS - 1 + at)
    sums = [loops.halve(half, 0, out, count, 32000), loops.centre(bits, 8, count - 4, words, 4, 30000)]
    return out, words, half, sums


print("machine code", MACHINE_CODE)
for name in names("models", ".smg"):
    source, expected = content("models/" + name + ".in"), content("models/" + name + ".out")
    verdicts = []
    for engine, twin in (("c", "viper"), ("python", "viper"), ("python", "plain")):
        use(twin)
        verdicts.append("same" if outputs("models/" + name + ".smg", engine, source) == expected else "differs")
    print(name, *verdicts)
samples = array("h", content("sounds/samples"))
for name in names("sounds", ".section"):
    section = bytearray(content("sounds/" + name + ".section"))
    front_end = FrontEnd(section)
    expected = rows(front_end, front_end.channels, samples)
    verdicts = [len(expected) // front_end.channels]
    for twin in ("viper", "plain"):
        use(twin)
        verdicts.append("same" if rows(Stream(section), front_end.channels, samples) == expected else "differs")
    print(name, *verdicts)
for name in names("pictures", ".section"):
    verdicts = []
    for twin in ("viper", "plain"):
        use(twin)
        verdicts.append(seen("pictures/" + name))
    print(name, *verdicts)
bits = content("sounds/bits")
same = filtered(module("plain_sound"), bits) == filtered(module("viper_sound"), bits)
print("microphone", "same" if same else "differs")
