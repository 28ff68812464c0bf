"""README and guides: their commands are commands, their links lead somewhere, and the short ones run."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

from smidgen.cli.app import app
from tests.host.cli.conftest import Command

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
GUIDES = [
    ROOT / "README.md",
    DOCS / "getting-started.md",
    DOCS / "pt" / "comece-aqui.md",
    DOCS / "firmware.md",
    DOCS / "ulab.md",
    DOCS / "keyword-spotting.md",
    DOCS / "motion-and-machines.md",
    DOCS / "vision.md",
    DOCS / "course" / "README.md",
]


def commands(guide: Path) -> list[list[str]]:
    """Every line of the guide's `sh` blocks, split as a shell would, comments left out."""
    blocks = re.findall(r"```sh\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [shlex.split(line, comments=True) for line in lines]


def named(guide: Path) -> str:
    return str(guide.relative_to(ROOT))


def make_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_every_command_of_a_guide_exists_with_its_options(guide):
    found = commands(guide)
    assert found
    for program, *arguments in found:
        if program == "make":
            assert set(arguments) <= make_targets(), arguments
        elif program == ".venv/bin/smidgen":
            assert_parses(arguments)
        else:
            assert program == ".venv/bin/mpremote", program


def test_paths_and_variables_for_micropython_s_build_are_there():
    """What a firmware of one's own is built with is not in `sh` blocks: it names folders of the reader's."""
    text = (DOCS / "firmware.md").read_text(encoding="utf-8")
    paths = re.findall(r"/path/to/smidgen/([\w./]+)", text)
    assert {"firmware/usermod", "firmware/usermod/micropython.cmake", "firmware/manifest.py"} <= set(paths)
    assert all((ROOT / path).exists() for path in paths)
    tflm = re.findall(r"^\| `(TFLM_\w+)` \|", text, re.MULTILINE)
    assert len(tflm) == 3
    for kind in ("mk", "cmake"):
        content = (ROOT / "firmware" / "usermod" / "tflm" / f"micropython.{kind}").read_text(encoding="utf-8")
        assert all(name in content for name in tflm), kind
    assert "SMIDGEN_OPTIMIZATION" in (ROOT / "firmware/usermod/smidgen/micropython.mk").read_text(encoding="utf-8")
    assert "viper=" in (ROOT / "firmware" / "manifest.py").read_text(encoding="utf-8")


def assert_parses(arguments: list[str]) -> None:
    """The command line is one that smidgen understands: verb, options and their values."""
    command = typer.main.get_command(app)
    context = command.make_context("smidgen", list(arguments), resilient_parsing=True)
    rest = [*context._protected_args, *context.args]
    while hasattr(command, "commands"):
        name, *rest = rest
        assert name in command.commands, arguments
        command = command.commands[name]
        context = command.make_context(name, rest, parent=context)
        rest = [*context._protected_args, *context.args]


@pytest.mark.parametrize("guide", GUIDES, ids=named)
def test_links_of_a_guide_lead_somewhere(guide):
    links = re.findall(r"\]\(([^)#]+)\)", guide.read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert link.startswith("https://") or (guide.parent / link).exists(), link


def test_readme_stays_short_and_names_the_two_commands():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) < 100
    assert ["make", "demo"] in commands(ROOT / "README.md") and ["make", "test"] in commands(ROOT / "README.md")


def test_ci_runs_the_readme_s_test_command():
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def what_make_demo_runs() -> list[str]:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    return shlex.split(re.search(r"^demo:.*\n\t\$\(BIN\)/smidgen (.*)$", makefile, re.MULTILINE)[1])


def demos() -> list[list[str]]:
    """The arguments of each demo that the README offers."""
    found = []
    for program, *arguments in commands(ROOT / "README.md"):
        if arguments[:1] == ["demo"]:
            found.append(what_make_demo_runs() if program == "make" else arguments)
    return found


@pytest.fixture(scope="module")
def smidgen(tmp_path_factory) -> Command:
    """In a folder that the demos share, and with a cache, as a user's would be."""
    folder = tmp_path_factory.mktemp("demos") / "here"
    folder.mkdir()
    return Command(folder)


@pytest.mark.parametrize("arguments", demos(), ids=" ".join)
def test_the_readme_s_demos_run_in_the_short_setting(smidgen, arguments):
    done = smidgen(*arguments, "--quick")
    assert done.returncode == 0, done.stderr
    report = Path(arguments[arguments.index("--out") + 1]) / "report.html"
    assert f"Report: {report}" in done.stdout and (smidgen.folder / report).exists()


def test_readme_s_python_is_the_board_s_own_demo():
    """The lines for the board are those of firmware/demos/keyword_spotting/main.py, up to what is printed."""
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    program = (ROOT / "firmware" / "demos" / "keyword_spotting" / "main.py").read_text(encoding="utf-8")
    assert "from smidgen import Listener, Microphone, Model" in block
    for text in (block, program):
        names = set(re.findall(r"\b(?:Listener|Microphone|Model)\(", text))
        assert names == {"Listener(", "Microphone(", "Model("}
        compile(text, "README", "exec")
