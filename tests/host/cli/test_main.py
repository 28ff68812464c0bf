"""What every verb shares: help, version, errors, exit codes."""

from __future__ import annotations

import errno
import re
import sys
import tomllib
from pathlib import Path

import pytest
import typer

from smidgen import __version__, cli
from smidgen.cli.app import app
from smidgen.errors import Interrupted
from tests.host.cli.conftest import fails_with_one_line

VERBS = (
    *("demo", "train keyword", "evaluate", "convert", "inspect", "check", "run", "profile", "listen", "sim"),
    *("deploy", "repl", "export"),
)


def test_version_is_the_package_s(smidgen):
    assert smidgen.apart("--version").stdout == f"smidgen {__version__}\n"


def test_without_arguments_it_shows_its_verbs(smidgen):
    result = smidgen()
    assert result.returncode == 0
    for verb in VERBS:
        assert re.search(rf"^  {verb.split()[0]} +\w", result.stdout, re.MULTILINE), verb


@pytest.mark.parametrize("verb", VERBS)
def test_help_fits_a_terminal_and_explains_every_option(smidgen, verb):
    result = smidgen(*verb.split(), "--help")
    assert result.returncode == 0
    assert max(map(len, result.stdout.splitlines())) <= 80
    for line in result.stdout.splitlines():
        if line.startswith("  --") and not line.endswith(">"):
            assert re.search(r"  \w", line.strip()), f"no explanation: {line}"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["bogus"], ["bogus", "smidgen --help"]),
        (["convert"], ["MODEL", "smidgen convert --help"]),
        (["convert", "x.tflite", "--bogus"], ["--bogus", "smidgen convert --help"]),
        (["profile", "x.smg", "--runs", "0"], ["--runs"]),
    ],
)
def test_a_wrong_command_line_is_one_line_that_points_to_the_help(smidgen, arguments, words):
    fails_with_one_line(smidgen(*arguments), *words)


def test_output_to_a_pipe_has_no_colours(smidgen, tflite):
    for arguments in (["--help"], ["inspect", tflite]):
        assert "\x1b" not in smidgen.apart(*arguments).stdout


def test_a_missing_extra_is_named_and_exists(smidgen, tflite):
    block = "import sys; sys.modules.update(dict.fromkeys(('matplotlib', 'tensorflow')))"
    smidgen.line = [sys.executable, "-c", f"{block}; from smidgen.cli import main; main()"]
    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    for arguments, extra, package in (
        (("inspect", tflite, "--map", "map.svg"), "demo", "matplotlib"),
        (("train", "keyword"), "train", "tensorflow"),
    ):
        fails_with_one_line(smidgen.apart(*arguments), f"pip install 'smidgen[{extra}]'")
        assert any(wanted.startswith(package) for wanted in extras[extra])


def run_main(monkeypatch, capsys, error: BaseException) -> tuple[int, str]:
    """main() when the command raises `error`: its exit status and what it wrote to stderr."""

    def fail(*_arguments, **_options):
        raise error

    monkeypatch.setattr("smidgen.cli.app.app", fail)
    with pytest.raises(SystemExit) as stop:
        cli.main()
    return stop.value.code, capsys.readouterr().err


def test_ctrl_c_ends_with_130_and_one_line(monkeypatch, capsys):
    for error in (KeyboardInterrupt(), Interrupted("stopped while training; run it again")):
        status, said = run_main(monkeypatch, capsys, error)
        assert status == 130
        assert said.startswith("smidgen: stopped") and said.count("\n") == 1


def test_a_full_disk_is_the_user_s_to_mend(monkeypatch, capsys):
    full = OSError(errno.ENOSPC, "No space left on device", "build/model.smg")
    assert run_main(monkeypatch, capsys, full) == (1, "smidgen: build/model.smg: No space left on device\n")


def test_what_is_not_the_user_s_fault_keeps_its_traceback(monkeypatch):
    def fail(*_arguments, **_options):
        raise error

    for error in (ValueError("ours"), OSError(errno.EBADF, "Bad file descriptor")):
        monkeypatch.setattr("smidgen.cli.app.app", fail)
        with pytest.raises(type(error)):
            cli.main()


def test_every_verb_that_only_reads_speaks_json():
    changes = {"demo", "flash", "sim", "record", "run-on", "repl", "export"}  # or talks with the user
    verbs = typer.main.get_command(app).commands
    silent = {name for name, verb in verbs.items() if not any(o.name == "as_json" for o in all_options(verb))}
    assert silent == changes


def all_options(verb):
    """Of a verb, or of all below it."""
    return [option for each in getattr(verb, "commands", {"": verb}).values() for option in each.params]
