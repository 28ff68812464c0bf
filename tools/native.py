"""Build the engine as native modules for stock MicroPython, into build/native/ARCHITECTURE/SET.mpy: `make native`.

    python tools/native.py [ARCHITECTURE ...]      default is all of them

Of MicroPython's source (tools/debian.py) the linker for native modules and the headers are used. The compilers are
Debian's: zig's clang addresses data in ways that this linker does not know, and has no Xtensa.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import debian

ROOT = Path(__file__).resolve().parent.parent
FIRMWARE = ROOT / "firmware"
ENGINE = FIRMWARE / "engine"
NATIVE = FIRMWARE / "native"
OUT = ROOT / "build" / "native"
SMALL: dict[str, dict[str, Any]] = tomllib.loads((NATIVE / "sets.toml").read_text(encoding="utf-8"))
SETS = (*SMALL, "full")
SHARED = ("engine", "module", "native")  # folders of firmware/ whose files every set links
ALONE = "alone"  # sets without a second core have other objects of sources that know of one
SHARES_WORK = "smg_run_parts"
END = b"smidgen\n"  # the file's last bytes; the board looks for them, so that a file that was cut is noticed
BINUTILS = Path("/usr/src/binutils")

# No position of anything is fixed, and every function can be left out alone.
FLAGS = ["-std=c99", "-fpic", "-fno-common", "-fvisibility=hidden", "-ffunction-sections", "-fdata-sections"]
FLAGS += ["-Wall", "-Wextra", "-Werror", "-U_FORTIFY_SOURCE", "-fno-stack-protector"]
# Where a model's time goes is compiled for speed, the rest, most of it, for size.
HOT = ("arith", "channels", "conv2d", "depthwise", "dot", "fft", "fully_connected", "grid", "svdf", "tile")
DYNAMIC = [
    "-DNDEBUG",
    "-DNO_QSTR",
    "-DMICROPY_ENABLE_DYNRUNTIME",
    "-DMP_CONFIGFILE=<config.h>",
    "-Wno-unused-parameter",
]
ARM, RISCV, XTENSA = "arm-none-eabi-", "riscv64-unknown-elf-", "xtensa-lx106-elf-"
PICOLIBC = Path("/usr/lib/picolibc/xtensa-lx106-elf/include")  # headers alone: MicroPython's want a few


@dataclass(frozen=True)
class Target:
    """How one of MicroPython's architectures is compiled for.

    prefix: of the compiler's name. flags: its options. kernels: the folder of engine/kernels with its fast twins. hot:
    files to compile for speed. helpers: the file of native/ with arithmetic that the core has no instructions for.
    libgcc: take what is not in it from there. linker: options of its own for ld.
    """

    prefix: str
    flags: tuple[str, ...]
    kernels: str
    hot: tuple[str, ...] = HOT
    helpers: str = ""
    libgcc: bool = True
    linker: tuple[str, ...] = ()


def _arm(*flags: str, kernels: str, hot: tuple[str, ...] = HOT, helpers: str = "") -> Target:
    return Target(ARM, ("-mthumb", *flags), kernels, hot, helpers)


def _xtensa(*flags: str) -> Target:
    """Not relaxed: a literal that ld merges with another leaves a relocation that mpy_ld does not know."""
    flags = (*flags, "-isystem", str(PICOLIBC))
    return Target(XTENSA, flags, "tiles", helpers="xtensa/helpers.c", libgcc=False, linker=("--no-relax",))


TARGETS = {
    # Its kernels are assembly.
    "armv6m": _arm("-mcpu=cortex-m0plus", kernels="armv6m", hot=(), helpers="armv6m/divide.S"),
    "armv7m": _arm("-mcpu=cortex-m3", kernels="tiles"),
    "armv7emsp": _arm("-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-mfloat-abi=hard", kernels="tiles"),
    "rv32imc": Target(
        RISCV,
        ("-march=rv32imac", "-mabi=ilp32", "-mno-relax", "-specs=picolibc.specs"),
        "tiles",
        linker=("-m", "elf32lriscv"),
    ),
    "xtensawin": _xtensa("-mabi=windowed"),
    "xtensa": _xtensa("-mabi=call0"),
    "x64": Target("", (), "tiles"),
}
# The ESP8266 runs code from memory that can be read in words only; this file alone reads constants in bytes.
WORDS_ONLY = {("xtensa", "model.c"): ["-mforce-l32"]}


def build(architecture: str, micropython: Path) -> dict[str, Path]:
    """The modules of an architecture: set -> file. Nothing is done when they are there and nothing has changed."""
    folder = OUT / architecture
    mark, stamp = _fingerprint(architecture, micropython), folder / "fingerprint"
    modules = {name: folder / f"{name}.mpy" for name in SETS}
    if stamp.exists() and stamp.read_text() == mark and all(path.exists() for path in modules.values()):
        return modules
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=OUT) as name:
        work = Path(name)
        objects = _compile_all(architecture, micropython, work)
        for chosen, path in modules.items():
            _link(architecture, chosen, objects, micropython, work).replace(path)
    (folder / "modules.json").write_text(json.dumps({name: _contents(architecture, name) for name in SETS}, indent=1))
    stamp.write_text(mark)
    return modules


def _contents(architecture: str, name: str) -> dict[str, Any]:
    """What a set's module can do, for smidgen.native.choose: pairs of operator and layout, and whether it hears and
    shares its work."""
    kernels = sorted({(row.operator, row.layout) for row in _chosen(TARGETS[architecture], name)})
    return {"kernels": kernels, "audio": _offers("audio", name), "second_core": _offers("second_core", name)}


def _offers(feature: str, name: str) -> bool:
    return name == "full" or bool(SMALL[name][feature])


def _sources(target: Target) -> list[Path]:
    """The engine's files with the kernels of this target, but no table, and the functions of the module."""
    portable = [path for path in sorted(ENGINE.rglob("*.c")) if path.parent.parent != ENGINE / "kernels"]
    fast = sorted((ENGINE / "kernels" / target.kernels).glob("*.[cS]"))
    helpers = [NATIVE / target.helpers] if target.helpers else []
    own = [*helpers, *sorted((FIRMWARE / "module").glob("*.c"))]
    return [path for path in [*portable, *fast, *own] if path.name != "all.c"]  # a set has a table of its own


def _fingerprint(architecture: str, micropython: Path) -> str:
    """What the modules are made of."""
    version = _run([TARGETS[architecture].prefix + "gcc", "--version"])
    digest = hashlib.sha256(f"{version} {TARGETS[architecture]} {FLAGS}".encode())
    used = [micropython / path for path in ("tools/mpy_ld.py", "py/dynruntime.h", "py/nativeglue.h", "py/mpconfig.h")]
    ours = [path for folder in (ENGINE, FIRMWARE / "module", NATIVE) for path in sorted(folder.rglob("*.*"))]
    for path in [Path(__file__), *used, *ours]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _run(command: list[str], work: Path | None = None, **environment: str) -> str:
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, env={**os.environ, **environment})
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout


def _compile_all(architecture: str, micropython: Path, work: Path) -> dict[str, Path]:
    """Object files by the path of their source in firmware/, ALONE/path without a second core; SET/table and SET/module
    are a set's own."""
    target = TARGETS[architecture]
    glue = [FIRMWARE / "module" / "smg_micropython.h", NATIVE / "smidgen.c"]
    _mpy_ld(micropython, architecture, ["--preprocess", "-o", "config.h", *map(str, glue)], work)
    float_kind = "-DMICROPY_FLOAT_IMPL=MICROPY_FLOAT_IMPL_" + ("DOUBLE" if architecture == "x64" else "NONE")
    dynamic = [*DYNAMIC, float_kind, f"-I{micropython}", f"-I{work}"]
    environment = {"XTENSA_GNU_CONFIG": str(_windowed())} if architecture == "xtensawin" else {}
    jobs = {str(path.relative_to(FIRMWARE)): path for path in _sources(target)}
    jobs |= {f"{ALONE}/{name}": path for name, path in jobs.items() if SHARES_WORK in path.read_text()}
    for name in SETS:
        jobs[f"{name}/module"] = NATIVE / "smidgen.c"
        jobs[f"{name}/table"] = work / f"{name}.c"
        jobs[f"{name}/table"].write_text(_table(target, name))

    def compile_one(name: str) -> Path:
        source, to = jobs[name], work / (name.replace("/", "_") + ".o")
        extra = WORDS_ONLY.get((architecture, source.name), [])
        if name.endswith("/module"):
            chosen = name.split("/")[0]
            alone = not _offers("second_core", chosen)
            extra = [*dynamic, f"-DSMG_AUDIO={int(_offers('audio', chosen))}", f"-DSMG_ONE_CORE={int(alone)}"]
        elif name.startswith(f"{ALONE}/"):
            extra = [*extra, "-DSMG_ONE_CORE=1"]
        include = [f"-I{ENGINE}", f"-I{ENGINE / 'kernels'}"]
        flags = [*FLAGS, "-O2" if source.stem in target.hot else "-Os", *target.flags, *extra, *include]
        _run([target.prefix + "gcc", *flags, "-c", str(source), "-o", str(to)], **environment)
        return to

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip(jobs, pool.map(compile_one, jobs), strict=True))


def _table(target: Target, name: str) -> str:
    """The table of kernels of a set: the target's own where it has some, then those that run everywhere."""
    own = ENGINE / "kernels" / target.kernels / "all.c"
    headers = [f'#include "{path}"' for path in ("kernels.h", *_headers(own))]
    count = "const size_t smg_all_kernel_count = sizeof smg_all_kernels / sizeof smg_all_kernels[0];"
    chosen = [row.text for row in _chosen(target, name)]
    return "\n".join([*headers, "const smg_kernel smg_all_kernels[] = {", *chosen, "};", count, ""])


def _chosen(target: Target, name: str) -> list[Row]:
    """The rows of a set: of two kernels for the same weights the first one counts, and the target's own come first."""
    own = _rows(ENGINE / "kernels" / target.kernels / "all.c")
    rows = [*own, *_rows(ENGINE / "kernels" / "table.h")]
    wanted = [row for row in rows if name == "full" or _has(SMALL[name], row)]
    return list({(row.operator, row.layout): row for row in reversed(wanted)}.values())


def _has(small: dict[str, Any], row: Row) -> bool:
    return row.operator in small["operators"] and not {row.layout, row.run} & {*small.get("without", [])}


@dataclass(frozen=True)
class Row:
    """One of a table of kernels: what it runs, its function, and its text."""

    operator: str
    layout: str
    run: str
    text: str


def _rows(table: Path) -> list[Row]:
    """A table's rows; none when there is no such table."""
    text = table.read_text() if table.exists() else ""
    return [Row(m[1], m[2], m[3], m[0]) for m in re.finditer(r"\{SMG_OP_(\w+), SMG_LAYOUT_(\w+), \w+, (\w+)\},", text)]


def _headers(table: Path) -> list[Path]:
    """The header that declares an architecture's kernels."""
    return [table.with_name(f"{table.parent.name}.h")] if table.exists() else []


def _link(architecture: str, chosen: str, objects: dict[str, Path], micropython: Path, work: Path) -> Path:
    """Two steps: the compiler's linker drops what the set does not need, MicroPython's makes a .mpy of the rest."""
    target = TARGETS[architecture]
    twins = set() if _offers("second_core", chosen) else {name for name in objects if f"{ALONE}/{name}" in objects}
    folders = (chosen, *SHARED, *([ALONE] if twins else []))
    parts = [str(path) for name, path in objects.items() if name.split("/")[0] in folders and name not in twins]
    if target.libgcc:
        parts.append(_run([target.prefix + "gcc", *target.flags, "-print-libgcc-file-name"]).strip())
    _run([f"{target.prefix}ld", *target.linker, "-r", "--gc-sections", "-e", "mpy_init", *parts, "-o", "whole.o"], work)
    module = work / "_smidgen.mpy"
    _mpy_ld(micropython, architecture, ["--qstrs", "config.h", "whole.o", "-o", module.name], work)
    with module.open("ab") as file:
        file.write(END)
    return module


def _mpy_ld(micropython: Path, architecture: str, arguments: list[str], work: Path) -> None:
    _run([sys.executable, str(micropython / "tools" / "mpy_ld.py"), "--arch", architecture, *arguments], work)


def _windowed() -> Path:
    """The plugin that makes Debian's Xtensa assembler write for cores with register windows; see native/xtensawin."""
    library = OUT / "xtensa-windowed.so"
    if library.exists():
        return library
    archives = sorted(BINUTILS.glob("binutils-*.tar.xz"))
    if not archives:
        raise SystemExit(f"{BINUTILS}: no source of binutils; install Debian's package binutils-source")
    name = archives[-1].name.removesuffix(".tar.xz")
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=OUT) as folder:
        _run(["tar", "xf", str(archives[-1]), "-C", folder, f"{name}/include", f"{name}/bfd/xtensa-modules.c"])
        source, fresh = Path(folder) / name, Path(folder) / library.name
        own = NATIVE / "xtensawin" / "windowed.c"
        command = ["gcc", "-shared", "-fPIC", f"-I{source / 'include'}", str(own), str(source / "bfd/xtensa-modules.c")]
        _run([*command, "-o", str(fresh)])
        fresh.replace(library)
    return library


def main(arguments: list[str]) -> int:
    unknown = [name for name in arguments if name not in TARGETS]
    if unknown:
        raise SystemExit(f"{', '.join(unknown)}: no such architecture; there are {', '.join(TARGETS)}")
    debian.install("native")
    micropython = debian.micropython()
    for architecture in arguments or TARGETS:
        for name, path in build(architecture, micropython).items():
            print(f"{architecture:<10} {name:<5} {path.stat().st_size:>7,} bytes  {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
