"""Where a model's time goes."""

try:
    from time import ticks_diff, ticks_us
except ImportError:  # CPython
    from time import perf_counter

    def ticks_us():
        return perf_counter() * 1e6

    def ticks_diff(end, start):
        return end - start


from . import _format as fmt
from .blob import Blob


def operator_names(content):
    """Name of each operator of a file, in order."""
    names = {getattr(fmt, name): name[3:] for name in dir(fmt) if name.startswith("OP_")}
    section = Blob(content).section(fmt.SECTION_OPERATORS)
    found = []
    at = 0
    while at < len(section):
        found.append(names[section[at]])
        at += section[at + 3] * 4
    return found


def profile(model):
    """Step a model, whose inputs are filled, through one inference: a list of (operator, milliseconds)."""
    found = []
    for name in operator_names(model.blob.content):
        start = ticks_us()
        model.step()
        found.append((name, ticks_diff(ticks_us(), start) / 1000))
    return found
