"""Put the compiled engine into the wheel: the host's shared library and the WebAssembly module of the simulator, both
made here with zig, and the native modules of boards as far as `make native` has built them: with Debian's compilers."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class EngineHook(BuildHookInterface):
    """Compiles with zig, so that whoever installs the wheel needs no compiler."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return  # a clone compiles on first use
        sys.path.insert(0, str(Path(self.root) / "host"))
        from smidgen import _build
        from smidgen.sim import engine

        platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
        build_data["tag"] = f"py3-none-{platform}"
        build_data["pure_python"] = False
        build_data["force_include"][str(_build.library_path())] = f"smidgen/_lib/{_build.LIBRARY_NAME}"
        build_data["force_include"][str(engine.wasm_path())] = f"smidgen/_lib/{engine.LIBRARY_NAME}"
        for listing in sorted((Path(self.root) / "build" / "native").glob("*/modules.json")):
            for path in (listing, *listing.parent.glob("*.mpy")):
                build_data["force_include"][str(path)] = f"smidgen/_data/{path.relative_to(self.root)}"
