"""assessment.yaml: the scoring sheets of the yearly assessment, checked before they score anything."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast, get_args

from analysis import vocabulary
from analysis.assessment import Grade, Item, Limit, Sheet, Step, Subject
from analysis.sources.yaml_files import Entry, entries

DIRECTIONS = ("higher", "lower")
COMPARATORS = ("at_least", "at_most")
FULL_MARKS = 100.0
"""What the weights add up to where a sheet does not say otherwise."""
PER = ("regulated_enterprises", "inspections")
"""What a count may be set against."""


def read(paths: Iterable[tuple[Path, str]]) -> tuple[Sheet, ...]:
    """The sheets of a county's year; of several files the innermost says the last word on a subject.

    Args:
        paths: Files and how messages call them, the outermost first.

    Raises:
        AnalysisError: ``yaml_invalid``, ``yaml_unknown_key``, ``yaml_value``, ``rules_missing``,
            ``rules_indicator``, ``rules_thresholds``, ``rules_order``, ``rules_weights`` or
            ``rules_repeated``, with file, line and key.
    """
    found: dict[Subject, Sheet] = {}
    for path, name in paths:
        sheets = [_sheet(entry) for entry in _distinct(entries(path, name), "subject")]
        found |= {sheet.subject: sheet for sheet in sheets}
    return tuple(found[subject] for subject in get_args(Subject) if subject in found)


def keys(kind: str) -> tuple[str, ...]:
    """The keys that a part of a sheet may have: sheet, item, step, cap, veto or grade."""
    return tuple(vocabulary.values(f"rules_{kind}"))


def _sheet(entry: Entry) -> Sheet:
    entry.check_keys(keys("sheet"))
    subject = cast(Subject, _one_of(entry, "subject", get_args(Subject)))
    items = tuple(_item(one, subject) for one in _distinct(entry.children("items"), "id"))
    if not items:
        entry.refuse("rules_missing", "items", name="items")
    full = _number(entry, "full_marks", 0, default=FULL_MARKS)
    if not math.isclose(total := sum(item.weight for item in items), full):
        entry.refuse("rules_weights", "items", total=f"{total:g}", full=f"{full:g}")
    grades = _grades(entry, full)
    return Sheet(
        _text(entry, "title"),
        subject,
        items,
        tuple(_limit(one, subject, full, "cap", ()) for one in entry.children("caps")),
        tuple(_limit(one, subject, full, "veto", grades) for one in entry.children("vetoes")),
        grades,
        _text(entry, "source", ""),
        entry.file,
    )


def _item(entry: Entry, subject: Subject) -> Item:
    entry.check_keys(keys("item"))
    indicator = _indicator(entry, "indicator", subject)
    weight = _number(entry, "weight", 0)
    if weight == 0:
        entry.refuse("yaml_value", "weight", value=0, example="20")
    higher = _one_of(entry, "direction", DIRECTIONS) == "higher"
    return Item(
        _text(entry, "id"),
        _text(entry, "name", vocabulary.name("indicator", indicator)),
        indicator,
        weight,
        higher,
        _per(entry, indicator, subject),
        *_ends(entry, higher),
        _steps(entry, higher, weight),
        _text(entry, "clause", ""),
    )


def _per(entry: Entry, indicator: str, subject: Subject) -> str | None:
    """What a count is set against; a rate has its own whole, and departments have no list of enterprises."""
    if entry.given.get("per") is None:
        return None
    if indicator in vocabulary.ratios():
        entry.refuse("yaml_value", "per", value=entry.given["per"], example="—")
    return _one_of(entry, "per", PER if subject == "township" else PER[1:])


def _ends(entry: Entry, higher: bool) -> tuple[float | None, float | None]:
    """Where an item without steps has no points, and where all; both or neither."""
    named = [key for key in ("zero_at", "full_at", "steps") if entry.given.get(key) is not None]
    if named == ["steps"]:
        return None, None
    if named != ["zero_at", "full_at"]:
        entry.refuse("rules_thresholds")
    zero, full = _number(entry, "zero_at"), _number(entry, "full_at")
    if zero == full or (full > zero) != higher:
        entry.refuse("rules_order", "full_at", direction="higher" if higher else "lower")
    return zero, full


def _steps(entry: Entry, higher: bool, weight: float) -> tuple[Step, ...]:
    """The steps from the best down; a better figure may not have fewer points."""
    found = []
    for one in entry.children("steps"):
        one.check_keys(keys("step"))
        found.append(Step(_number(one, "at"), _number(one, "points", 0, weight)))
    steps = sorted(found, key=lambda step: -step.at if higher else step.at)
    if any(better.at == worse.at or better.points < worse.points for better, worse in pairwise(steps)):
        entry.refuse("rules_order", "steps", direction="higher" if higher else "lower")
    return tuple(steps)


def _limit(entry: Entry, subject: Subject, full: float, kind: str, grades: Sequence[Grade]) -> Limit:
    entry.check_keys(keys(kind))
    named = [key for key in COMPARATORS if entry.given.get(key) is not None]
    if len(named) != 1:
        entry.refuse("rules_missing", name=" / ".join(COMPARATORS))
    grade = _one_of(entry, "grade", tuple(one.name for one in grades)) if entry.given.get("grade") else ""
    return Limit(
        _indicator(entry, "indicator", subject),
        cast(Any, named[0]),
        _number(entry, named[0]),
        _number(entry, "points", 0, full) if kind == "cap" else None,
        grade,
        _text(entry, "clause", ""),
    )


def _grades(entry: Entry, full: float) -> tuple[Grade, ...]:
    """The grades from the best down; the last begins at 0, so that every total has one."""
    found = []
    for one in _distinct(entry.children("grades"), "name"):
        one.check_keys(keys("grade"))
        found.append(Grade(_text(one, "name"), _number(one, "at", 0, full)))
    grades = tuple(sorted(found, key=lambda grade: -grade.at))
    if grades and (grades[-1].at != 0 or len({grade.at for grade in grades}) < len(grades)):
        entry.refuse("rules_grades", "grades")
    return grades


def _distinct(found: Iterable[Entry], key: str) -> Iterable[Entry]:
    """Entries of which no two have the same value of a key."""
    seen: set[object] = set()
    for entry in found:
        value = str(entry.given.get(key))
        if value in seen:
            entry.refuse("rules_repeated", key, value=value)
        seen.add(value)
        yield entry


def _indicator(entry: Entry, key: str, subject: Subject) -> str:
    allowed = [one.indicator for one in vocabulary.scored().values() if subject in one.subjects]
    code = _text(entry, key)
    if code not in allowed:
        whose = vocabulary.name("rules_subject", subject)
        entry.refuse("rules_indicator", key, value=code, subject=whose, allowed="、".join(allowed))
    return code


def _one_of(entry: Entry, key: str, allowed: tuple[str, ...]) -> str:
    value = _text(entry, key)
    if value not in allowed:
        entry.refuse("yaml_value", key, value=value, example="、".join(allowed))
    return value


def _text(entry: Entry, key: str, default: str | None = None) -> str:
    value = entry.given.get(key)
    if value is None and default is None:
        entry.refuse("rules_missing", key, name=key)
    if isinstance(value, dict | list):
        entry.refuse("yaml_value", key, value=value, example=f"{key}: …")
    return str(default if value is None else value)


def _number(
    entry: Entry,
    key: str,
    least: float = -math.inf,
    most: float = math.inf,
    *,
    default: float | None = None,
) -> float:
    value = entry.given.get(key, default)
    if value is None:
        entry.refuse("rules_missing", key, name=key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        entry.refuse("yaml_value", key, value=value, example="20")
    if not least <= value <= most:
        entry.refuse("yaml_value", key, value=value, example=f"{least:g}–{most:g}")
    return float(value)
