"""Instructions of a model on a Cortex-M4, a Cortex-M33 or an RV32IMC core, counted by QEMU.

QEMU runs an instruction a nanosecond of its own time (-icount shift=0), which the machine's counter then counts: exact
on RV32, in steps of 40 or 50 instructions on Cortex-M. Instructions are not cycles: a load may take two, a taken branch
three, and flash may keep the core waiting. They compare kernels; they do not tell milliseconds.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from smidgen import _format as fmt
from smidgen.bench.image import build
from smidgen.bench.inputs import random_input
from smidgen.bench.targets import Target
from smidgen.blob import Blob
from smidgen.convert.pack import unpack
from smidgen.engine import Engine
from smidgen.errors import SmidgenError

PACKAGES = {"qemu-system-arm": "qemu-system-arm", "qemu-system-riscv32": "qemu-system-misc"}
LIMIT_S = 300


@dataclass(frozen=True)
class OperatorInstructions:
    """One operator of one inference."""

    name: str
    instructions: int


@dataclass(frozen=True)
class Count:
    """What one inference costs. resolution: what the instructions are counted in."""

    target: str
    instructions: int
    resolution: int
    macs: int
    arena_bytes: int
    operators: list[OperatorInstructions]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def installed(target: Target) -> bool:
    """Whether the target's emulator is here."""
    return shutil.which(target.machine[0]) is not None


def count(content: bytes, source: str, target: Target, plain: bool = False) -> Count:
    """Instructions of one inference of a `.smg` file on a seeded random input, by the target's fastest kernels, or the
    plain ones. The outputs must be those of the host's engine.

    Raises ModelError when the engine refuses the file, SmidgenError when QEMU is missing or the outputs differ.
    """
    blob = unpack(Blob.from_bytes(content, source))
    engine = Engine(blob.to_bytes(), source)
    inputs = random_input(engine)
    expected = [y.tobytes() for y in engine.invoke(inputs)]
    lines = _run(build(blob, target, plain), blob, b"".join(x.tobytes() for x in inputs), target)
    outputs = [bytes.fromhex(words[1]) for words in lines if words[0] == "output"]
    results = [(int(words[1]), int(words[2]) * target.tick) for words in lines if words[0] != "output"]
    for result, _ in results:
        if result < 0:
            raise fmt.error_for(result, source)
    if outputs != expected:
        raise SmidgenError(f"{source}: outputs on {target.title} differ from the host's; this is a defect of Smidgen")
    steps = results[2:]
    operators = [OperatorInstructions(op.name, n) for op, (_, n) in zip(blob.operators, steps, strict=True)]
    total = sum(operator.instructions for operator in operators)
    return Count(target.name, total, target.tick, blob.macs, blob.arena_size, operators)


def _run(image: Path, blob: Blob, inputs: bytes, target: Target) -> list[list[str]]:
    """The lines that the program prints, as words."""
    command, machine = target.machine
    if shutil.which(command) is None:
        raise SmidgenError(f"{command} is not installed; on Debian: apt-get install {PACKAGES[command]}")
    content = blob.to_bytes()
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "model.bin"
        model.write_bytes(struct.pack("<II", len(content), len(inputs)) + content + inputs)
        line = [command, "-machine", machine, "-display", "none", "-monitor", "none", "-serial", "none"]
        line += ["-semihosting-config", "enable=on,target=native", "-icount", "shift=0,sleep=off"]
        line += ["-kernel", str(image), "-device", f"loader,file={model},addr={target.model:#x},force-raw=on"]
        line += ["-bios", "none"] if command == "qemu-system-riscv32" else []
        done = subprocess.run(line, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=LIMIT_S)
    if done.returncode != 0:
        raise SmidgenError(f"{command} failed; it says:\n{done.stderr}")
    return [text.split() for text in (done.stdout + done.stderr).splitlines()]
