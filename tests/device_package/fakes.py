"""What stands in for a board's firmware, shared by the tests of drivers."""

from __future__ import annotations

import sys
import types

import pytest


class Firmware:
    """The modules that a board's firmware has, as far as the drivers use them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch):
        self._patch = monkeypatch

    def add(self, name: str, **members: object) -> types.ModuleType:
        module = types.ModuleType(name)
        vars(module).update(members)
        self._patch.setitem(sys.modules, name, module)
        return module

    def name(self, machine: str) -> None:
        self._patch.setattr(sys.implementation, "_machine", machine, raising=False)


class Pin:
    IN, OUT, PULL_DOWN = "in", "out", "down"
    made: list[tuple] = []  # noqa: RUF012  # as long as a test

    def __init__(self, number, *how, **kept):
        self.number = number
        self.made.append((number, *how, *kept.values()))


class Clock:
    """MicroPython's time, which passes only when somebody sleeps. now: microseconds."""

    def __init__(self):
        self.now = 1_000_000

    def ticks_ms(self):
        return self.now // 1000

    def ticks_us(self):
        return self.now

    def ticks_diff(self, later, earlier):
        return later - earlier

    def ticks_add(self, ticks, delta):
        return ticks + delta

    def sleep_ms(self, duration):
        self.now += 1000 * duration

    def sleep_us(self, duration):
        self.now += duration
