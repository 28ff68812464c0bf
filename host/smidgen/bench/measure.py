"""Run a model in the emulator and read what it counted."""

from __future__ import annotations

import base64
import json
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from smidgen import _format as fmt
from smidgen.bench.image import build
from smidgen.bench.inputs import random_input
from smidgen.bench.targets import TARGETS
from smidgen.blob import Blob
from smidgen.convert.pack import pack, unpack
from smidgen.engine import Engine
from smidgen.errors import SmidgenError
from smidgen.sim.runtime import node_command, node_module

STACK_ROOM = 64  # bytes above the arena and the state that the program itself may touch


@dataclass(frozen=True)
class OperatorCycles:
    """One operator of one inference."""

    name: str
    cycles: int


@dataclass(frozen=True)
class Report:
    """What one inference costs on one core. Bytes and cycles, exact."""

    cycles: int
    macs: int
    code_bytes: int
    data_bytes: int
    arena_bytes: int
    state_bytes: int
    stack_bytes: int
    file_bytes: int
    open_cycles: int
    operators: list[OperatorCycles]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(content: bytes, source: str = "", plain: bool = False, keep_size: bool = False) -> Report:
    """Cycles of one inference of a `.smg` file on a seeded random input, packed for the chip. The outputs must be those
    of the host's engine.

    plain: the model as it is, by the kernels that run everywhere. keep_size: packed without growing. Raises ModelError
    when the engine refuses the file, SmidgenError when the emulated chip gives other bytes.
    """
    engine = Engine(unpack(Blob.from_bytes(content, source)).to_bytes(), source)
    blob = engine.blob if plain else pack(engine.blob, "ARMV6M", keep_size)
    content = blob.to_bytes()
    inputs = random_input(engine)
    expected = b"".join(y.tobytes() for y in engine.invoke(inputs))
    image = build(blob, TARGETS["rp2040"], plain)
    counted = _emulate(image, blob, b"".join(x.tobytes() for x in inputs))
    if counted["error"]:
        raise fmt.error_for(counted["error"], source)
    if base64.b64decode(counted["outputs"]) != expected:
        raise SmidgenError(
            f"{source}: the emulated chip's outputs differ from the host engine's; this is a defect of Smidgen"
        )
    names = [op.name for op in blob.operators]
    operators = [OperatorCycles(n, c) for n, c in zip(names, counted["steps"], strict=True)]
    sizes = image.stat().st_size, len(blob.data), blob.arena_size, len(blob.state), counted["stack"], len(content)
    return Report(sum(counted["steps"]), blob.macs, *sizes, counted["open"], operators)


def _emulate(image: Path, blob: Blob, inputs: bytes) -> dict[str, Any]:
    outputs = blob.tensors[blob.input_count :][: blob.output_count]
    layout = {
        "inputs": [(t.offset, t.nbytes) for t in blob.tensors[: blob.input_count]],
        "outputs": [(t.place, t.offset, t.nbytes) for t in outputs],
        "end": blob.arena_size + len(blob.state) + STACK_ROOM,
    }
    with tempfile.TemporaryDirectory() as folder:
        model, values = Path(folder) / "model.smg", Path(folder) / "input.bin"
        model.write_bytes(blob.to_bytes())
        values.write_bytes(inputs)
        files = [str(p) for p in (image, model, values, node_module("rp2040js"))]
        return run_script("emulate.mjs", [*files, json.dumps(layout)])


def run_script(name: str, arguments: list[str]) -> dict[str, Any]:
    """What one of the emulator's scripts beside this file prints."""
    script = Path(__file__).with_name(name)
    result = subprocess.run([*node_command(), str(script), *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise SmidgenError(f"the emulator failed; it says:\n{result.stderr}")
    return json.loads(result.stdout)
