"""MicroPython's port for this machine, built from Debian's source with our user modules; it runs machine code."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from functools import cache
from pathlib import Path

from tests.support.debian import ROOT, micropython, need

FIRMWARE = ROOT / "firmware"
# What the tests do not use takes half of the time.
WITHOUT = ["MICROPY_PY_BTREE=0", "MICROPY_PY_FFI=0", "MICROPY_PY_SSL=0", "FROZEN_MANIFEST="]

FAKE_TFLM = ROOT / "tests" / "support" / "fake_tflm.c"


@cache
def unix_port() -> Path:
    """The executable, with `_smidgen` in it; built when the sources have changed. Ends the test where it cannot be."""
    need("boards")
    source = micropython()
    target = ROOT / "build" / "unix" / _fingerprint(source) / "micropython"
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.exists():
            _build(source, target.parent)
    return target


def run(program: Path, *, cwd: Path, library: Path = FIRMWARE / "lib", heap: str = "4m") -> list[str]:
    """The lines that a program prints there; it imports from `library`."""
    command = [str(unix_port()), "-X", f"heapsize={heap}", str(program)]
    environment = {**os.environ, "MICROPYPATH": str(library)}
    result = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout.splitlines()


def _build(source: Path, folder: Path) -> None:
    command = ["make", "-C", str(source / "ports/unix"), f"-j{os.cpu_count()}", f"BUILD={folder / 'work'}", *WITHOUT]
    command += [f"USER_C_MODULES={FIRMWARE / 'usermod'}", f"TFLM_FACADE={FAKE_TFLM}"]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-4000:]
    (folder / "work" / "micropython").rename(folder / "micropython")


def _fingerprint(source: Path) -> str:
    digest = hashlib.sha256(str([source, WITHOUT]).encode() + FAKE_TFLM.read_bytes())
    for folder in ("engine", "module", "usermod"):
        for path in sorted(p for p in (FIRMWARE / folder).rglob("*") if p.is_file()):
            digest.update(str(path.relative_to(FIRMWARE)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]
