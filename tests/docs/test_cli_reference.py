"""docs/cli.md is what the command says of itself."""

from __future__ import annotations

import runpy
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_cli_reference_is_fresh():
    page = runpy.run_path(str(ROOT / "tools" / "cli_docs.py"))["page"]()
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == page, "run: python tools/cli_docs.py"


def test_cli_reference_has_every_verb():
    from smidgen.cli.app import app

    text = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    verbs = [command.callback.__name__.replace("_", "-") for command in app.registered_commands]
    assert len(verbs) > 8
    for verb in [*verbs, "train keyword"]:
        assert f"\n## smidgen {verb}\n" in text
