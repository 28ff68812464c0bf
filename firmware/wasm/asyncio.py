# asyncio as a board has it. The build's own, frozen into it, hands its tasks to a web page's event loop and has no
# `run`; this one loads it, keeps it from the page's timers, and adds the loop.

import sys
import time


def _frozen():
    """The build's own package: what the name means without this file."""
    del sys.modules["asyncio"]
    sys.path.remove("/.board")
    import asyncio

    return asyncio


_package = _frozen()
_core = sys.modules["asyncio.core"]
_core._schedule_run_iter = lambda milliseconds: None
_core.new_event_loop()  # its queue calls the function above


async def _into(result, coro):
    try:
        result.append(await coro)
    except BaseException as error:
        result.append(error)


def _turn():
    """Sleep until a task is due and run those that are."""
    first = _core._task_queue.peek()
    if first:
        time.sleep_ms(max(0, time.ticks_diff(first.ph_key, time.ticks_ms())))
    _core._run_iter()


def run_until_complete(coro):
    result = []
    _core.create_task(_into(result, coro))
    while not result:
        _turn()
    if isinstance(result[0], BaseException):
        raise result[0]
    return result[0]


def run_forever():
    while True:
        _turn()


run = run_until_complete
_core.Loop.run_until_complete = run_until_complete
_core.Loop.run_forever = run_forever
_package.run = run
globals().update({name: value for name, value in _package.__dict__.items() if name[:2] != "__"})


def __getattr__(name):
    return getattr(_package, name)
