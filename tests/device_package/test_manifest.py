"""firmware/manifest.py, read by MicroPython's own tool for manifests: every file of the package is frozen."""

from __future__ import annotations

import sys

import pytest

from tests.support.board import LIBRARY
from tests.support.debian import ROOT, micropython


@pytest.mark.parametrize("viper", [True, False])
def test_the_manifest_freezes_the_whole_package(monkeypatch, viper):
    monkeypatch.setattr(sys, "path", [*sys.path, str(micropython() / "tools")])
    from manifestfile import MODE_FREEZE, ManifestFile

    folders = {"MPY_DIR": str(micropython()), "MPY_LIB_DIR": str(micropython() / "lib" / "micropython-lib")}
    manifest = ManifestFile(MODE_FREEZE, folders)
    manifest.execute(f'include("{ROOT / "firmware" / "manifest.py"}", viper={viper})')
    frozen = {file.target_path: file.full_path for file in manifest.files()}
    names = {path.name for path in LIBRARY.glob("*.py") if viper or not path.name.startswith("viper_")}
    assert set(frozen) == {f"smidgen/{name}" for name in names}
    assert all(LIBRARY.joinpath(target.split("/")[1]).samefile(path) for target, path in frozen.items())
