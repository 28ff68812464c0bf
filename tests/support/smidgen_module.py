"""The C module `_smidgen` on this interpreter: what firmware/lib/smidgen/README.md lists, over the host's engine."""

from __future__ import annotations

import ctypes
import types
from collections.abc import Callable
from typing import Any

from smidgen._build import load_library
from smidgen.engine import MODEL_BYTES


def address(buffer: Any) -> int:
    """Where a writable buffer lies; 0 for an empty one."""
    view = memoryview(buffer)
    return ctypes.addressof(ctypes.c_char.from_buffer(view.cast("B"))) if view.nbytes else 0


def _function(name: str, arguments: list[Any], result: Any = ctypes.c_int32) -> Callable[..., int]:
    function = ctypes.CFUNCTYPE(result, *arguments)((name, load_library()))
    return lambda *values: function(*values)


def _model_functions() -> dict[str, Any]:
    library, pointer, size = load_library(), ctypes.c_void_p, ctypes.c_size_t
    kernels = ctypes.addressof(ctypes.c_char.in_dll(library, "smg_all_kernels"))
    count = ctypes.c_size_t.in_dll(library, "smg_all_kernel_count")
    smg_open = _function("smg_open", [pointer, pointer, size, pointer, size])
    smg_bind = _function("smg_bind", [pointer, pointer, size, pointer, size])
    simple = {
        name: _function(f"smg_{name}", [pointer]) for name in ("arena_size", "state_size", "reset", "step", "invoke")
    }
    return {
        "handle_size": lambda: MODEL_BYTES,
        "open": lambda handle, blob: smg_open(address(handle), address(blob), len(blob), kernels, count),
        "bind": lambda handle, arena, state: smg_bind(
            address(handle), address(arena), len(arena), address(state), len(state)
        ),
        **{name: lambda handle, function=function: function(address(handle)) for name, function in simple.items()},
    }


def _audio_functions() -> dict[str, Any]:
    pointer, size = ctypes.c_void_p, ctypes.c_size_t
    audio_open = _function("smg_audio_open", [pointer, size])
    audio_reset = _function("smg_audio_reset", [pointer, pointer])
    audio_feed = _function("smg_audio_feed", [pointer, pointer, pointer, size])
    audio_frame = _function("smg_audio_frame", [pointer, pointer, pointer, pointer])
    return {
        "audio_open": lambda section: audio_open(address(section), len(section)),
        "audio_reset": lambda section, state: audio_reset(address(section), address(state)),
        "audio_feed": lambda section, state, samples, start, end: audio_feed(
            address(section), address(state), address(samples) + 2 * start, end - start
        ),
        "audio_frame": lambda section, state, out, at: audio_frame(
            address(section), address(state), address(out) + at, None
        ),
    }


def smidgen_module() -> types.ModuleType:
    """A new `_smidgen`. Read-only buffers (bytes) cannot be passed: ctypes has no address for them."""
    module = types.ModuleType("_smidgen")
    module.__dict__.update(_model_functions(), **_audio_functions(), ENGINE="native")
    return module
