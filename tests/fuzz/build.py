"""Compile the fuzzer, or the program that replays its corpus, under AddressSanitizer and UndefinedBehaviorSanitizer."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ENGINE = HERE.parents[1] / "firmware" / "engine"
CORPUS = HERE / "corpus"
FLAGS = ["-std=c99", "-g", "-fno-sanitize-recover=all", f"-I{ENGINE}"]
COMPILERS = ("clang", "clang-19", "clang-18", "clang-17", "clang-16", "clang-15", "clang-14", "gcc", "cc")


def compiler_with(sanitizers: str) -> str | None:
    """The first compiler here that compiles and links with these sanitizers."""
    for name in filter(shutil.which, COMPILERS):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "probe.c"
            entry = "LLVMFuzzerTestOneInput(const char *x, unsigned long n) { return x && n; }"
            source.write_text(f"int {entry if 'fuzzer' in sanitizers else 'main(void) { return 0; }'}\n")
            command = [name, f"-fsanitize={sanitizers}", str(source), "-o", str(Path(folder) / "probe")]
            if subprocess.run(command, capture_output=True).returncode == 0:
                return name
    return None


def build_fuzzer(compiler: str, target: Path, open_only: bool) -> None:
    """libFuzzer's program. open_only: stop after smg_open, which is fast."""
    sources = [path for path in engine_sources() if path.name != "crc.c"]  # fuzz_engine.c has its own
    sources += [HERE / "fuzz_engine.c", HERE / "mutator.c"]
    only = ["-DOPEN_ONLY"] if open_only else []
    compile_with(compiler, "fuzzer,address,undefined", ["-O2", *only], sources, target)


def build_replay(compiler: str, target: Path) -> None:
    """A program that runs the files that it is given."""
    compile_with(
        compiler, "address,undefined", ["-O1", "-DREPLAY"], [*engine_sources(), HERE / "fuzz_engine.c"], target
    )


def engine_sources() -> list[Path]:
    return sorted(ENGINE.rglob("*.c"))


def compile_with(compiler: str, sanitizers: str, flags: list[str], sources: list[Path], target: Path) -> None:
    command = [compiler, *FLAGS, *flags, f"-fsanitize={sanitizers}", *map(str, sources), "-o", str(target)]
    subprocess.run(command, check=True)
