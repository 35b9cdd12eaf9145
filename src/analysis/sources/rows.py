"""A sheet's rows below the header: which are data, and which are blank, titles, notes or totals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.sources.cells import is_blank, written
from analysis.sources.headers import Bound, Layout
from analysis.sources.workbooks import Sheet

_LABEL_COLUMNS = 4
"""The word 合计 and a note's first word stand in one of the first columns."""
_BLANK, _TITLE, _TOTAL, _DATA = range(4)
Column = np.ndarray
"""The cells of one column, of dtype object."""


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
    columns = _columns(body, len(layout_width(sheet)))
    kept = tuple(bound for bound in layout.bounds if not bound.dropped)
    _fill_merged(columns, sheet, layout, kept)
    kinds = _kinds(columns, layout, kept)
    subtotals = _totals(columns, kinds)
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


def layout_width(sheet: Sheet) -> Sequence[Any]:
    """The first row, whose length is that of all."""
    return sheet.cells[0] if sheet.cells else ()


def _columns(body: Sequence[Sequence[Any]], width: int) -> list[Column]:
    if not body:
        return [np.empty(0, dtype=object) for _ in range(width)]
    columns = []
    for cells in zip(*body, strict=True):
        column = np.empty(len(cells), dtype=object)
        column[:] = cells
        columns.append(column)
    return columns


def _fill_merged(columns: list[Column], sheet: Sheet, layout: Layout, kept: Sequence[Bound]) -> None:
    """Text merged over several rows holds for each of them; numbers stay in one row, or they would count twice."""
    measured = _measured(layout.table)
    fillable = {bound.position for bound in kept if bound.column and bound.column not in measured}
    for (first, left), (last, _) in sheet.merged:
        if last > first >= layout.first_row and left in fillable:
            start, stop = first - layout.first_row, last - layout.first_row + 1
            columns[left][start:stop] = [columns[left][start]] * len(columns[left][start:stop])


def _measured(table: str) -> set[str]:
    return {c.column for c in vocabulary.columns(table) if c.type in ("integer", "money", "decimal")}


def _kinds(columns: list[Column], layout: Layout, kept: Sequence[Bound]) -> np.ndarray:
    """Each row's kind."""
    filled = [~_blank(column) for column in columns]
    height = len(columns[0]) if columns else 0
    any_filled = np.logical_or.reduce(filled) if filled else np.zeros(height, dtype=bool)
    bound_filled = np.sum([filled[bound.position] for bound in kept], axis=0) if kept else np.zeros(height)
    kinds = np.full(height, _DATA)
    kinds[bound_filled == 0] = _TITLE
    footer = _starts_with(columns, "footer_row") & (bound_filled * 2 <= max(len(kept), 4))
    kinds[footer | _repeats_header(columns, kept) | _numbers_columns(columns)] = _TITLE
    kinds[(_total_words(columns) != "") & (kinds == _DATA)] = _TOTAL
    kinds[~any_filled | ((bound_filled == 0) & _only_serials(columns, layout, filled))] = _BLANK
    return kinds


def _blank(column: Column) -> Column:
    """Which cells hold nothing or white space; each different cell is looked at once."""
    codes, uniques = pd.factorize(column, use_na_sentinel=False)
    return np.fromiter((is_blank(cell) for cell in uniques), dtype=bool, count=len(uniques))[codes]


def _only_serials(columns: list[Column], layout: Layout, filled: Sequence[Column]) -> np.ndarray:
    """Printed row numbers without an entry: blank rows of a form."""
    serials = {bound.position for bound in layout.bounds if bound.column == "serial"}
    others = [filled[place] for place in range(len(columns)) if place not in serials]
    numbers = [
        np.fromiter((is_blank(c) or written(c).strip().isdigit() for c in columns[place]), dtype=bool)
        for place in serials
    ]
    if not others or not numbers:
        return np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    return ~np.logical_or.reduce(others) & np.logical_and.reduce(numbers)


def _words(columns: list[Column]) -> list[list[str]]:
    return [[_word(cell) for cell in column] for column in columns[:_LABEL_COLUMNS]]


def _word(cell: object) -> str:
    return vocabulary.normalise(cell[:16]) if isinstance(cell, str) and cell else ""


def _by_unique(column: Column, judge: Any) -> np.ndarray:
    codes, uniques = pd.factorize(column, use_na_sentinel=False)
    judged = np.empty(len(uniques), dtype=object)
    judged[:] = [judge(_word(cell)) for cell in uniques]
    return judged[codes]


def _starts_with(columns: list[Column], kind: str) -> np.ndarray:
    words = tuple(word for word in vocabulary.lookup(kind) if not word.isascii())
    found = [_by_unique(column, lambda text: text.startswith(words)) for column in columns[:_LABEL_COLUMNS]]
    return np.logical_or.reduce(found).astype(bool) if found else np.zeros(0, dtype=bool)


def _total_words(columns: list[Column]) -> np.ndarray:
    """``total``, ``subtotal`` or nothing for each row."""
    known = vocabulary.lookup("total_row")
    found = np.full(len(columns[0]) if columns else 0, "", dtype=object)
    for column in columns[:_LABEL_COLUMNS]:
        words = _by_unique(column, lambda text: known.get(text.partition(":")[0], ""))
        found = np.where(found == "", words, found)
    return found


def _totals(columns: list[Column], kinds: np.ndarray) -> np.ndarray:
    return np.flatnonzero((kinds == _TOTAL) & (_total_words(columns) == "subtotal"))


def _repeats_header(columns: list[Column], kept: Sequence[Bound]) -> np.ndarray:
    """Rows that print the header once more, as at the top of a page."""
    height = len(columns[0]) if columns else 0
    hits = np.zeros(height, dtype=int)
    for bound in kept:
        last = bound.header.rpartition("/")[2]
        hits += _by_unique(columns[bound.position], lambda text, last=last: text == last[:16]).astype(int)
    return (hits * 2 > len(kept)) & (hits >= 2)


def _numbers_columns(columns: list[Column]) -> np.ndarray:
    """The row below the header that counts the columns (1, 2, 3 …, or 甲, 乙, 1, 2)."""
    found = np.zeros(len(columns[0]) if columns else 0, dtype=bool)
    if len(found):
        cells = [written(column[0]) for column in columns if not is_blank(column[0])]
        numbers = [cell for cell in cells if cell not in ("甲", "乙", "丙")]
        found[0] = len(numbers) >= 3 and numbers in (
            [str(n) for n in range(1, len(numbers) + 1)],
            [str(n) for n in range(0, len(numbers))],
        )
    return found


def _personal(columns: list[Column], layout: Layout, kinds: np.ndarray) -> dict[str, int]:
    """How many cells of each kind of personal column are left behind."""
    counts: dict[str, int] = {}
    for bound in layout.bounds:
        if bound.dropped and bound.column and bound.column != "serial":
            cells = int((~_blank(columns[bound.position][kinds == _DATA])).sum())
            counts[bound.column] = counts.get(bound.column, 0) + cells
    return {column: count for column, count in counts.items() if count}
