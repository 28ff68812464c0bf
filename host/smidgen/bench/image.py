"""The program for an emulated chip: sources of bench/target/, the engine, and a table of just the kernels that a
model uses."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from smidgen.bench.targets import Target
from smidgen.blob import Blob
from smidgen.errors import SmidgenError
from smidgen.resources import find
from smidgen.sim.runtime import cache_folder, fingerprint

FLAGS = ["-std=c99", "-fomit-frame-pointer", "-ffreestanding", "-ffunction-sections", "-fdata-sections"]
FLAGS += ["-fno-unwind-tables", "-fno-asynchronous-unwind-tables", "-Wl,--gc-sections", "-Wl,-e,entry"]
HERE = Path(__file__).resolve().parent
ENTRY = re.compile(r"\{SMG_OP_(\w+), SMG_LAYOUT_(\w+), (\w+), (\w+)\},")


def kernels_of(blob: Blob, fast: str | None) -> list[str]:
    """The rows of the engine's table that a model needs, one for each pair of operator and layout.

    fast: the file under firmware/engine/ whose kernels come first; None for those that run everywhere.
    """
    engine = find("firmware/engine")
    tables = ([engine / fast] if fast else []) + [engine / "kernels" / "table.h"]
    lines: dict[tuple[str, str], str] = {}
    for m in ENTRY.finditer("".join(table.read_text() for table in tables)):
        lines.setdefault((m[1], m[2]), m[0])
    wanted = {(op.name, blob.tensors[op.inputs[1]].layout if len(op.inputs) > 1 else "PLAIN") for op in blob.operators}
    missing = wanted - lines.keys()
    if missing:
        raise SmidgenError(f"the engine has no kernel for {', '.join(' '.join(pair) for pair in sorted(missing))}")
    return [lines[pair] for pair in sorted(wanted)]


def build(blob: Blob, target: Target, plain: bool = False) -> Path:
    """Compile the image that runs `blob` on a target; returns its path. Cached.

    For the RP2040 it is the bytes to load at the start of RAM, for a machine of QEMU's an ELF file.
    """
    return _image(_sources(target), _table(kernels_of(blob, None if plain else target.table)), target)


def build_without_operators(target: Target) -> Path:
    """The same with no kernel at all: what any model needs. Cached."""
    return _image(_sources(target), _table([]), target)


def _table(kernels: list[str]) -> str:
    headers = '#include "armv6m/armv6m.h"\n#include "tiles/tiles.h"\n#include "kernels.h"\n'
    rows = "\n".join(kernels) or "{0}"
    table = f"{headers}const smg_kernel smg_all_kernels[] = {{\n{rows}\n}};\n"
    return table + f"const size_t smg_all_kernel_count = {len(kernels)};\n"


def build_front_end(target: Target) -> Path:
    """As `build`, the image that runs an audio front end on the RP2040."""
    sources = [HERE / "target" / "audio.c", HERE / "target" / "mem.c"]
    return _image([*sources, *sorted(find("firmware/engine/frontend").glob("*.c"))], "", target)


def _image(sources: list[Path], table: str, target: Target) -> Path:
    flags = [*target.flags, *FLAGS, f"-DMODEL_AT={target.model:#x}u"]
    key = fingerprint([*sources, *_headers()], table + " ".join(flags))
    image = cache_folder().parent / "bench" / f"{key}.{'elf' if target.machine else 'bin'}"
    if not image.exists():
        _compile(sources, table, target, flags, image)
    return image


def _linker_script(target: Target) -> str:
    """Zig's linker takes no symbols from the command line, so the script gets its numbers before."""
    script = (HERE / "target" / ("qemu.ld" if target.machine else "link.ld")).read_text()
    return script.replace("BASE;", f"{target.base:#x};").replace("STACK;", f"{target.stack:#x};")


def _sources(target: Target) -> list[Path]:
    engine = find("firmware/engine")
    chosen = [p for p in engine.rglob("*.[cS]") if p.name != "all.c" and "frontend" not in p.parts]
    return [*(HERE / "target" / name for name in target.sources), *sorted(chosen)]


def _headers() -> list[Path]:
    own = HERE / "target"
    return [*sorted(own.glob("*.ld")), *sorted(own.glob("*.h")), *sorted(find("firmware/engine").rglob("*.h"))]


def _compile(sources: list[Path], table: str, target: Target, flags: list[str], image: Path) -> None:
    engine = find("firmware/engine")
    image.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=image.parent) as folder:
        table_file, script, elf, raw = (Path(folder) / name for name in ("table.c", "all.ld", "image.elf", "image.bin"))
        table_file.write_text(table)
        script.write_text(_linker_script(target))
        includes = [f"-I{engine}", f"-I{engine / 'kernels'}", "-T", str(script)]
        _zig("cc", *flags, *includes, *map(str, [*sources, table_file]), "-o", str(elf))
        if not target.machine:
            _zig("objcopy", "-O", "binary", str(elf), str(raw))
        (elf if target.machine else raw).replace(image)


def _zig(*arguments: str) -> None:
    result = subprocess.run([sys.executable, "-m", "ziglang", *arguments], capture_output=True, text=True)
    if result.returncode != 0:
        raise SmidgenError(f"the benchmark image does not build; zig {arguments[0]} says:\n{result.stderr}")
