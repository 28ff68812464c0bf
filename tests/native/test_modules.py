"""Every native module builds from Debian's compilers, and is what the board takes it for."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from smidgen import native
from smidgen.bench import image as bench_image
from smidgen.bench.targets import TARGETS
from tests.support.debian import micropython, need, tool

build = tool("native")


@pytest.fixture(scope="module", params=build.TARGETS)
def modules(request) -> tuple[str, dict[str, Path]]:
    """An architecture and its modules."""
    need("native")
    return request.param, build.build(request.param, micropython())


def test_modules_are_whole_and_say_what_they_are_for(modules):
    architecture, files = modules
    assert list(files) == ["cnn", "keyword", "full"]
    for path in files.values():
        content = path.read_bytes()
        assert content[:2] == b"M\x06" and content[2] & 3 == 3
        assert native.architecture_of(content[2] << 8) == architecture
        assert content.endswith(build.END)
        assert b"_smidgen.mpy\0" in content[:40]  # and no path of this machine


def test_sets_are_listed_from_the_smallest_to_the_largest(modules):
    _, files = modules
    sizes = [path.stat().st_size for path in files.values()]
    assert sizes == sorted(sizes)
    assert list(json.loads(files["full"].with_name("modules.json").read_text())) == list(files)


def test_every_set_names_operators_of_the_format_that_the_engine_has():
    rows = build._rows(build.ENGINE / "kernels" / "table.h")
    for chosen in build.SMALL.values():
        assert set(chosen["operators"]) <= {row.operator for row in rows}


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


def test_division_on_armv6m_gives_the_quotients_and_rests_of_the_language(tmp_path):
    need("native")
    need("boards")
    target, image = TARGETS["m4"], tmp_path / "image.elf"
    port = Path(bench_image.__file__).parent / "target"
    (tmp_path / "all.ld").write_text(bench_image._linker_script(target))
    own = [Path(__file__).with_name("division_test.c"), build.NATIVE / "armv6m" / "divide.S", port / "cortex_m.c"]
    flags = ["-mthumb", "-mcpu=cortex-m0plus", "-O1", "-Wall", "-ffreestanding", "-nostdlib", f"-I{port}"]
    build._run([build.ARM + "gcc", *flags, "-T", "all.ld", *map(str, own), "-lgcc", "-o", str(image)], tmp_path)
    command, machine = target.machine
    options = ["-display", "none", "-monitor", "none", "-serial", "none", "-semihosting"]
    run = [command, "-machine", machine, *options, "-kernel", str(image)]
    done = subprocess.run(run, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120)
    assert done.stdout + done.stderr == "right\n"
