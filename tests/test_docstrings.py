"""Docstrings say what a caller must know: errors, the shape of what comes back, where a statistic comes from.

That every public name has a docstring, ruff holds (D1).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_structure import SOURCE, source_files

STATISTICS = sorted((SOURCE / "stats").glob("*.py"))
OWN_FORMS = {"__init__", "inputs", "results", "self_check"}
"""Rooms of the statistics that compute none: checks, results, and the published values themselves."""
ARRAYS = re.compile(r"\b(FloatArray|NDArray|DataFrame|Series)\b")
SHAPE = re.compile(
    r"\b(each|every|rows?|columns?|axis|length|index|one per|one a|number of)\b|×|dimension", re.IGNORECASE
)
PUBLISHED = re.compile(r"\b(1[6-9]|20)\d\d\b|\b(SciPy|scipy|statsmodels|pymannkendall|ruptures|HiGHS)\b")


def raised(function: ast.FunctionDef, helpers: dict[str, ast.FunctionDef]) -> set[str]:
    """The kinds of error that a function makes, its own lines or private helpers of its file."""
    found: set[str] = set()
    waiting, seen = [function], {function.name}
    while waiting:
        here = waiting.pop()
        open_nodes = _uncaught(here)
        found |= {name for node in open_nodes for name in _kind(node)}
        called = {getattr(node.func, "id", "") for node in open_nodes if isinstance(node, ast.Call)}
        called = called & helpers.keys() - seen
        seen |= called
        waiting += [helpers[name] for name in called if name.startswith("_")]
    return found


def _kind(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        name = getattr(node.exc.func, "id", "")
        yield from [name] * name.endswith("Error")


def _uncaught(function: ast.FunctionDef) -> set[ast.AST]:
    """What it does itself and at once, where nothing catches an error."""
    tried = [node for node in ast.walk(function) if isinstance(node, ast.Try) and node.handlers]
    apart = [line for node in tried for line in node.body]
    apart += [node for node in ast.walk(function) if isinstance(node, ast.Lambda)]
    return set(ast.walk(function)) - {inner for node in apart for inner in ast.walk(node)}


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Functions and methods of public classes; a file's ``write`` and the like are as Python defines them."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef) and not node.bases]
    for holder in (tree, *(node for node in classes if not node.name.startswith("_"))):
        for node in holder.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                yield node


def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", source_files(), ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_public_function_says_which_errors_it_raises(file: Path) -> None:
    tree = parsed(file)
    helpers = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for function in public_functions(tree):
        _, _, told = (ast.get_docstring(function) or "").partition("Raises:")
        missing = {kind for kind in raised(function, helpers) if kind not in told}
        assert not missing, f"{function.name} raises {missing} and does not say so"


@pytest.mark.parametrize("file", STATISTICS, ids=lambda file: file.stem)
def test_a_statistic_says_the_shape_of_the_arrays_that_it_gives(file: Path) -> None:
    """A type says that numbers come back, not one for what."""
    for function in public_functions(parsed(file)):
        returns = ast.unparse(function.returns) if function.returns else ""
        told = ast.get_docstring(function) or ""
        assert not ARRAYS.search(returns) or SHAPE.search(told), f"{function.name}: {told}"


@pytest.mark.parametrize(
    "file", [file for file in STATISTICS if file.stem not in OWN_FORMS], ids=lambda file: file.stem
)
def test_statistics_name_what_they_were_published_in_or_the_library_that_computes_them(file: Path) -> None:
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef)
    told = [ast.get_docstring(node) or "" for node in ast.walk(parsed(file)) if isinstance(node, documented)]
    assert PUBLISHED.search("\n".join(told))


HELPERS = """
def _a():
    raise ValueError("x")
def b():
    _a()
def c():
    try:
        _a()
    except ValueError:
        pass
"""


def test_an_undocumented_error_of_a_helper_is_found() -> None:
    """The reading above must be able to find something, and to let pass what is caught."""
    tree = ast.parse(HELPERS)
    helpers = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert raised(helpers["b"], helpers) == {"ValueError"}
    assert raised(helpers["c"], helpers) == set()
