"""Folders to publish for `mip`, one for each architecture whose native modules are built: build/mip/ARCHITECTURE.

    python tools/mip.py
    mpremote mip install build/mip/armv6m/package.json      or where the folder is published: https://HOST/armv6m/

Each has the board's package, the native module with every operator, and the package.json that names them. Made, not
kept: the modules are not in the repository, and the list of files is then never stale.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from pathlib import Path

from native import FIRMWARE, OUT, ROOT

MIP = ROOT / "build" / "mip"
LIBRARY = FIRMWARE / "lib" / "smidgen"


def publish(module: Path, folder: Path) -> None:
    """Make `folder` what mip installs: the package and a module. An old folder goes when the new one is whole."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder.parent) as name:
        fresh = Path(name) / "fresh"
        (fresh / "smidgen").mkdir(parents=True)
        for path in sorted(LIBRARY.glob("*.py")):
            shutil.copy(path, fresh / "smidgen")
        shutil.copy(module, fresh / "_smidgen.mpy")
        files = [path.relative_to(fresh).as_posix() for path in sorted(fresh.rglob("*.*py"))]
        described = {"urls": [[path, path] for path in files], "version": _version()}
        (fresh / "package.json").write_text(json.dumps(described, indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)


def _version() -> str:
    text = (ROOT / "host" / "smidgen" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "(.+)"', text, re.MULTILINE)
    if found is None:
        raise SystemExit("host/smidgen/__init__.py: no __version__")
    return found[1]


def main() -> None:
    for module in sorted(OUT.glob("*/full.mpy")):
        folder = MIP / module.parent.name
        publish(module, folder)
        print(f"{folder.relative_to(ROOT)}/package.json")


if __name__ == "__main__":
    main()
