"""What `import smidgen` brings on a board, and that its errors are the host's."""

from __future__ import annotations

import subprocess
import sys

import pytest

from smidgen import _format as fmt
from tests.support.board import LIBRARY


def test_importing_the_package_loads_nothing_else():
    program = "import sys, smidgen; print([m for m in sys.modules if m.startswith('smidgen.')])"
    command = [sys.executable, "-c", program]
    run = subprocess.run(command, cwd=LIBRARY.parent, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "name", ["Listener", "Microphone", "Model", "ModelError", "Recorded", "SmidgenError", "IMU", "Monitor", "Watcher"]
)
def test_the_package_has_its_names(package, name):
    value = getattr(package.root, name)
    assert value.__name__ == name
    assert package.root.__dict__[name] is value  # found once, kept


def test_the_readme_names_every_file():
    text = (LIBRARY / "README.md").read_text()
    assert [path.name for path in sorted(LIBRARY.glob("*.py")) if f"`{path.name}`" not in text] == []


def test_other_names_are_attribute_errors(package):
    with pytest.raises(AttributeError):
        package.root.Transformer  # noqa: B018


def test_errors_have_the_hosts_names_codes_and_texts(package):
    errors = package.module("errors")
    for code, kind in fmt.ERRORS.items():
        raised = errors.error_for(code, "x.smg")
        assert type(raised) is getattr(errors, kind.__name__)
        assert (type(raised).__name__, raised.code) == (kind.__name__, code)
        assert str(raised) == str(fmt.error_for(code, "x.smg"))
        assert isinstance(raised, errors.ModelError) and isinstance(raised, errors.SmidgenError)


def test_an_unknown_error_name_is_an_attribute_error(package):
    with pytest.raises(AttributeError):
        package.module("errors").NoSuchError  # noqa: B018
