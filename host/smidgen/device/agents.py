"""Programs of ours that run on a board while it is asked something."""

from __future__ import annotations

import ast

from smidgen import resources


def source(name: str) -> str:
    """A file of firmware/agent without comments and docstrings: through a slow cable every byte counts."""
    tree = ast.parse(resources.find(f"firmware/agent/{name}").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.Module)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:]
    return ast.unparse(tree)
