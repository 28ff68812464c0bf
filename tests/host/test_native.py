"""Which native module a board gets."""

from __future__ import annotations

import json
from functools import cache

import pytest

from smidgen import native, resources
from smidgen.bench.networks import mobilenet
from smidgen.blob import Blob
from smidgen.convert import convert
from smidgen.convert.pack import pack
from smidgen.errors import EngineError
from tests.support.keyword_model import keyword_model
from tests.support.samples import SAMPLES

CNN = ["CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "AVERAGE_POOL_2D", "SOFTMAX"]
MODULES = {
    "cnn": {"kernels": [[name, "PLAIN"] for name in CNN], "audio": False, "second_core": False},
    "keyword": {"kernels": [[name, "PLAIN"] for name in CNN], "audio": True, "second_core": True},
    "full": {"kernels": [[name, "PLAIN"] for name in [*CNN, "LSTM"]], "audio": True, "second_core": True},
}


@cache
def blob(name: str) -> Blob:
    return convert(SAMPLES[name](), name)


@pytest.fixture
def built(tmp_path, monkeypatch):
    """A clone in which armv6m and armv7m have been built."""
    for architecture in ("armv6m", "armv7m"):
        folder = tmp_path / "build" / "native" / architecture
        folder.mkdir(parents=True)
        (folder / "modules.json").write_text(json.dumps(MODULES))
    monkeypatch.setattr(resources, "_CLONE", tmp_path)
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)


def test_the_smallest_module_that_covers_the_model_is_taken(built):
    assert native.choose(blob("keyword"), "armv6m").parts[-2:] == ("armv6m", "cnn.mpy")
    assert native.choose(blob("lstm"), "armv6m").name == "full.mpy"


def test_a_model_that_listens_gets_the_front_end(built):
    assert native.choose(Blob.from_bytes(keyword_model()), "armv6m").name == "keyword.mpy"


def test_a_program_for_two_cores_gets_a_module_that_shares_its_work(built):
    assert native.choose(blob("keyword"), "armv6m", cores=2).name == "keyword.mpy"


def test_an_architecture_without_modules_takes_those_that_it_runs(built):
    assert native.choose(blob("keyword"), "armv7em").parts[-2] == "armv7m"


def test_a_module_that_is_missing_is_an_error_that_names_the_command(built):
    with pytest.raises(EngineError, match=r"no native module for rv32imc here; .* `make native` builds it"):
        native.choose(blob("keyword"), "rv32imc")
    with pytest.raises(EngineError, match="no native module for armv6m runs this model; `make native` builds new ones"):
        native.choose(pack(convert(mobilenet(3), "mobilenet"), "ARMV6M"), "armv6m")


@pytest.mark.parametrize(
    "mpy, architecture",
    [(0, None), (0x306, None), (0x1306, "armv6m"), (0x2B06 | 1 << 16, "xtensawin"), (0x2F06, "rv32imc")],
)
def test_what_a_board_says_of_itself_names_its_architecture(mpy, architecture):
    assert native.architecture_of(mpy) == architecture
