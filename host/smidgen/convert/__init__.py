"""`.tflite` -> graph -> program -> plan -> `.smg`.

blob = convert(Path("model.tflite").read_bytes(), "model.tflite")
Path("model.smg").write_bytes(blob.to_bytes())
"""

from __future__ import annotations

from smidgen.blob import Blob
from smidgen.convert.elide import drop_unread, elide
from smidgen.convert.emit import emit
from smidgen.convert.fold_add import fold_adds
from smidgen.convert.fold_channels import fold_channels
from smidgen.convert.fold_dense import fold_dense
from smidgen.convert.fold_lookup import fold_lookups
from smidgen.convert.fold_pad import fold_pads
from smidgen.convert.lower import lower
from smidgen.convert.plan import plan
from smidgen.convert.read import read
from smidgen.convert.stream import stream

__all__ = ["convert", "read"]


def convert(content: bytes, source: str, sections: dict[str, bytes] | None = None, hop: int | None = None) -> Blob:
    """A `.tflite` file's bytes as a canonical, portable model.

    source: names the file in errors. sections: further sections by name (AUDIO, LABELS, DETECTION, CARD, ...). hop:
    make it a stream of steps of so many frames (see `stream`). Raises ConvertError that lists everything the engine
    cannot run.
    """
    graph = read(content, source)
    program = lower(fold_pads(graph if hop is None else stream(graph, hop)))
    fold_lookups(program)
    fold_channels(program)
    fold_adds(program)
    fold_dense(program)
    drop_unread(program)
    elide(program, lambda trial: plan(trial, restarts=0).size)
    blob = emit(program, plan(program))
    blob.sections.update(sections or {})
    return blob
