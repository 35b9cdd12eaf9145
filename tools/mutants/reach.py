"""Which tests reach which line of the package: a mutant is shown to these alone, the quickest first."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from coverage import Coverage

FILE_WIDE = "file:"
"""Begins the context of what a test file does on import and in set-up: any of its tests may rest on it."""


@dataclass(frozen=True)
class Reach:
    """``lines``: by source file and line the contexts that ran it; ``seconds``: how long each test took."""

    lines: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def tests(self, source: Path, line: int) -> list[str]:
        """The tests that run the statement at a line, or for one run on import all that run the file."""
        ran = self.lines.get(str(source), {})
        wanted = statement(source.read_text(encoding="utf-8"), line) or range(max(ran, default=0) + 1)
        contexts = {context for number in wanted for context in ran.get(number, ())}
        files = {context.removeprefix(FILE_WIDE) for context in contexts}
        reached = (test for test in self.seconds if test in contexts or test.split("::")[0] in files)
        return sorted(reached, key=self.seconds.__getitem__)


def statement(source: str, line: int) -> range | None:
    """The lines of the innermost statement of a function at a line; of one with a body its head alone."""
    holding = [node for node in _statements(ast.parse(source)) if line in _lines(node)]
    return _lines(holding[-1]) if holding else None


def _statements(tree: ast.AST, inside: bool = False) -> Iterator[ast.stmt]:
    """The statements in functions, outer ones before inner ones."""
    for node in ast.iter_child_nodes(tree):
        if inside and isinstance(node, ast.stmt) and not isinstance(node, ast.FunctionDef):
            yield node
        yield from _statements(node, inside or isinstance(node, ast.FunctionDef))


def _lines(node: ast.stmt) -> range:
    body = getattr(node, "body", None)
    end = body[0].lineno - 1 if body else node.end_lineno or node.lineno
    return range(node.lineno, max(end, node.lineno) + 1)


class Watch:
    """A plugin of pytest that notes which lines each test runs, and how long it takes."""

    def __init__(self, package: Path) -> None:
        self._coverage = Coverage(data_file=None, source=[str(package)])
        self._seconds: dict[str, float] = {}

    def reach(self, tests: Sequence[str], words: Sequence[str]) -> Reach:
        """Run the tests and tell; all must pass."""
        self._coverage.start()
        verdict = pytest.main([*words, *tests], plugins=[self])
        self._coverage.stop()
        if verdict != 0:
            raise RuntimeError(f"the tests fail without any change: {verdict}")
        data = self._coverage.get_data()
        lines = {name: dict(data.contexts_by_lineno(name)) for name in data.measured_files()}
        return Reach(lines, self._seconds)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Iterator[None]:
        self._coverage.switch_context(FILE_WIDE + collector.nodeid)
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(FILE_WIDE + item.nodeid.split("::")[0])
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        self._coverage.switch_context(item.nodeid)
        started = time.monotonic()
        try:
            return (yield)
        finally:
            self._seconds[item.nodeid] = time.monotonic() - started


class Chosen:
    """A plugin of pytest that runs the named tests only, in the order of the names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._order = {name: number for number, name in enumerate(names)}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        wanted = [item for item in items if item.nodeid in self._order]
        items[:] = sorted(wanted, key=lambda item: self._order[item.nodeid])
