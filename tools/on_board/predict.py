# Runs on an emulated board whose clock counts instructions: prints, for each model, ticks of the timer for one
# inference by Model.predict, and for the engine's own call in it.
import gc
import os

from machine import mem32

from smidgen import Model

CONTROL, RELOAD, CURRENT = 0xE000E010, 0xE000E014, 0xE000E018  # SysTick, which counts down
RANGE = 0xFFFFFF


def ticks(function, *arguments):
    gc.collect()
    mem32[CURRENT] = 0
    function(*arguments)
    return RANGE - mem32[CURRENT]


mem32[RELOAD] = RANGE
mem32[CONTROL] = 5  # the processor's clock, no interrupt
nothing = ticks(gc.enable)
for name in sorted(os.listdir("models")):
    model = Model("models/" + name)
    x, out = bytes(len(model.inputs[0].data)), bytearray(len(model.outputs[0].data))
    model.predict(x, out)
    model.predict(x, out)  # a stream's first inference, and what is set up once
    whole = ticks(model.predict, x, out) - nothing
    model.inputs[0].fill(x)  # the same values: saturating takes other branches
    call = ticks(model._engine.invoke) - nothing
    print("predict", name, whole, call)
print("end")
