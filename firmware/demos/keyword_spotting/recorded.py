"""Listens to a recording on the board's own filesystem: `smidgen listen FILE.wav --board PORT` copies it there."""

from smidgen import Listener, Model, Recorded

for word, score, time_ms in Listener(Model("recorded.smg"), Recorded("recorded.raw")):
    print("{:8.2f} s  {}  {} %".format(time_ms / 1000, word, score))
