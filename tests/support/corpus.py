"""The fuzzer's seeds: a converted file for each sample, and one with an audio section.

python -m tests.support.corpus FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from smidgen.convert import convert
from smidgen.features.audio import AudioSpec
from tests.support.samples import SAMPLES


def files() -> dict[str, bytes]:
    """Name -> bytes of each seed."""
    made = {name: convert(build(), name).to_bytes() for name, build in SAMPLES.items()}
    small = AudioSpec(rate_hz=2000, window_ms=30, hop_ms=10, channels=4, frames=2, lower_hz=100.0, upper_hz=900.0)
    made["audio"] = convert(SAMPLES["keyword"](), "audio", {"AUDIO": small.to_section()}).to_bytes()
    return made


def main() -> None:
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        (folder / f"{name}.smg").write_bytes(content)


if __name__ == "__main__":
    main()
