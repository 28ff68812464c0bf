"""Fuzz the engine for some minutes: `python -m tests.fuzz [SECONDS]`, or `make fuzz`.

First smg_open alone, then what it accepts is run too. The corpus grows in build/fuzz; what crashes is left there and
the exit status is 1.
"""

from __future__ import annotations

import subprocess
import sys

from tests.fuzz.build import CORPUS, HERE, build_fuzzer, compiler_with
from tests.fuzz.seeds import seeds

BUILD = HERE.parents[1] / "build" / "fuzz"
SECONDS = 120
MAX_LEN = 2560  # bytes: the largest seed has 2314


def fuzz(compiler: str, name: str, seconds: int) -> bool:
    """One of the two fuzzers on all corpora; True when nothing was found."""
    program, found = BUILD / name, BUILD / f"{name}-corpus"
    found.mkdir(exist_ok=True)
    build_fuzzer(compiler, program, open_only=name == "open")
    options = [f"-max_total_time={seconds}", f"-max_len={MAX_LEN}", "-timeout=10", "-print_final_stats=1"]
    options += [f"-dict={HERE / 'smg.dict'}", f"-artifact_prefix={BUILD}/{name}-", "-verbosity=0"]
    return subprocess.run([program, *options, found, CORPUS, BUILD / "seeds"]).returncode == 0


def main(seconds: int) -> int:
    compiler = compiler_with("fuzzer,address,undefined")
    if compiler is None:
        print(
            "make fuzz needs clang with libFuzzer: apt install clang, or dnf install clang compiler-rt", file=sys.stderr
        )
        return 1
    (BUILD / "seeds").mkdir(parents=True, exist_ok=True)
    for name, content in seeds().items():
        (BUILD / "seeds" / f"{name}.smg").write_bytes(content)
    return 0 if all(fuzz(compiler, name, seconds) for name in ("open", "run")) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SECONDS))
