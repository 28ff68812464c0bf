"""The engine compiled for WebAssembly, run under Node."""

from __future__ import annotations

import base64
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np

from smidgen.blob import Blob
from smidgen.sim.engine import wasm_path
from smidgen.sim.runtime import node_command

RUNNER = Path(__file__).with_suffix(".mjs")


def run_wasm(jobs: list[tuple[bytes, list[list[np.ndarray]]]]) -> list[list[list[bytes]]]:
    """jobs: (a `.smg` file, the inputs of successive inferences). Returns the outputs of each inference of each job.

    Models whose outputs are constants are not for it.
    """
    described = json.dumps([_described(content, sequence) for content, sequence in jobs])
    command = [*node_command(), str(RUNNER), str(wasm_path())]
    result = subprocess.run(command, input=described, capture_output=True, text=True, timeout=120)
    if result.returncode != 0:
        raise RuntimeError(result.stderr)
    return [[[base64.b64decode(y) for y in outputs] for outputs in job] for job in json.loads(result.stdout)]


def _described(content: bytes, sequence: list[list[np.ndarray]]) -> dict[str, Any]:
    blob = Blob.from_bytes(content)
    inputs, outputs = blob.tensors[: blob.input_count], blob.tensors[blob.input_count :][: blob.output_count]
    return {
        "file": _text(content),
        "arena": blob.arena_size,
        "state": len(blob.state),
        "inputs": [(t.place.lower(), t.offset) for t in inputs],
        "outputs": [(t.place.lower(), t.offset, t.nbytes) for t in outputs],
        "sequence": [[_text(x.tobytes()) for x in values] for values in sequence],
    }


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
