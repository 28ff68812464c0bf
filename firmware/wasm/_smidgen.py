# The C engine of a simulated board. Same face as everywhere (firmware/lib/smidgen/README.md); the C side gets each
# buffer as address and size, and works in this board's own heap.

import _host
from _sim import nbytes
from uctypes import addressof

ENGINE = "wasm"
_engine = _host.engine

handle_size = _engine.handle_size
_open = _engine.open
_arena_size = _engine.arena_size
_state_size = _engine.state_size
_bind = _engine.bind
_reset = _engine.reset
_step = _engine.step
_invoke = _engine.invoke
_audio_open = _engine.audio_open
_audio_reset = _engine.audio_reset
_audio_feed = _engine.audio_feed
_audio_frame = _engine.audio_frame


def open(handle, blob):
    return _open(addressof(handle), len(handle), addressof(blob), nbytes(blob))


def arena_size(handle):
    return _arena_size(addressof(handle), len(handle))


def state_size(handle):
    return _state_size(addressof(handle), len(handle))


def bind(handle, arena, state):
    return _bind(addressof(handle), len(handle), addressof(arena), nbytes(arena), addressof(state), nbytes(state))


def reset(handle):
    return _reset(addressof(handle), len(handle))


def step(handle):
    return _step(addressof(handle), len(handle))


def invoke(handle):
    return _invoke(addressof(handle), len(handle))


def audio_open(section):
    return _audio_open(addressof(section), nbytes(section))


def audio_reset(section, state):
    return _audio_reset(addressof(section), nbytes(section), addressof(state), nbytes(state))


def audio_feed(section, state, samples, start, end):
    return _audio_feed(
        addressof(section),
        nbytes(section),
        addressof(state),
        nbytes(state),
        addressof(samples),
        nbytes(samples),
        start,
        end,
    )


def audio_frame(section, state, out, at):
    return _audio_frame(
        addressof(section), nbytes(section), addressof(state), nbytes(state), addressof(out), nbytes(out), at
    )
