"""The windowed Xtensa code, object for object that of the ESP32's module, on two emulated cores without any system:
every sample gives the host's bytes while a timer interrupt spills all register windows again and again."""

from __future__ import annotations

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from smidgen.engine import Engine
from tests.engine.test_samples import SAMPLES, converted, results, sequence
from tests.support.debian import micropython, need, tool

PROGRAM = Path(__file__).parent / "xtensa"
RAM = {"de212": "0x60000000", "dc233c": "0x00010000"}  # where each core has memory
INTERRUPTS = 1000  # at least, in a run

build = tool("native")


def padded(content: bytes) -> bytes:
    return content + bytes(-len(content) % 8)


def cases() -> bytes:
    """Every sample as xtensa/main.c reads it."""
    parts = [struct.pack("<II", len(SAMPLES), 0)]
    for name in SAMPLES:
        file, inputs = converted(name), sequence(name)
        parts += [struct.pack("<II", len(file), len(inputs)), padded(file)]
        for values, outputs in zip(inputs, results(Engine(file, name), inputs), strict=True):
            parts.append(padded(b"".join(x.tobytes() for x in values) + b"".join(outputs)))
    return b"".join(parts)


@pytest.fixture(scope="module")
def objects(tmp_path_factory) -> list[str]:
    """The engine's objects as the module has them, and the program."""
    need("native")
    need("boards")
    work = tmp_path_factory.mktemp("xtensa")
    made = build._compile_all("xtensawin", micropython(), work)
    wanted = ("engine/", "native/xtensa/", "full/table")
    engine = [path for name, path in made.items() if name.startswith(wanted)]
    (work / "cases.bin").write_bytes(cases())
    for source in ("main.c", "start.S"):
        flags = [*build.FLAGS, "-O2", *build.TARGETS["xtensawin"].flags, f"-I{build.ENGINE}"]
        # The compiler would make calls to a C library of its loops.
        command = ["xtensa-lx106-elf-gcc", *flags, "-fno-tree-loop-distribute-patterns", "-c", str(PROGRAM / source)]
        windowed(command, work)
    return [*map(str, engine), str(work / "main.o"), str(work / "start.o")]


def windowed(command: list[str], work: Path) -> None:
    build._run(command, work, XTENSA_GNU_CONFIG=str(build._windowed()))


@pytest.mark.parametrize("core", RAM)
def test_every_sample_gives_the_hosts_bytes_while_windows_are_spilled(core, objects, tmp_path):
    image = tmp_path / "image.elf"
    linker = ["xtensa-lx106-elf-ld", "--no-warn-rwx-segments", "-T", str(PROGRAM / "link.ld")]
    windowed([*linker, f"--defsym=BASE={RAM[core]}", *objects, "-o", str(image)], tmp_path)
    assert shutil.which("qemu-system-xtensa")
    emulator = ["qemu-system-xtensa", "-M", "sim", "-cpu", core, "-device", f"loader,file={image},cpu-num=0"]
    # Time is counted in instructions, so that the interrupt strikes at the same places in every run.
    emulator += ["-nographic", "-monitor", "none", "-semihosting", "-icount", "shift=3"]
    run = subprocess.run(emulator, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    said = dict(line.split(" ") for line in run.stdout.splitlines())
    assert said.keys() == {"right", "interrupts"}, run.stdout + run.stderr
    assert int(said["right"]) == len(SAMPLES)
    assert int(said["interrupts"]) > INTERRUPTS
