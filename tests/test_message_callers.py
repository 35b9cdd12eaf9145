"""Every message is used, and whoever gives one gives the values that its words name.

A value that is not given would reach the user as ``$name``.
"""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

import pytest

from analysis import messages
from tests.test_structure import SOURCE, source_files

PLACE = {"file", "sheet", "row", "column"}
CONTRADICTION = {"first", "document", "line", "second", "difference", "indicator", "sector"}
ALWAYS: dict[str, set[str]] = {
    "AnalysisError": set(),
    "UsageError": set(),
    "Message": set(),
    "__init__": set(),
    "_note": set(),
    "_told": {"id", "reason", "expect", "value", "count"},
    "Contradiction": CONTRADICTION,
    "_differs": CONTRADICTION | {"stated", "counted", "evidence", "source", "campaign"},
}
"""Who makes messages, and the values that it adds to those that its callers give. Others add none."""
FAMILIES = ("word_doctor_", "word_", "unread_")
"""Codes that are put together: ``word("done")`` says ``word_done``."""


@dataclass(frozen=True)
class Told:
    """A message as one place in the code gives it: its code, the values with it, and who adds to them."""

    code: str
    given: frozenset[str]
    maker: str
    where: str


def named(code: str) -> set[str]:
    """The values that a message's words name."""
    found = chain.from_iterable(string.Template.pattern.findall(text) for text in messages.catalogue()[code])
    return {name or braced for _, name, braced, _ in found} - {""}


@cache
def told() -> tuple[Told, ...]:
    """Every message that the code gives by its code."""
    return tuple(chain.from_iterable(map(_told_in, source_files())))


def _told_in(file: Path) -> Iterator[Told]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for scope in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        for call in (node for node in ast.walk(scope) if isinstance(node, ast.Call)):
            maker = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            arguments = [_assigned(scope, call, argument) for argument in call.args]
            given = _given(call, [*arguments, *_values(scope, call)])
            if given is not None and (given or maker in ALWAYS):
                for code in _codes(arguments):
                    yield Told(code, frozenset(given), maker, f"{file.name}:{call.lineno}")


def _assigned(scope: ast.FunctionDef, call: ast.Call, argument: ast.expr) -> ast.expr:
    """What a variable was last given above a call; anything else as it is."""
    if not isinstance(argument, ast.Name):
        return argument
    found = argument
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value and node.lineno < call.lineno:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if argument.id in {getattr(target, "id", "") for target in targets}:
                found = max(found, node.value, key=lambda one: one.lineno * (one is not argument))
    return found


def _values(scope: ast.FunctionDef, call: ast.Call) -> Iterator[ast.expr]:
    yield from (_assigned(scope, call, one.value) for one in call.keywords if one.arg == "values")


def _codes(arguments: list[ast.expr]) -> Iterator[str]:
    """The codes among a call's arguments, both of a choice."""
    for argument in arguments:
        for part in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
            if isinstance(part, ast.Constant) and part.value in messages.catalogue():
                yield str(part.value)


def _given(call: ast.Call, arguments: list[ast.expr]) -> set[str] | None:
    """The names of the values that a call gives; None where the code alone does not say."""
    names = {keyword.arg for keyword in call.keywords} - PLACE
    held = [argument for argument in arguments if isinstance(argument, ast.Dict)]
    keys = {str(key.value) for one in held for key in one.keys if isinstance(key, ast.Constant)}
    if None in names or ("values" in names and not held):
        return None
    return {str(name) for name in names - {"values"}} | keys


def test_the_reading_of_the_code_finds_what_it_is_for() -> None:
    """So that the tests below compare something: values of a dictionary or keywords, a choice of codes."""
    found = {one.code: one for one in told()}
    assert found["facts_unread"].given == {"name", "numbers", "missing"}
    assert found["scheduler_lost"].given == {"address", "left"}
    assert found["csv_encoding"]
    assert found["contradiction_unit"].given == {"value", "unit"}


@pytest.mark.parametrize("code", messages.catalogue())
def test_every_message_is_used(code: str) -> None:
    literals = _literals()
    parts = {code, *(code.removeprefix(family) for family in FAMILIES if code.startswith(family))}
    assert parts & literals, "no code gives this message: remove it"


@cache
def _literals() -> frozenset[str]:
    trees = (ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE.rglob("*.py"))
    nodes = chain.from_iterable(map(ast.walk, trees))
    return frozenset(n.value for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, str))


@pytest.mark.parametrize("code", sorted({one.code for one in told()}))
def test_every_caller_gives_what_the_words_name(code: str) -> None:
    for one in told():
        if one.code == code:
            missing = named(code) - one.given - ALWAYS.get(one.maker, set())
            assert not missing, f"{one.where} gives no {missing}: the user would read ${min(missing)}"


@pytest.mark.parametrize("code", sorted(messages.catalogue().keys() - {one.code for one in told()}))
def test_what_is_told_of_a_cell_names_its_value_alone(code: str) -> None:
    """The rest are reasons of the quarantine, which knows the cell, and words of one language each."""
    assert named(code) <= {"value"}
