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
from smidgen.bench.image import build, build_without_operators
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
    """One operator of one inference.

    cycles: until it is done. work: of all cores together, the same with one. shared: how often a core hands half of
    the work to the other.
    """

    name: str
    cycles: int
    work: int
    shared: int


@dataclass(frozen=True)
class Report:
    """What one inference costs. Bytes and cycles, exact with one core.

    code_bytes: all that is linked; operator_bytes: what of it the model's operators add to the engine.

    With two cores, the halves of shared work are counted one by one and the longer one is taken: what handing over
    costs, and waiting for memory that the other core uses, is not counted.
    """

    cores: int
    cycles: int
    macs: int
    code_bytes: int
    operator_bytes: int
    data_bytes: int
    arena_bytes: int
    state_bytes: int
    stack_bytes: int
    file_bytes: int
    open_cycles: int
    operators: list[OperatorCycles]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def measure(content: bytes, source: str = "", plain: bool = False, keep_size: bool = False, cores: int = 1) -> Report:
    """Cycles of one inference of a `.smg` file on a seeded random input, packed for the chip. The outputs must be those
    of the host's engine.

    plain: the model as it is, by the kernels that run everywhere. keep_size: packed without growing. cores: 1 or 2.
    Raises ModelError when the engine refuses the file, SmidgenError when the emulated chip gives other bytes.
    """
    engine = Engine(unpack(Blob.from_bytes(content, source)).to_bytes(), source)
    blob = engine.blob if plain else pack(engine.blob, "ARMV6M", keep_size)
    content = blob.to_bytes()
    inputs = random_input(engine)
    expected = b"".join(y.tobytes() for y in engine.invoke(inputs))
    image = build(blob, TARGETS["rp2040"], plain)
    counted = _emulate(image, blob, cores, b"".join(x.tobytes() for x in inputs))
    if counted["error"]:
        raise fmt.error_for(counted["error"], source)
    if base64.b64decode(counted["outputs"]) != expected:
        raise SmidgenError(
            f"{source}: the emulated chip's outputs differ from the host engine's; this is a defect of Smidgen"
        )
    names = [op.name for op in blob.operators]
    operators = [OperatorCycles(name, *step) for name, step in zip(names, counted["steps"], strict=True)]
    code = image.stat().st_size
    operators_code = code - build_without_operators(TARGETS["rp2040"]).stat().st_size
    sizes = code, operators_code, len(blob.data), blob.arena_size, len(blob.state), counted["stack"], len(content)
    cycles = sum(operator.cycles for operator in operators)
    return Report(cores, cycles, blob.macs, *sizes, counted["open"], operators)


def _emulate(image: Path, blob: Blob, cores: int, inputs: bytes) -> dict[str, Any]:
    outputs = blob.tensors[blob.input_count :][: blob.output_count]
    layout = {
        "cores": cores,
        "inputs": [(t.offset, t.nbytes) for t in blob.tensors[: blob.input_count]],
        "outputs": [(t.place, t.offset, t.nbytes) for t in outputs],
        "end": blob.arena_size + len(blob.state) + STACK_ROOM,
    }
    with tempfile.TemporaryDirectory() as folder:
        model, values = Path(folder) / "model.smg", Path(folder) / "input.bin"
        model.write_bytes(blob.to_bytes())
        values.write_bytes(inputs)
        return run_script("emulate.mjs", image, model, values, json.dumps(layout))


def run_script(name: str, *arguments: str | Path) -> dict[str, Any]:
    """What one of the emulator's scripts beside this file prints, which are given the emulator first."""
    command = [*node_command(), Path(__file__).with_name(name), node_module("rp2040js"), *arguments]
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if result.returncode != 0:
        raise SmidgenError(f"the emulator failed; it says:\n{result.stderr}")
    return json.loads(result.stdout)
