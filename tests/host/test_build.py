"""The engine's shared library: built once, whole or not at all."""

import ctypes
import subprocess
import sys

import pytest

from smidgen import _build
from smidgen.errors import SmidgenError


@pytest.fixture
def tiny_engine(tmp_path, monkeypatch):
    """An engine of one function in a repository of its own."""
    engine = tmp_path / "firmware" / "engine"
    engine.mkdir(parents=True)
    (engine / "answer.c").write_text("int answer(void);\nint answer(void) { return 42; }\n")
    monkeypatch.setattr(_build, "_ENGINE", engine)
    monkeypatch.setattr(_build, "_REPOSITORY", tmp_path)
    return engine


def test_library_is_built_once_and_again_after_a_change(tiny_engine):
    first = _build.library_path()
    assert ctypes.CDLL(str(first)).answer() == 42
    before = first.stat().st_mtime_ns
    assert _build.library_path() == first and first.stat().st_mtime_ns == before
    (tiny_engine / "answer.c").write_text("int answer(void);\nint answer(void) { return 43; }\n")
    second = _build.library_path()
    assert second != first and ctypes.CDLL(str(second)).answer() == 43


def test_a_changed_header_builds_again(tiny_engine):
    first = _build.library_path()
    (tiny_engine / "answer.h").write_text("#define ANSWER 44\n")
    assert _build.library_path() != first


def test_engine_that_does_not_compile_leaves_nothing(tiny_engine):
    (tiny_engine / "broken.c").write_text("int broken(void) { return }\n")
    with pytest.raises(SmidgenError, match=r"(?s)does not compile.*broken\.c"):
        _build.library_path()
    left = [path for path in (tiny_engine.parents[1] / "build").rglob("*") if path.is_file()]
    assert left == []


def test_two_processes_build_at_once(tiny_engine, tmp_path):
    program = (
        "import sys, ctypes, pathlib; from smidgen import _build\n"
        f"_build._ENGINE = pathlib.Path({str(tiny_engine)!r}); _build._REPOSITORY = pathlib.Path({str(tmp_path)!r})\n"
        "sys.exit(ctypes.CDLL(str(_build.library_path())).answer())"
    )
    running = [subprocess.Popen([sys.executable, "-c", program]) for _ in range(3)]
    assert [process.wait() for process in running] == [42, 42, 42]
    assert [path.name for path in (tmp_path / "build").rglob("*") if path.is_file()] == [_build.LIBRARY_NAME]


def test_installed_library_is_taken_as_it_is(tiny_engine, tmp_path, monkeypatch):
    packaged = tmp_path / "package" / "_lib" / _build.LIBRARY_NAME
    packaged.parent.mkdir(parents=True)
    packaged.write_bytes(b"")
    monkeypatch.setattr(_build, "_PACKAGE", tmp_path / "package")
    assert _build.library_path() == packaged


def test_installation_without_library_or_sources_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(_build, "_PACKAGE", tmp_path)
    monkeypatch.setattr(_build, "_ENGINE", tmp_path / "nowhere")
    with pytest.raises(SmidgenError, match="install the smidgen package again"):
        _build.library_path()
