"""A sheet's rows below the header: which are data, and which are blank, titles, notes, examples or totals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.sources.cells import is_blank, written
from analysis.sources.headers import Bound, Layout
from analysis.sources.workbooks import Sheet

_LABEL_COLUMNS = 4
"""The word 合计 and a note's first word stand in one of the first columns."""
_BLANK, _TITLE, _TOTAL, _DATA = range(4)
_TOTAL_WORD, _SUBTOTAL_WORD, _FOOTER, _EXAMPLE = 1, 2, 3, 4
Column: TypeAlias = "np.ndarray[Any, Any]"
"""One value for each row: the cells of a column (dtype object), or what was found of them."""


class Kinds(NamedTuple):
    """Each row's kind, and the places of the subtotals."""

    kinds: Column
    subtotals: Column


@dataclass(frozen=True)
class Rows:
    """The data rows of a sheet.

    ``frame`` has one column of cells for each of ``bounds``, named by its number, and the row number (from 1)
    as index. ``totals`` are the total rows alike; ``is_subtotal`` says which of them add up only the rows
    since the one before. ``personal`` counts the cells of the columns that are not kept.
    """

    frame: pd.DataFrame
    bounds: tuple[Bound, ...]
    totals: pd.DataFrame
    subtotals: frozenset[int]
    skipped_blank: int
    skipped_title: int
    personal: dict[str, int] = field(default_factory=dict)


def collect(sheet: Sheet, layout: Layout) -> Rows:
    """Sort the rows below a header into data and the rest."""
    body = sheet.cells[layout.first_row :]
    columns = _columns(body, len(sheet.cells[0]))
    kept = tuple(bound for bound in layout.bounds if not bound.dropped)
    _fill_merged(columns, sheet, layout, kept)
    kinds, subtotals = _kinds(columns, sheet, layout, kept)
    numbers = np.arange(len(body)) + layout.first_row + 1
    frame = pd.DataFrame(
        {
            place: pd.Series(columns[bound.position], index=numbers, dtype=object)
            for place, bound in enumerate(kept)
        },
        index=numbers,
    )
    return Rows(
        frame[kinds == _DATA],
        kept,
        frame[kinds == _TOTAL],
        frozenset(int(numbers[place]) for place in subtotals),
        int((kinds == _BLANK).sum()),
        int((kinds == _TITLE).sum()) + layout.first_row,
        _personal(columns, layout, kinds),
    )


def _columns(body: Sequence[Sequence[Any]], width: int) -> list[Column]:
    if not body:
        return [np.empty(0, dtype=object) for _ in range(width)]
    grid = np.array(body, dtype=object)
    return list(np.ascontiguousarray(grid.T))


def _fill_merged(columns: list[Column], sheet: Sheet, layout: Layout, kept: Sequence[Bound]) -> None:
    """Text merged over several rows holds for each that has a cell of its own; numbers stay in one row, or
    they would count twice.
    """
    measured = _measured(layout.table)
    fillable = {bound.position for bound in kept if bound.column and bound.column not in measured}
    areas = [
        (left, slice(first - layout.first_row, last - layout.first_row + 1))
        for (first, left), (last, _) in sheet.merged
        if last > first >= layout.first_row and left in fillable
    ]
    if not areas:
        return
    own = np.logical_or.reduce([~_by_unique(columns[bound.position], is_blank) for bound in kept])
    for left, area in areas:
        cells = columns[left][area]
        cells[own[area]] = [cells[0]] * int(own[area].sum())


def _measured(table: str) -> set[str]:
    return {c.column for c in vocabulary.columns(table) if c.type in ("integer", "money", "decimal")}


def _kinds(columns: list[Column], sheet: Sheet, layout: Layout, kept: Sequence[Bound]) -> Kinds:
    """Each row's kind."""
    if not columns or not len(columns[0]):
        return Kinds(np.empty(0, dtype=int), np.empty(0, dtype=int))
    filled = [~_by_unique(column, is_blank) for column in columns]
    any_filled = np.logical_or.reduce(filled)
    kept_filled = np.sum([filled[bound.position] for bound in kept], axis=0)
    words = _first_words(columns[:_LABEL_COLUMNS])
    kinds = np.full(len(columns[0]), _DATA)
    kinds[kept_filled == 0] = _TITLE
    footer = (words == _FOOTER) & (kept_filled * 2 <= max(len(kept), 4))
    kinds[footer | _repeats_header(columns, sheet, layout, kept) | _numbers_columns(columns)] = _TITLE
    kinds[words == _EXAMPLE] = _TITLE
    kinds[np.isin(words, (_TOTAL_WORD, _SUBTOTAL_WORD))] = _TOTAL
    kinds[~any_filled | ((kept_filled == 0) & _only_serials(columns, layout, filled))] = _BLANK
    return Kinds(kinds, np.flatnonzero((kinds == _TOTAL) & (words == _SUBTOTAL_WORD)))


def _by_unique(column: Column, judge: Callable[[object], object], dtype: type = bool) -> Column:
    """What a judgement of cells says of each row; each different cell is judged once."""
    codes, uniques = pd.factorize(column, use_na_sentinel=False)
    judged: Column = np.fromiter((judge(cell) for cell in uniques), dtype=dtype, count=len(uniques))[codes]
    return judged


def _only_serials(columns: list[Column], layout: Layout, filled: Sequence[Column]) -> Column:
    """Printed row numbers without an entry: blank rows of a form."""
    serials = {bound.position for bound in layout.bounds if bound.column == "serial"}
    others = [filled[place] for place in range(len(columns)) if place not in serials]
    if not others or not serials:
        return np.zeros(len(columns[0]), dtype=bool)
    numbers = [
        _by_unique(columns[place], lambda cell: is_blank(cell) or written(cell).strip().isdigit())
        for place in serials
    ]
    only: Column = ~np.logical_or.reduce(others) & np.logical_and.reduce(numbers)
    return only


def _first_words(columns: list[Column]) -> Column:
    """What a word in a row's first columns says it is: a total, a subtotal, a note, an example; else 0."""
    found = np.zeros(len(columns[0]), dtype=int)
    for column in columns:
        found = np.where(found == 0, _by_unique(column, _says, int), found)
    return found


def _says(cell: object) -> int:
    if not isinstance(cell, str) or cell.lstrip()[:1] not in _first_letters():
        return 0
    text = vocabulary.normalise(cell[:24])
    total = vocabulary.lookup("total_row").get(text.partition(":")[0])
    if total:
        return _TOTAL_WORD if total == "total" else _SUBTOTAL_WORD
    if text in vocabulary.lookup("example_row"):
        return _EXAMPLE
    return _FOOTER if text.startswith(tuple(vocabulary.lookup("footer_row"))) else 0


@cache
def _first_letters() -> frozenset[str]:
    """The letters with which such a word begins: most cells are judged by their first letter alone."""
    kinds = ("total_row", "footer_row", "example_row")
    return frozenset(word[0] for kind in kinds for word in vocabulary.lookup(kind))


def _repeats_header(columns: list[Column], sheet: Sheet, layout: Layout, kept: Sequence[Bound]) -> Column:
    """Rows that print the header once more, as at the top of a page."""
    hits = np.zeros(len(columns[0]), dtype=int)
    for bound in kept:
        labels = [row[bound.position] for row in sheet.cells[layout.top : layout.first_row]]
        last = next((label for label in reversed(labels) if not is_blank(label)), None)
        hits += (columns[bound.position] == last).astype(int) if last is not None else 0
    return (hits * 2 > len(kept)) & (hits >= 2)


def _numbers_columns(columns: list[Column]) -> Column:
    """The row below the header that counts the columns (1, 2, 3 …, or 甲, 乙, 1, 2)."""
    found = np.zeros(len(columns[0]), dtype=bool)
    cells = [written(column[0]) for column in columns if not is_blank(column[0])]
    numbers = [cell for cell in cells if cell not in ("甲", "乙", "丙")]
    counted = [str(number) for number in range(len(numbers) + 1)]
    found[0] = len(numbers) >= 3 and numbers in (counted[1:], counted[:-1])
    return found


def _personal(columns: list[Column], layout: Layout, kinds: Column) -> dict[str, int]:
    """How many cells of each kind of personal column are left behind."""
    counts: dict[str, int] = {}
    for bound in layout.bounds:
        if bound.dropped and bound.column and bound.column != "serial":
            cells = int((~_by_unique(columns[bound.position][kinds == _DATA], is_blank)).sum())
            counts[bound.column] = counts.get(bound.column, 0) + cells
    return {column: count for column, count in counts.items() if count}
