"""What editors are told of the board's package is what it has: names, and the parameters of everything public."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.board import LIBRARY

STUB = Path(__file__).parents[2] / "firmware" / "typings" / "smidgen" / "__init__.pyi"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def homes() -> dict[str, str]:
    """The package's public names, and the modules that hold them."""
    for node in ast.parse((LIBRARY / "__init__.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "_HOMES":
            return ast.literal_eval(node.value)
    raise AssertionError("no _HOMES")


def definitions(path: Path) -> dict[str, ast.AST]:
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return {node.name: node for node in body if isinstance(node, (ast.ClassDef, *Function.__args__))}


def methods(node: ast.AST, known: dict[str, ast.AST]) -> dict[str, Function]:
    """Public ones and __init__; inherited ones too, as far as the base is known."""
    if not isinstance(node, ast.ClassDef):
        return {"()": node}
    found = {}
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in known:
            found |= methods(known[base.id], known)
    own = {child.name: child for child in node.body if isinstance(child, Function.__args__)}
    return found | {name: child for name, child in own.items() if name == "__init__" or not name.startswith("_")}


def parameters(function: Function) -> list[str]:
    return [argument.arg for argument in function.args.args]


@pytest.mark.parametrize("name", homes())
def test_a_public_name_is_typed_as_it_is(name):
    stubs = definitions(STUB)
    assert name in stubs
    known = definitions(LIBRARY / "stream.py")
    known |= definitions(LIBRARY / f"{homes()[name]}.py")
    real, told = methods(known[name], known), methods(stubs[name], stubs)
    assert set(told) - set(real) <= {"readinto"}, "told, but not there"  # Microphone's is made when it is opened
    assert set(real) <= set(told), "there, but not told"
    for method in set(real) & set(told):
        assert parameters(told[method]) == parameters(real[method]), method


def test_the_tensors_too():
    tensor = definitions(LIBRARY / "tensor.py")
    told = methods(definitions(STUB)["Tensor"], {})
    real = methods(tensor["Tensor"], {})
    assert {name: parameters(real[name]) for name in told} == {name: parameters(told[name]) for name in told}


def test_a_program_for_boards_type_checks_against_them(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(
        "from smidgen import Listener, Microphone, Model\n"
        "model = Model('model.smg')\n"
        "for word, score, time_ms in Listener(model, Microphone()):\n"
        "    print(word.upper(), score + 1, time_ms / 1000, model.memory['arena'] + 1)\n"
    )
    line = [sys.executable, "-m", "mypy", "--no-incremental", "--config-file", "", str(program)]
    environment = {"MYPYPATH": str(STUB.parents[1]), "PATH": ""}
    done = subprocess.run(line, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
