"""The course's notebooks: they run from top to bottom and end on a simulated board that detects something; the
repository keeps them without outputs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

COURSE = Path(__file__).parents[2] / "docs" / "course"
NOTEBOOKS = {
    "keyword": r"^ +[\d.]+ s  (?:yes|no)  \d+ %$",
    "gesture": r"^ +[\d.]+ s  (?:ring|slope|wing)  \d+ %$",
    "vision": r"^ +[\d.]+ s  face  \d+ %$",
    "anomaly": r"^ +[\d.]+ s  \d+ %  alarm$",
}
LIMIT_S = 600


def read(name: str) -> nbformat.NotebookNode:
    return nbformat.read(COURSE / f"{name}.ipynb", as_version=4)


def printed(notebook: nbformat.NotebookNode) -> str:
    """What all cells print; an error ends the execution before this."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert not [output.text for output in outputs if output.get("name") == "stderr"]
    return "".join(output.text for output in outputs if output.get("name") == "stdout")


def test_every_notebook_is_run_and_listed():
    assert {path.stem for path in COURSE.glob("*.ipynb")} == set(NOTEBOOKS)
    text = (COURSE / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\((\w+)\.ipynb\)", text)) == set(NOTEBOOKS)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebooks_are_kept_without_outputs(name):
    notebook = read(name)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs") and cell.get("execution_count") is None and not cell.metadata


@pytest.fixture(scope="module")
def cache(tmp_path_factory) -> Path:
    """A cache of their own, shared by the notebooks as a reader's would be."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom_and_its_board_detects_something(name, tmp_path, cache):
    notebook = read(name)
    settings = {"SMIDGEN_COURSE_RECIPE": "tiny", "XDG_CACHE_HOME": str(cache)}
    client = NotebookClient(notebook, timeout=LIMIT_S, resources={"metadata": {"path": str(tmp_path)}})
    client.execute(env={**os.environ, **settings})
    assert re.search(NOTEBOOKS[name], printed(notebook), re.MULTILINE)
    assert (tmp_path / "build" / "course" / name / "model.smg").exists()
