"""Compile the engine for every target with all warnings as errors: clang for the host, WebAssembly, Cortex-M0+ and
RV32."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WARNINGS = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wno-sign-conversion", "-Werror", "-ffreestanding"]
TARGETS = {
    "host": [],
    "wasm32": ["-target", "wasm32-freestanding"],
    "cortex-m0+": ["-target", "thumb-freestanding-eabi", "-mcpu=cortex_m0plus"],
    "rv32imc": ["-target", "riscv32-freestanding", "-mcpu=generic_rv32+m+c"],
}


def main() -> int:
    folders = [ROOT / "firmware" / name for name in ("engine", "module")]
    sources = [str(path) for folder in folders for path in sorted(folder.rglob("*.c"))]
    failed = 0
    for name, flags in TARGETS.items():
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "ziglang", "cc", *flags, *WARNINGS, "-Os", "-c", *sources]
            failed += subprocess.run(command, cwd=folder).returncode != 0
        print(f"{name}: {'failed' if failed else 'ok'}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
