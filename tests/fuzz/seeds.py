"""Seeds of the fuzzer: sample models and a convolution, packed too, and an AUDIO section, as small `.smg` files.

python -m tests.fuzz.seeds FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from smidgen.bench.seeded import Network
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.features.audio import AudioSpec
from tests.support.samples import SAMPLES


def seeds() -> dict[str, bytes]:
    """File names and contents."""
    audio = AudioSpec(rate_hz=2000, window_ms=15, hop_ms=10, channels=4, frames=2, lower_hz=100.0, upper_hz=900.0)
    found = {name: convert(make(), name).to_bytes() for name, make in SAMPLES.items()}
    found["convolution"] = convert(Network((6, 6, 2), 1).conv(3, 3).build(), "convolution").to_bytes()
    found["audio"] = convert(SAMPLES["max_pool"](), "audio", {"AUDIO": audio.to_section()}).to_bytes()
    for name, content in list(found.items()):
        packed = pack(Blob.from_bytes(content), "ARMV6M")
        if any(t.layout != "PLAIN" for t in packed.tensors):
            found[f"{name}_packed"] = packed.to_bytes()
    return found


if __name__ == "__main__":
    for name, content in seeds().items():
        (Path(sys.argv[1]) / f"{name}.smg").write_bytes(content)
