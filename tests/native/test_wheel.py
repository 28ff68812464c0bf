"""A wheel carries the native modules that `make native` has built, under the names by which the package finds them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.support.debian import ROOT, tool
from tests.support.emulated import native_module


def contents(root: Path) -> dict[str, str]:
    """What the hook puts into a wheel that is built of a clone: path there -> source."""
    data: dict[str, Any] = {"force_include": {}}
    tool("build_hook").EngineHook(str(root), {}, None, None, "", "wheel").initialize("standard", data)
    return {target: source for source, target in data["force_include"].items()}


def test_a_wheel_carries_what_make_native_built():
    native_module("armv6m")
    found = contents(ROOT)
    for name in ("cnn.mpy", "keyword.mpy", "full.mpy", "modules.json"):
        inside = f"build/native/armv6m/{name}"
        assert found[f"smidgen/_data/{inside}"] == str(ROOT / inside)


def test_one_that_is_built_before_make_native_has_none(tmp_path):
    (tmp_path / "host").symlink_to(ROOT / "host")
    found = contents(tmp_path)
    assert not any(target.endswith(".mpy") for target in found) and "smidgen/_lib/smidgen.wasm" in found
