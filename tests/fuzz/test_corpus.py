"""The kept corpus, and every sample, through smg_open and an inference under the sanitizers."""

from __future__ import annotations

import os
import subprocess

import pytest

from smidgen import _format as fmt
from smidgen.blob import Blob
from tests.fuzz.build import CORPUS, build_replay, compiler_with
from tests.fuzz.seeds import seeds

INSTALL = "needs a compiler with AddressSanitizer: apt install clang, or dnf install gcc libasan libubsan"
MAX_FILES, MAX_BYTES = 300, 200_000


@pytest.fixture(scope="module")
def replay(tmp_path_factory):
    compiler = compiler_with("address,undefined")
    if compiler is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(INSTALL)
    program = tmp_path_factory.mktemp("replay") / "replay"
    build_replay(compiler, program)

    def run(files):
        result = subprocess.run([program, *files], capture_output=True, text=True, timeout=300)
        assert result.returncode == 0, result.stderr
        assert result.stdout == f"{len(files)} files, clean\n"

    return run


def test_corpus_runs_clean_under_the_sanitizers(replay):
    replay(sorted(CORPUS.iterdir()))


def test_samples_run_clean_under_the_sanitizers(replay, tmp_path):
    for name, content in seeds().items():
        (tmp_path / name).write_bytes(content)
    replay(sorted(tmp_path.iterdir()))


def test_corpus_is_small():
    files = list(CORPUS.iterdir())
    assert 0 < len(files) < MAX_FILES
    assert sum(path.stat().st_size for path in files) < MAX_BYTES


def test_corpus_has_every_operator():
    found = set()
    for path in CORPUS.glob("*.smg"):
        found |= {op.name for op in Blob.from_bytes(path.read_bytes(), path.name).operators}
    assert found == fmt.OPERATORS.keys()
