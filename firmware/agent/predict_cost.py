# What MicroPython takes around the C engine for Model.predict. Runs on an emulated Cortex-M0 whose clock counts
# instructions; prints ticks of that clock: "predict N" for one inference, "engine N" for the engine's own call in it.
import gc

from machine import mem32

from smidgen import Model

RELOAD, COUNTER, MASK = 0xE000E014, 0xE000E018, 0xFFFFFF  # SysTick counts down


def ticks(function, *arguments):
    gc.collect()
    before = mem32[COUNTER]
    function(*arguments)
    return (before - mem32[COUNTER]) & MASK


before = mem32[RELOAD]
mem32[RELOAD] = MASK
mem32[COUNTER] = 0
nothing = ticks(gc.enable)
model = Model("model.smg")
x, out = bytes(len(model.inputs[0].data)), bytearray(len(model.outputs[0].data))
model.predict(x, out)
model.predict(x, out)  # a stream's first inference, and what is set up once
whole = ticks(model.predict, x, out) - nothing
model.inputs[0].fill(x)  # the same values: saturating takes other branches
engine = ticks(model._engine.invoke) - nothing
mem32[RELOAD] = before
print("predict", whole)
print("engine", engine)
