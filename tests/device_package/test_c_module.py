"""A native module's file is refused before MicroPython would run what is wrong with it."""

from __future__ import annotations

import sys

import pytest

from smidgen import native

ARMV6M, ARMV7M, RV32 = 4, 5, 11
END = b"smidgen\n"


def header(architecture: int, sub_version: int = 3) -> bytes:
    return bytes([ord("M"), 6, architecture << 2 | sub_version, 31])


def board(architecture: int, sub_version: int = 3) -> int:
    """sys.implementation._mpy of a MicroPython."""
    return 6 | (architecture << 2 | sub_version) << 8


@pytest.fixture
def refusal(python_package, tmp_path):
    """refusal(content, board): why a file with this content is not loaded there; None when it is."""
    module, path = python_package.module("c_module"), tmp_path / "_smidgen.mpy"

    def attempt(content: bytes, mpy: int) -> str | None:
        path.write_bytes(content)
        try:
            module._check(str(path), mpy)
        except python_package.error("EngineError") as error:
            return str(error).removeprefix(f"{path}: ")
        return None

    return attempt


def test_a_whole_file_for_this_board_is_loaded(refusal):
    assert refusal(header(ARMV6M) + bytes(100) + END, board(ARMV6M)) is None


def test_a_larger_arm_core_runs_what_a_smaller_one_does_not_the_other_way(refusal):
    assert refusal(header(ARMV6M) + END, board(ARMV7M)) is None
    assert refusal(header(ARMV7M) + END, board(ARMV6M)) == "made for armv7m, this board loads armv6m; deploy again"


def test_a_file_for_another_architecture_is_refused(refusal):
    assert refusal(header(RV32) + END, board(ARMV6M)) == "made for rv32imc, this board loads armv6m; deploy again"
    assert refusal(header(ARMV6M) + END, board(0)) == "made for armv6m, this board loads none; deploy again"


def test_a_file_of_another_format_is_refused(refusal):
    assert refusal(header(ARMV6M, 2) + END, board(ARMV6M)) == "made for another MicroPython; deploy again"


def test_an_old_micropython_is_named(refusal):
    text = refusal(header(ARMV6M) + END, board(ARMV6M, 2))
    assert text == f"needs MicroPython 1.23 or newer; this is {'.'.join(map(str, sys.version_info[:3]))}"


def test_a_file_cut_anywhere_is_refused(refusal):
    whole = header(ARMV6M) + bytes(20) + END
    for size in range(len(whole)):
        assert refusal(whole[:size], board(ARMV6M)) == "damaged or cut short; deploy again", size


def test_the_file_that_an_import_would_load_is_the_one_that_is_looked_at(python_package, tmp_path, monkeypatch):
    find = python_package.module("c_module")._native_file
    first, second = tmp_path / "first", tmp_path / "second"
    monkeypatch.setattr(sys, "path", ["/nowhere", str(first), str(second)])
    assert find() is None
    for folder in (second, first):
        folder.mkdir()
        (folder / "_smidgen.mpy").write_bytes(b"")
        assert find() == str(folder / "_smidgen.mpy")
    (first / "_smidgen.py").write_bytes(b"")
    assert find() is None


def test_board_and_host_number_architectures_alike(python_package):
    numbered = python_package.module("c_module").ARCHITECTURES
    assert [native.architecture_of(board(n)) or "none" for n in range(len(numbered))] == list(numbered)
