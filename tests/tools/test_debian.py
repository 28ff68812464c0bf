"""What comes from Debian: said in one line where it cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.debian import micropython, tool

debian = tool("debian")


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that is not Debian, and has nothing yet."""
    monkeypatch.setattr(debian, "_on_debian", lambda: False)
    monkeypatch.setattr(debian, "missing", lambda group: ["some-gcc", "some-qemu"])
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("MPY_DIR", raising=False)


def test_source_is_found_and_is_the_version_that_it_says() -> None:
    folder = micropython()
    major, minor, micro = debian.VERSION.split(".")
    config = (folder / "py/mpconfig.h").read_text()
    for name, value in (("MAJOR", major), ("MINOR", minor), ("MICRO", micro)):
        assert f"MICROPY_VERSION_{name} {value}\n" in config


def test_a_source_of_one_s_own_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MPY_DIR", str(tmp_path))
    with pytest.raises(SystemExit, match=r"not MicroPython's source: there is no py/mpconfig\.h in it"):
        debian.micropython()
    (tmp_path / "py").mkdir()
    (tmp_path / "py/mpconfig.h").touch()
    assert debian.micropython() == tmp_path


@pytest.mark.usefixtures("elsewhere")
def test_what_cannot_be_had_is_named_with_the_line_that_gets_it(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match=r"as root on Debian: apt-get install -y some-gcc some-qemu$"):
        debian.install("boards")
    with pytest.raises(SystemExit, match="set MPY_DIR to a folder"):
        debian.micropython()
    assert debian.main(["--tests"]) == 0
    assert capsys.readouterr().out.startswith("Some tests will be skipped: packages are missing")


def test_a_group_that_is_none_is_named() -> None:
    with pytest.raises(SystemExit, match="compilers: choose from boards, native, voices, source, or --"):
        debian.main(["compilers"])
