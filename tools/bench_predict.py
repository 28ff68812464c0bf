"""What `Model.predict` adds to the engine's own call on a Cortex-M0, in instructions: the table in docs/performance.md.

python tools/bench_predict.py           print the table; exit 1 when a ratio is higher than the docs say
python tools/bench_predict.py --write   write the docs' table

MicroPython with the native module runs in QEMU, which executes an instruction a nanosecond of its own time (-icount
shift=0); the core's timer counts that time, in steps of 62.5 ns. Two runs give the same number to within a step.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the networks are those of the tests

import debian
import native
import sim_boards

import firmware
from smidgen import boards
from smidgen.bench.networks import ds_cnn
from smidgen.convert import convert
from smidgen.memory import packed
from smidgen.sim import qemu
from tests.support.emulated import flash_image

ROOT = Path(__file__).resolve().parent.parent
BOARD = "qemu-m0"
DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- predict -->\n", "<!-- end of predict -->\n"
TICK = 62.5  # instructions: the timer runs at 16 MHz
WORSE = 0.005
LIMIT_S = 300

MODELS: dict[str, Callable[[], bytes]] = {
    "keyword (DS-CNN)": lambda: convert(ds_cnn(full=True), "keyword").to_bytes(),
    "gesture (demo)": lambda: (ROOT / "firmware/demos/gesture/model.smg").read_bytes(),
    "anomaly (demo)": lambda: (ROOT / "firmware/demos/anomaly/model.smg").read_bytes(),
}


def files() -> dict[str, bytes]:
    """What lies on the board: the package, the native module, the models in order, and the program."""
    module = native.build("armv6m", debian.micropython())["full"]
    found = {f"/lib/smidgen/{path.name}": path.read_bytes() for path in (ROOT / "firmware/lib/smidgen").glob("*.py")}
    for number, (name, content) in enumerate(MODELS.items()):
        found[f"/models/{number}.smg"] = packed(content(), name, "armv6m")
    program = Path(__file__).parent / "on_board" / "predict.py"
    return found | {"/lib/_smidgen.mpy": module.read_bytes(), "/main.py": program.read_bytes()}


def measure() -> dict[str, tuple[float, float]]:
    """Instructions of one inference: model -> (by predict, by the engine's call alone)."""
    board = boards.load(BOARD)
    image = firmware.build(sim_boards.recipe(BOARD))
    command = [*board.emulator, "-display", "none", "-monitor", "none", "-serial", "stdio"]
    command += ["-semihosting-config", "enable=on,target=native", "-icount", "shift=0,sleep=off", "-kernel", str(image)]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / qemu.FLASH).write_bytes(flash_image(board.filesystem_bytes, files()))
        run = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        try:
            return _read(run)
        finally:
            run.kill()
            run.wait()


def _read(run: subprocess.Popen[str]) -> dict[str, tuple[float, float]]:
    found, names, said = {}, list(MODELS), []
    assert run.stdout is not None
    for line in run.stdout:
        said.append(line)
        if line.startswith("predict "):
            _, name, whole, call = line.split()
            found[names[int(name.removesuffix(".smg"))]] = int(whole) * TICK, int(call) * TICK
        elif line.startswith(("end", "Traceback")):
            break
    if list(found) != names:
        raise SystemExit(f"{BOARD}: the program did not end; it says:\n{''.join(said)}")
    return found


def table(found: dict[str, tuple[float, float]]) -> str:
    lines = ["| model | `predict` | the engine's call in it | ratio |", "| --- | --- | --- | --- |"]
    for name, (whole, call) in found.items():
        lines.append(f"| {name} | {whole:,.0f} | {call:,.0f} | {whole / call:.4f} |")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    if debian.missing("boards") and not debian.can_install():
        print("What Python adds is not measured; as root on Debian: python tools/debian.py boards native")
        return 0
    found = measure()
    text = table(found)
    print(text)
    head, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)
    committed, _, tail = rest.partition(END)
    if "--write" in arguments:
        DOCUMENT.write_text(head + BEGIN + text + END + tail, encoding="utf-8")
        return 0
    was = {m[1]: float(m[2]) for m in re.finditer(r"^\| (.+?) \|.*\| ([\d.]+) \|$", committed, re.MULTILINE)}
    slower = [name for name, (whole, call) in found.items() if whole / call > was.get(name, whole / call) + WORSE]
    for name in slower:
        print(f"bench: {name}: predict adds more to the engine's call than docs/performance.md says")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
