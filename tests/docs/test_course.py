"""The course's notebooks: they run from top to bottom and end on a simulated board that detects something; the
repository keeps them without outputs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import matplotlib.font_manager
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
def kernel(tmp_path_factory) -> Iterator[NotebookClient]:
    """One process for all notebooks, for it loads TensorFlow once, with a cache of their own as a reader's would be."""
    folder = tmp_path_factory.mktemp("course")
    fonts = matplotlib.get_cachedir()  # where the import above has listed them; matplotlib tells when that takes long
    settings = {"SMIDGEN_COURSE_RECIPE": "tiny", "XDG_CACHE_HOME": str(folder / "cache"), "MPLCONFIGDIR": fonts}
    client = NotebookClient(read("keyword"), timeout=LIMIT_S, resources={"metadata": {"path": str(folder)}})
    with client.setup_kernel(env={**os.environ, **settings}):
        yield client


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_a_notebook_runs_from_top_to_bottom_and_its_board_detects_something(name, kernel):
    notebook = kernel.nb = read(name)
    notebook.cells.append(nbformat.v4.new_code_cell("%reset -f"))  # the next one finds no names
    kernel.reset_execution_trackers()
    for number, cell in enumerate(notebook.cells):
        kernel.execute_cell(cell, number)
    assert re.search(NOTEBOOKS[name], printed(notebook), re.MULTILINE)
    folder = Path(kernel.resources["metadata"]["path"])
    assert (folder / "build" / "course" / name / "model.smg").exists()
