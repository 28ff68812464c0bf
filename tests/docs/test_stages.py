"""Data flows one way through the house: a stage imports the stages before it, never those after it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "host" / "smidgen"

# dataset -> features -> training -> .tflite -> .smg -> board -> prediction. Stages of one line stand side by side.
# Augmented scenes go through the front end as they are made, so `features` comes before `datasets`.
STAGES = [
    ["errors", "files", "resources", "_format", "_build"],
    ["features"],
    ["datasets"],
    ["models", "train"],
    ["graph", "reference", "quantise", "blob", "convert", "assemble", "microwakeword", "lifetimes"],
    [
        "engine",
        "python_engine",
        "pipeline",
        "monitor",
        "viewer",
        "verdict",
        "inspection",
        "profiling",
        "evaluation",
        "memory",
        "export",
        "native",
    ],
    ["boards", "device", "sim", "bench", "record", "microphone"],
    ["fit"],
    ["report"],
    ["demo"],
    ["cli"],
]
RANK = {name: rank for rank, names in enumerate(STAGES) for name in names}


def imports(path: Path) -> set[str]:
    """The package's modules or folders that a file imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "smidgen":
            names = [f"smidgen.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("smidgen.")}
    return found - {"__version__"}


def stage_files() -> list[tuple[str, Path]]:
    return [
        (path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path)
        for path in sorted(PACKAGE.rglob("*.py"))
        if path != PACKAGE / "__init__.py"
    ]


def test_every_module_belongs_to_a_stage():
    assert {stage for stage, _ in stage_files()} == set(RANK)


@pytest.mark.parametrize(("stage", "path"), stage_files(), ids=lambda value: getattr(value, "stem", value))
def test_no_stage_imports_a_later_one(stage, path):
    later = {name for name in imports(path) if RANK[name] > RANK[stage]}
    assert not later, f"{path.relative_to(PACKAGE)} imports {', '.join(sorted(later))}"


def test_the_oracle_imports_neither_tensorflow_nor_the_engine():
    for path in (PACKAGE / "reference").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "tensorflow" not in text.replace("TensorFlow", "").lower() and "engine" not in imports(path), path
