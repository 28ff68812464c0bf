"""The board's package, whole and through its __init__, on this interpreter: with the C module and without."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from functools import cache

import pytest

from tests.device_package.fakes import Firmware, Pin
from tests.support.board import LIBRARY
from tests.support.smidgen_module import smidgen_module


class Package:
    """`package.Model` is the package's attribute, `package.module("blob")` its module. engine: "native" or "python"."""

    def __init__(self, engine: str, root: types.ModuleType):
        self.engine, self.root = engine, root

    def __getattr__(self, name: str):
        return getattr(self.root, name)

    def module(self, name: str) -> types.ModuleType:
        return importlib.import_module(f"{self.root.__name__}.{name}")

    def error(self, name: str) -> type[Exception]:
        return getattr(self.module("errors"), name)


@cache
def load(engine: str) -> Package:
    """The package under a name of its own. Only while it is imported can `_smidgen` be, and only for "native"."""
    name = f"board_with_{engine}"
    init, folders = LIBRARY / "__init__.py", [str(LIBRARY)]
    spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=folders)
    root = importlib.util.module_from_spec(spec)
    sys.modules[name] = root
    package = Package(engine, root)
    with pytest.MonkeyPatch.context() as patch:
        if engine == "native":
            patch.setitem(sys.modules, "_smidgen", smidgen_module())
        spec.loader.exec_module(root)
        for module in ("model", "frontend", *(["c_engine"] if engine == "native" else [])):
            package.module(module)
    return package


@pytest.fixture(params=["native", "python"])
def package(request) -> Package:
    """The package with each engine."""
    return load(request.param)


@pytest.fixture
def native_package() -> Package:
    """The package on a board with the C module."""
    return load("native")


@pytest.fixture
def python_package() -> Package:
    """The package on a board without it."""
    return load("python")


@pytest.fixture
def firmware(monkeypatch, tmp_path) -> Firmware:
    """Modules of a firmware, to be added; the board's root is an empty folder."""
    monkeypatch.chdir(tmp_path)
    Pin.made.clear()
    return Firmware(monkeypatch)
