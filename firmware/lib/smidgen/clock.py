"""Microseconds: of MicroPython's `time`, or the same of CircuitPython's."""

try:
    from time import sleep_us, ticks_add, ticks_diff, ticks_us
except ImportError:
    from time import monotonic_ns, sleep

    def ticks_us():
        return monotonic_ns() // 1000

    def ticks_add(ticks, delta):
        return ticks + delta

    def ticks_diff(later, earlier):
        return later - earlier

    def sleep_us(duration):
        sleep(duration / 1000000)


__all__ = ("sleep_us", "ticks_add", "ticks_diff", "ticks_us")
