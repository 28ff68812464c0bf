# Runs where MicroPython makes machine code: the time of an inference and of the front end, plain and in viper.
from array import array
from time import ticks_diff, ticks_us

from smidgen._frontend import Stream
from use_loops import use

from smidgen import Model
from smidgen.files import find


def content(name):
    with open(find(name), "rb") as file:
        return bytearray(file.read())


def front_end():
    stream, at = Stream(section), 0
    while at < len(samples):
        at += stream.feed(samples, at, len(samples))
        while stream.frame(row, 0):
            pass


model = Model("speed.smg", engine="python")
section, samples, row = content("speed.section"), array("h", content("speed.raw")), bytearray(256)
for what, function in (("inference", model.invoke), ("front end", front_end)):
    times = []
    for twin in ("plain", "viper"):
        use(twin)
        start = ticks_us()
        function()
        times.append(ticks_diff(ticks_us(), start))
    print("%s: %d us plain, %d us viper: %.1f times" % (what, times[0], times[1], times[0] / times[1]))
