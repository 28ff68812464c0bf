"""Which native module a board gets."""

from __future__ import annotations

from functools import cache

import pytest

from smidgen import _format as fmt
from smidgen import native, resources
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.errors import EngineError
from tests.support.samples import SAMPLES


@cache
def blob(name: str) -> Blob:
    return convert(SAMPLES[name](), name)


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A clone in which armv6m and armv7m have been built."""
    for architecture in ("armv6m", "armv7m"):
        folder = tmp_path / "build" / "native" / architecture
        folder.mkdir(parents=True)
        for name in ("cnn", "full"):
            (folder / f"{name}.mpy").write_bytes(b"")
    table = tmp_path / "firmware" / "native" / "sets.toml"
    table.parent.mkdir(parents=True)
    table.write_bytes(resources.find("firmware/native/sets.toml").read_bytes())
    monkeypatch.setattr(resources, "_CLONE", tmp_path)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)


def test_the_smallest_set_that_covers_the_model_is_taken(built):
    assert native.choose(blob("keyword"), "armv6m").parts[-2:] == ("armv6m", "cnn.mpy")
    assert native.choose(blob("lstm"), "armv6m").parts[-2:] == ("armv6m", "full.mpy")


def test_an_architecture_without_modules_takes_those_that_it_runs(built):
    assert native.choose(blob("keyword"), "armv7em").parts[-2] == "armv7m"


def test_a_module_that_is_missing_is_an_error_that_names_the_command(built):
    with pytest.raises(EngineError, match=r"no native module for rv32imc here; .* `make native` builds it"):
        native.choose(blob("keyword"), "rv32imc")


def test_sets_name_operators_of_the_format():
    assert all(set(operators) <= set(fmt.OPERATORS) for operators in native.sets().values())


@pytest.mark.parametrize(
    "mpy, architecture",
    [(0, None), (0x306, None), (0x1306, "armv6m"), (0x2B06 | 1 << 16, "xtensawin"), (0x2F06, "rv32imc")],
)
def test_what_a_board_says_of_itself_names_its_architecture(mpy, architecture):
    assert native.architecture_of(mpy) == architecture
