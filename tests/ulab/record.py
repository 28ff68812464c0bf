"""Record what a real ulab answers: `python -m tests.ulab.record MICROPYTHON`, a MicroPython built with ulab and floats
of single precision. Writes vectors.npz: each model's inputs, the answers and the heap taken, and ulab's version."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from smidgen.export import export_ulab
from tests.ulab.models import MODELS, model_and_inputs

HERE = Path(__file__).parent
VECTORS = HERE / "vectors.npz"


def answer(micropython: list[str], content: bytes, inputs: list[np.ndarray], folder: Path) -> tuple[list[str], bytes]:
    """Run on_board/answer.py over an exported folder: the words that it prints, and the outputs' bytes."""
    exported = folder / "exported"
    export_ulab(content, "model.smg", exported)
    (folder / "inputs").write_bytes(b"".join(x.tobytes() for x in inputs))
    command = [*micropython, str(HERE / "on_board" / "answer.py"), str(exported / "model.smg")]
    command += [str(folder / "inputs"), str(folder / "outputs")]
    run = subprocess.run(
        command, env={"MICROPYPATH": str(exported / "lib")}, capture_output=True, text=True, check=True
    )
    return run.stdout.split(), (folder / "outputs").read_bytes()


def main(micropython: str) -> None:
    kept: dict[str, np.ndarray] = {}
    for name in MODELS:
        content, inputs = model_and_inputs(name)
        with tempfile.TemporaryDirectory() as folder:
            (version, _, heap), outputs = answer([micropython], content, inputs, Path(folder))
        kept[f"{name}.inputs"] = np.array(inputs)
        kept[f"{name}.outputs"] = np.frombuffer(outputs, np.int8).reshape(len(inputs), -1)
        kept[f"{name}.heap"] = np.array(int(heap))
        kept["version"] = np.array(version)
    np.savez_compressed(VECTORS, **kept)


if __name__ == "__main__":
    main(*sys.argv[1:])
