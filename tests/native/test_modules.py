"""Every native module builds from Debian's compilers, and is what the board takes it for."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from smidgen import native
from tests.support.debian import micropython, need, tool

build = tool("native")


@pytest.fixture(scope="module", params=build.TARGETS)
def modules(request) -> tuple[str, dict[str, Path]]:
    """An architecture and its modules."""
    need("native")
    return request.param, build.build(request.param, micropython())


def test_modules_are_whole_and_say_what_they_are_for(modules):
    architecture, files = modules
    assert list(files) == [*native.sets(), native.FULL]
    for path in files.values():
        content = path.read_bytes()
        assert content[:2] == b"M\x06" and content[2] & 3 == 3
        assert native.architecture_of(content[2] << 8) == architecture
        assert content.endswith(build.END)
        assert b"_smidgen.mpy\0" in content[:40]  # and no path of this machine


def test_the_small_set_is_much_smaller(modules):
    _, files = modules
    assert files["cnn"].stat().st_size < 0.65 * files["full"].stat().st_size


def test_nothing_is_done_twice_and_a_lost_file_is_made_again():
    need("native")
    first = build.build("x64", micropython())
    before = [path.stat().st_mtime_ns for path in first.values()]
    assert [path.stat().st_mtime_ns for path in build.build("x64", micropython()).values()] == before
    first["cnn"].unlink()
    assert build.build("x64", micropython())["cnn"].exists()


def test_an_architecture_that_there_is_none_of_is_named():
    with pytest.raises(SystemExit, match=r"avr: no such architecture; there are armv6m, armv7m, "):
        build.main(["avr"])


def test_the_board_looks_for_the_bytes_with_which_every_file_ends():
    board = (build.FIRMWARE / "lib" / "smidgen" / "c_module.py").read_text()
    assert f"_END = {build.END!r}".replace("'", '"') in board


def test_xtensa_helpers_give_the_products_quotients_and_shifts_of_the_language(tmp_path):
    """Compiled for this machine under other names, beside what its compiler does."""
    need("native")
    assert shutil.which("gcc")
    source = Path(__file__).with_name("helpers_test.c")
    helpers = build.NATIVE / "xtensa" / "helpers.c"
    program = tmp_path / "helpers"
    build._run(["gcc", "-O1", "-Wall", f'-DHELPERS="{helpers}"', str(source), "-o", str(program)])
    assert build._run([str(program)]) == "same\n"
