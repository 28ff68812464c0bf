"""How much faster the Python engine is with its inner loops in viper: the ratio of times within one run.

python -m tests.speed                 on MicroPython's port for this machine, built when needed
python -m tests.speed --port PORT     on a board, or an emulated one
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from smidgen.bench.seeded import Network
from smidgen.convert import convert
from smidgen.device import Part, connect, identify, install, package_part
from tests.support.keyword_model import AUDIO, speech_like
from tests.support.unix_port import FIRMWARE, unix_port

PROGRAMS = Path(__file__).parent / "device_package" / "on_board"


def files() -> dict[str, bytes]:
    """What the program reads: a small keyword network a front end and a quarter of a second of sound."""
    network = Network((25, 10, 1), 1).conv(16, (10, 4), 2).depthwise(3).conv(16).depthwise(3).conv(16)
    model = convert(network.global_average().dense(12).softmax().build(), "speed").to_bytes()
    sound = {"speed.section": AUDIO.to_section(), "speed.raw": speech_like(0.25).tobytes()}
    return {"speed.smg": model, **sound, "use_loops.py": (PROGRAMS / "use_loops.py").read_bytes()}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port")
    port = parser.parse_args().port
    if port is not None:
        with connect(port) as board:
            install(board, [package_part(identify(board).architecture), Part("speed", files())])
            board.run((PROGRAMS / "speed.py").read_text(encoding="utf-8"), print)
        return
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files().items():
            Path(folder, name).write_bytes(content)
        environment = {"MICROPYPATH": str(FIRMWARE / "lib")}
        sys.exit(subprocess.run([unix_port(), PROGRAMS / "speed.py"], cwd=folder, env=environment).returncode)


if __name__ == "__main__":
    main()
