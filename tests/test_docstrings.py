"""A public function says which errors it raises; that every public name has a docstring, ruff holds (D1)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_structure import SOURCE, source_files


def raised(function: ast.FunctionDef) -> set[str]:
    """The kinds of error that the function's own lines make."""
    calls = (node.exc for node in ast.walk(function) if isinstance(node, ast.Raise))
    names = (call.func.id for call in calls if isinstance(call, ast.Call) and isinstance(call.func, ast.Name))
    return {name for name in names if name.endswith("Error")}


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods of public classes; a file's ``write`` and the like are as Python defines them."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.bases]
    for holder in (tree, *(node for node in classes if not node.name.startswith("_"))):
        for node in holder.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node


@pytest.mark.parametrize("file", source_files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_public_function_says_which_errors_it_raises(file: Path) -> None:
    for function in public_functions(ast.parse(file.read_text(encoding="utf-8"))):
        _, _, told = (ast.get_docstring(function) or "").partition("Raises:")
        missing = {kind for kind in raised(function) if kind not in told}
        assert not missing, f"{function.name} raises {missing} and does not say so"
