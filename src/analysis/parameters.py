"""The parameters of the notebooks: what may be given, of what type, and which values are allowed.

The command line checks them before a kernel starts; the first cell of each notebook checks them again, since
papermill alone only warns about unknown names.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from analysis.messages import UsageError
from analysis.period import PARTS, Period

_DIGITS = re.compile(r"[0-9]{1,6}")
BY_OPTION = ("year", "period", "county", "processed")
"""Said on the command line in its own way; with -p as well, one of the two would be ignored in silence."""
EDITIONS = ("internal", "leadership", "public")


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a notebook, as its parameters cell names them.

    ``period`` is a part of the year, empty for all; ``county`` a six-digit code, empty for the only one;
    ``as_of`` an ISO day, empty for the default; ``processed`` a folder, empty for the project's own.
    """

    year: int
    period: str = ""
    county: str = ""
    as_of: str = ""
    baseline_years: int = 5
    edition: str = "internal"
    processed: str = ""

    @property
    def reporting_period(self) -> Period:
        """Year and part as a period."""
        return Period(self.year, self.period)


def _is_day(text: str) -> bool:
    try:
        return text == "" or bool(date.fromisoformat(text))
    except ValueError:
        return False


_TYPES: dict[str, type] = {field.name: int if field.type == "int" else str for field in fields(Parameters)}
_ALLOWED: dict[str, tuple[Callable[[Any], bool], str]] = {
    "year": (lambda value: 1990 <= value <= 2100, "1990–2100"),
    "period": (lambda value: value in PARTS, "、".join(part or '""' for part in PARTS)),
    "county": (lambda value: value == "" or (len(value) == 6 and value.isdigit()), "990101"),
    "as_of": (_is_day, "2023-12-31"),
    "baseline_years": (lambda value: 0 <= value <= 30, "0–30"),
    "edition": (lambda value: value in EDITIONS, "、".join(EDITIONS)),
}


def check(given: Mapping[str, object]) -> Parameters:
    """Return the parameters if every name, type and value is allowed.

    Raises:
        UsageError: ``parameter_unknown``, ``parameter_type``, ``parameter_value`` or ``parameter_missing``;
            each names what is allowed.
    """
    for name, value in given.items():
        _check_one(name, value)
    if "year" not in given:
        raise UsageError("parameter_missing", name="year")
    return Parameters(**given)  # type: ignore[arg-type]


def parse(pairs: Iterable[tuple[str, str]]) -> dict[str, object]:
    """Turn the command line's ``-p NAME VALUE`` words into typed values; only literals, nothing is evaluated.

    Raises:
        UsageError: as ``check`` does.
    """
    given: dict[str, object] = {}
    for name, word in pairs:
        kind = _known(name)
        if name in BY_OPTION:
            raise UsageError("parameter_by_option", name=name)
        value: object = int(word) if kind is int and _DIGITS.fullmatch(word) else word
        _check_one(name, value)
        given[name] = value
    return given


def assigned_names(source: str) -> list[str]:
    """List the names that a parameters cell assigns, in order; what does not parse assigns nothing."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    targets = [target for node in body if isinstance(node, ast.Assign) for target in node.targets]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def names() -> tuple[str, ...]:
    """The allowed names."""
    return tuple(_TYPES)


def as_dict(parameters: Parameters) -> dict[str, object]:
    """The parameters as papermill takes them."""
    return asdict(parameters)


def _known(name: str) -> type:
    if name not in _TYPES:
        raise UsageError("parameter_unknown", name=name, allowed="、".join(_TYPES))
    return _TYPES[name]


def _check_one(name: str, value: object) -> None:
    kind = _known(name)
    if type(value) is not kind:
        raise UsageError("parameter_type", name=name, value=value, kind=kind.__name__)
    allowed, example = _ALLOWED.get(name, (lambda _: True, ""))
    if not allowed(value):
        raise UsageError("parameter_value", name=name, value=value, allowed=example)
