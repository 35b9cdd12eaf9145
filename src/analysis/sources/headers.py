"""Finds the table and the header row of a sheet, and says which column of the table each of its columns is.

A header may stand below title rows, over one to three rows, merged or not. Each column is matched by its
labels against columns.csv, after mapping.yaml; what stays unmatched is told with its nearest candidates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from itertools import pairwise

from analysis import vocabulary
from analysis.schema import RAW_TABLES
from analysis.sources.cells import is_blank, written
from analysis.sources.sidecars import IGNORE, FileMapping
from analysis.sources.workbooks import Sheet

MAX_TITLE_ROWS = 25
MAX_HEADER_ROWS = 3
SEARCHED_COLUMNS = 200
"""Headers are looked for this far to the right; once found, all columns are matched."""
ITEM = "item"
"""The column of a return in which each row names its indicator (指标)."""
_BRACKETS = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_MONTH = re.compile(r"(?:(?:19|20)\d\d年?)?(1[0-2]|0?[1-9])月份?")
_CHINESE_MONTHS = {f"{name}月": month for month, name in enumerate("一二三四五六七八九", 1)} | {
    "十月": 10,
    "十一月": 11,
    "十二月": 12,
}


@dataclass(frozen=True, slots=True)
class Bound:
    """What one column of a sheet is: a column of the table (None: only a month's value), from ``position`` (0
    is A), under ``header``. ``month`` and ``cumulative`` come from the header of a wide return.
    """

    position: int
    header: str
    column: str | None
    dropped: bool = False
    unit: str | None = None
    month: int | None = None
    cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Where a sheet's table is: ``top`` and ``height`` of the header (rows from 0), its columns, the headers
    that match nothing, and those that repeat a column that another header has.
    """

    table: str
    top: int
    height: int
    bounds: tuple[Bound, ...]
    unmatched: tuple[Bound, ...] = ()
    repeated: tuple[Bound, ...] = ()

    @property
    def first_row(self) -> int:
        """The first row below the header, from 0."""
        return self.top + self.height

    @property
    def columns(self) -> frozenset[str]:
        """The table's columns that the sheet has."""
        return frozenset(bound.column for bound in self.bounds if bound.column and not bound.dropped)

    def missing(self, given: Mapping[str, object]) -> list[vocabulary.Column]:
        """Required columns that neither the sheet nor ``given`` has."""
        return [
            column
            for column in vocabulary.columns(self.table)
            if column.required and column.origin == "file" and column.column not in {*self.columns, *given}
        ]


def find(sheet: Sheet, mapping: FileMapping) -> Layout | None:
    """The layout of a sheet's table, or None where no header of a known table stands."""
    if mapping.table == IGNORE:
        return None
    tables = [mapping.table] if mapping.table else list(RAW_TABLES)
    narrow = Sheet(
        sheet.name, [row[:SEARCHED_COLUMNS] for row in sheet.cells[: MAX_TITLE_ROWS + 3]], sheet.merged
    )
    tops = [mapping.header_row - 1] if mapping.header_row else range(min(MAX_TITLE_ROWS, len(narrow.cells)))
    heights = range(1, MAX_HEADER_ROWS + 1)
    best: tuple[float, Layout] | None = None
    for top in tops:
        for height in heights:
            labels = _labels(narrow, top, height)
            for table in tables:
                layout = _bind(table, top, height, labels, mapping)
                score = _score(layout, mapping)
                if score and (best is None or score > best[0]):
                    best = score, layout
    return best and _bind(
        best[1].table, best[1].top, best[1].height, _labels(sheet, best[1].top, best[1].height), mapping
    )


def _score(layout: Layout, mapping: FileMapping) -> float:
    """How many columns a layout explains; 0 where they do not make the table."""
    kept = [bound for bound in layout.bounds if not bound.dropped]
    if not _is_table(layout, kept, mapping):
        return 0
    required = sum(
        column.required for column in vocabulary.columns(layout.table) if column.column in layout.columns
    )
    return (
        len(kept) + required / 10 + len([b for b in layout.bounds if b.dropped]) / 100 - layout.height / 1000
    )


def _is_table(layout: Layout, kept: Sequence[Bound], mapping: FileMapping) -> bool:
    given = {*mapping.constants}
    required = [
        column.column
        for column in vocabulary.columns(layout.table)
        if column.required and column.origin == "file"
    ]
    if layout.table == "enforcement":
        counts = [b for b in kept if b.column is None or is_measure(b.column)]
        keys = [b for b in kept if b.column and not is_measure(b.column)]
        return len(counts) >= 2 or (bool(counts) and bool(keys))
    hits = len(layout.columns & {*required}) + len(given & {*required})
    return hits * 2 >= len(required) and len(layout.columns) >= (2 if len(required) <= 2 else 3)


@cache
def is_measure(column: str) -> bool:
    """Whether a column of the returns is counted, not a key."""
    kinds = {c.column: c.type for c in vocabulary.columns("enforcement")}
    return kinds.get(column) in ("integer", "money")


@cache
def measure_forms() -> dict[str, str]:
    """Normalised header → column, of what returns count."""
    return {
        vocabulary.normalise(form): column.column
        for column in vocabulary.columns("enforcement")
        if column.origin == "file" and is_measure(column.column)
        for form in (column.header, *column.aliases)
    }


# --- labels


def _labels(sheet: Sheet, top: int, height: int) -> list[tuple[str, ...]]:
    """Each column's header texts from top to bottom, merged cells and groups spread over what they cover."""
    rows = [[_label(cell) for cell in row] for row in sheet.cells[top : top + height]]
    for (first, left), (last, right) in sheet.merged:
        for row in range(max(first, top), min(last, top + len(rows) - 1) + 1):
            if first >= top:
                fill = rows[first - top][left] if left < len(rows[first - top]) else ""
                for column in range(left, min(right + 1, len(rows[row - top]))):
                    rows[row - top][column] = fill
    for upper, lower in pairwise(rows):
        for column in range(1, len(upper)):
            if not upper[column] and lower[column]:
                upper[column] = upper[column - 1]
    return [tuple(levels) for levels in zip(*rows, strict=True)]


def _label(cell: object) -> str:
    return "" if is_blank(cell) else vocabulary.normalise(written(cell)).strip("*:")


def _bind(
    table: str, top: int, height: int, labels: Sequence[tuple[str, ...]], mapping: FileMapping
) -> Layout:
    named = {vocabulary.normalise(header): column for header, column in mapping.columns.items()}
    bounds: dict[tuple[object, ...], Bound] = {}
    unmatched, repeated = [], []
    for position, levels in enumerate(labels):
        texts = tuple(dict.fromkeys(level for level in levels if level))
        if not texts:
            continue
        bound = _bound(table, position, texts, named)
        key = (bound.column, bound.month, bound.cumulative) if bound and not bound.dropped else (position,)
        if bound is None:
            unmatched.append(Bound(position, "/".join(texts), None))
        elif bound.column == IGNORE:
            continue
        elif key in bounds:
            repeated.append(bound)
        else:
            bounds[key] = replace(bound, unit=mapping.unit.get(bound.column or "", bound.unit))
    return Layout(table, top, height, tuple(bounds.values()), tuple(unmatched), tuple(repeated))


def _bound(table: str, position: int, texts: tuple[str, ...], named: Mapping[str, str]) -> Bound | None:
    header = "/".join(texts)
    for text in (header, "".join(texts), texts[-1]):
        if text in named:
            return Bound(position, header, named[text], unit=unit_in(header))
    found = _read_label(table, texts)
    return found and replace(found, position=position, header=header)


@cache
def _read_label(table: str, texts: tuple[str, ...]) -> Bound | None:
    """What the labels of one column say, from whole to part; None where they say nothing known."""
    plain = _known(table).get("".join(texts)) or (_known(table).get(texts[0]) if len(texts) == 1 else None)
    if plain:
        return _of(plain, texts)
    if table == "enforcement":
        return _read_measure(texts)
    return _by_parts(table, texts)


def _read_measure(texts: tuple[str, ...]) -> Bound | None:
    """A column of a return: its indicator, with 本月, 累计 or a month beside or within its label."""
    rest, month, cumulative = [], None, False
    for text in texts:
        bare, own_month, own_cumulative = _without_marks(text)
        month, cumulative = own_month or month, cumulative or own_cumulative
        rest += [bare] if bare else []
    if not rest:
        return Bound(0, "", None, month=month, cumulative=cumulative) if month else None
    found = _by_parts("enforcement", tuple(rest))
    if (
        found
        and found.column
        and not found.dropped
        and (is_measure(found.column) or not (month or cumulative))
    ):
        return replace(found, month=month, cumulative=cumulative)
    return found if found and found.dropped else None


def _without_marks(text: str) -> tuple[str, int | None, bool]:
    """A label without the words for 本月, 累计 or a month, and what they said."""
    marks = vocabulary.lookup("measure_column")
    if text in marks:
        return "", None, marks[text] == "cumulative"
    if found := _MONTH.fullmatch(text):
        return "", int(found[1]), False
    if text in _CHINESE_MONTHS:
        return "", _CHINESE_MONTHS[text], False
    for mark in sorted(marks, key=lambda mark: (-len(mark), mark)):
        for bare in (text.removeprefix(mark), text.removesuffix(mark), text.replace(f"({mark})", "")):
            if bare != text:
                return bare.strip("-_/"), None, marks[mark] == "cumulative"
    if found := _MONTH.match(text):
        return text[found.end() :], int(found[1]), False
    return text, None, False


def _by_parts(table: str, texts: tuple[str, ...]) -> Bound | None:
    """A label by all its levels, else by the lowest; as it is, then without units and hints in brackets."""
    known = _known(table)
    levels = tuple(text for text in texts if not _is_unit(text)) or texts
    for text in dict.fromkeys(("".join(levels), levels[-1])):
        for form in (text, _without_hints(text)):
            if form in known:
                return _of(known[form], texts)
    return None


def _of(column: vocabulary.Column, texts: tuple[str, ...]) -> Bound:
    return Bound(0, "", column.column, column.origin == "dropped", unit_in("/".join(texts)))


@cache
def _known(table: str) -> dict[str, vocabulary.Column]:
    """Normalised header → column. A table's own headers come before those of personal data."""
    found: dict[str, vocabulary.Column] = {}
    own = [column for column in vocabulary.columns(table) if column.origin == "file"]
    for column in (*own, *vocabulary.columns("*")):
        for form in (column.column, column.header, *column.aliases):
            found.setdefault(vocabulary.normalise(form), column)
    if table == "enforcement":
        item = vocabulary.Column(table, ITEM, ITEM, (), "text", "", False, "file", "")
        found |= {form: item for form in vocabulary.lookup("item_column") if form not in found}
    return found


def _is_unit(text: str) -> bool:
    return text.strip("()") in vocabulary.units()


def unit_in(text: str) -> str | None:
    """The unit in a header's brackets, or on a level of its own."""
    parts = [*_BRACKETS.findall(text), *text.split("/")]
    return next((unit for part in parts if (unit := part.removeprefix("单位:")) in vocabulary.units()), None)


def _without_hints(text: str) -> str:
    hints = vocabulary.lookup("header_hint")

    def bare(found: re.Match[str]) -> str:
        inner = found[1].removeprefix("单位:")
        return "" if inner in vocabulary.units() or inner in hints else found[0]

    return _BRACKETS.sub(bare, text).strip("*:")


def nearest(table: str, header: str, count: int = 3) -> list[str]:
    """The columns whose headers are most like a text, as ``column(header)``, the nearest first."""
    known = _known(table)
    forms = get_close_matches(header, known, n=count * 4, cutoff=0.34)
    names = dict.fromkeys(f"{known[form].column}（{known[form].header}）" for form in forms)
    return list(names)[:count]


def nearest_headers(column: vocabulary.Column, layout: Layout, count: int = 3) -> list[str]:
    """The unmatched headers of a sheet that are most like a column's, the nearest first."""
    headers = {bound.header: bound.header for bound in layout.unmatched}
    forms = (column.header, *column.aliases)
    close = [text for form in forms for text in get_close_matches(form, headers, n=count, cutoff=0.34)]
    return list(dict.fromkeys(close))[:count]
