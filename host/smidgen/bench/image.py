"""The program for the emulated chip: bench/target/main.c, the engine, and a table of just the kernels that a model
uses."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from smidgen.blob import Blob
from smidgen.errors import SmidgenError
from smidgen.resources import find
from smidgen.sim.runtime import cache_folder, fingerprint

TARGET = ["-target", "thumb-freestanding-eabi", "-mcpu=cortex_m0plus"]
FLAGS = [*TARGET, "-std=c99", "-O2", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]
FLAGS += ["-fno-unwind-tables", "-fno-asynchronous-unwind-tables", "-Wl,--gc-sections", "-Wl,-e,entry"]
HERE = Path(__file__).resolve().parent
ENTRY = re.compile(r"\{SMG_OP_(\w+), SMG_LAYOUT_(\w+), (\w+), (\w+)\},")


def kernels_of(blob: Blob, plain: bool) -> list[str]:
    """The rows of the engine's table that a model needs, one for each pair of operator and layout.

    plain: of the kernels that run everywhere; else the fastest for ARMv6-M.
    """
    kernels = find("firmware/engine/kernels")
    tables = [kernels / "table.h"] if plain else [kernels / "armv6m" / "all.c", kernels / "table.h"]
    lines: dict[tuple[str, str], str] = {}
    for m in ENTRY.finditer("".join(table.read_text() for table in tables)):
        lines.setdefault((m[1], m[2]), m[0])
    wanted = {(op.name, blob.tensors[op.inputs[1]].layout if len(op.inputs) > 1 else "PLAIN") for op in blob.operators}
    missing = wanted - lines.keys()
    if missing:
        raise SmidgenError(f"the engine has no kernel for {', '.join(' '.join(pair) for pair in sorted(missing))}")
    return [lines[pair] for pair in sorted(wanted)]


def build(blob: Blob, plain: bool = False) -> Path:
    """Compile the image that runs `blob`; returns the path of its bytes, to be loaded at the start of RAM. Cached."""
    headers = '#include "armv6m/armv6m.h"\n#include "kernels.h"\n'
    table = headers + "const smg_kernel smg_all_kernels[] = {\n" + "\n".join(kernels_of(blob, plain)) + "\n};\n"
    table += "const size_t smg_all_kernel_count = sizeof smg_all_kernels / sizeof smg_all_kernels[0];\n"
    image = cache_folder().parent / "bench" / f"{fingerprint([*_sources(), *_headers()], table + ' '.join(FLAGS))}.bin"
    if not image.exists():
        _compile(table, image)
    return image


def _sources() -> list[Path]:
    engine = find("firmware/engine")
    chosen = [p for p in engine.rglob("*.[cS]") if p.name != "all.c" and "frontend" not in p.parts]
    return [HERE / "target" / "main.c", *sorted(chosen)]


def _headers() -> list[Path]:
    return [HERE / "target" / "link.ld", *sorted(find("firmware/engine").rglob("*.h"))]


def _compile(table: str, image: Path) -> None:
    engine = find("firmware/engine")
    image.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=image.parent) as folder:
        table_file, elf, raw = (Path(folder) / name for name in ("table.c", "image.elf", "image.bin"))
        table_file.write_text(table)
        includes = [f"-I{engine}", f"-I{engine / 'kernels'}", "-T", str(HERE / "target" / "link.ld")]
        _zig("cc", *FLAGS, *includes, *map(str, [*_sources(), table_file]), "-o", str(elf))
        _zig("objcopy", "-O", "binary", str(elf), str(raw))
        raw.replace(image)


def _zig(*arguments: str) -> None:
    result = subprocess.run([sys.executable, "-m", "ziglang", *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise SmidgenError(f"the benchmark image does not build; zig {arguments[0]} says:\n{result.stderr}")
