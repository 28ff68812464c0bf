"""Cycles of the filter behind an RP2040's PDM microphone, a sample: the figure in docs/keyword-spotting.md.

python tools/bench_microphone.py      print it; exit 1 where the emulated chip's samples are not the host's
"""

from __future__ import annotations

import random
from array import array
from collections.abc import Callable
from functools import partial
from pathlib import Path

from smidgen.bench.viper import Chip
from smidgen.python_engine import board_module

FILTER = Path(__file__).resolve().parent.parent / "firmware" / "lib" / "smidgen" / "viper_sound.py"
HOP = 160  # samples that are read at once: 10 ms
PIECE = 256  # of two values a sample, as rp2_inputs.py asks for them
CENTRE = 32768

loops = board_module("sound_loops")


def read(sinc: Callable, halve: Callable, bits, table, state, half, out) -> None:
    """A hop, as rp2_inputs.py makes it. Arrays for the functions on the host, addresses for those on the chip."""
    for done in range(0, 2 * HOP, PIECE):
        count = min(PIECE, 2 * HOP - done)
        sinc(0, 0, bits, 8 * done, count, table, state, half, loops.TAPS - 1 + done)
    halve(half, 0, out, HOP, CENTRE)


def cycles(source: Path = FILTER) -> float:
    """A sample's, mean of a hop of random bits. source: the file of viper functions."""
    bits, table = array("B", random.Random(0).randbytes(16 * HOP)), loops.sinc_table()
    state, out = array("i", bytes(4 * loops.SINC)), array("h", bytes(2 * HOP))
    half = array("i", [CENTRE] * (loops.TAPS - 1 + 2 * HOP))
    chip = Chip(source)
    places = [chip.put(part.tobytes()) for part in (bits, table, state, half, out)]
    sinc, halve = (partial(chip.call, function) for function in chip.functions[:2])
    read(sinc, halve, *places)
    counted = chip.run()
    read(loops.sinc, loops.halve, bits, table, state, half, out)
    if chip.get(places[-1], 2 * HOP) != out.tobytes():
        raise SystemExit("bench: the emulated chip's samples are not the host's")
    return sum(counted) / HOP


if __name__ == "__main__":
    print(f"a PDM microphone's filter: {cycles():,.0f} cycles a sample")
