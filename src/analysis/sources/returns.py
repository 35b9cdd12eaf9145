"""Monthly enforcement returns: wide tables to a row per month, cumulative columns to months."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import vocabulary
from analysis.messages import Message
from analysis.sources.cells import is_blank, multiplies, no_problems, with_unit, written
from analysis.sources.headers import ITEM, Bound, is_measure, measure_forms, unit_in
from analysis.sources.rows import Rows

CUMULATIVE = "cumulative:"
"""Prefix of the columns that hold a return's 累计 until they are differenced."""
KEYS = ("township", "sector", "department", "campaign")
DISTINCT = "enterprises_inspected"
"""Never summed and so never differenced: its 累计 is kept as it is."""


@dataclass(frozen=True)
class Long:
    """A return's cells with a row per month; ``unknown``: rows whose indicator is not known, with it."""

    frame: pd.DataFrame
    unknown: tuple[tuple[int, str], ...] = ()


def long(rows: Rows) -> Long:
    """A return's rows as one row per month, with a column for each indicator and ``cumulative:`` columns.

    A row of the sheet that holds several months becomes several rows; rows that each name one indicator in a
    column (指标) become one row per month. Months come as text where a header names them. Rows are counted as
    read after this, and a month without any figure is no row.

    Returns:
        Cells, with the row numbers of the sheet as index (repeated where a row was spread).
    """
    item = next((place for place, bound in enumerate(rows.bounds) if bound.column == ITEM), None)
    months = sorted({bound.month or 0 for bound in rows.bounds if _is_value(bound)})
    if item is None:
        parts = [_flat(rows)] if months in ([], [0]) else [_month(rows, month) for month in months]
        return Long(pd.concat(parts).sort_index(kind="stable"))
    labels = [written(label) for label in rows.frame[item]]
    numbers = rows.frame.index.to_list()
    unknown = [(row, label) for row, label in zip(numbers, labels, strict=True) if item_column(label) is None]
    parts = [_by_item(rows, month, labels) for month in months]
    return Long(pd.concat(parts).sort_index(kind="stable"), tuple(unknown))


def _is_value(bound: Bound) -> bool:
    return bound.column is None or is_measure(bound.column)


def _flat(rows: Rows) -> pd.DataFrame:
    names = [_name(bound, bound.column) for bound in rows.bounds]
    return rows.frame.set_axis(names, axis=1)


def _keys(rows: Rows, month: int) -> dict[str, pd.Series]:
    keys = {
        str(bound.column): rows.frame[place]
        for place, bound in enumerate(rows.bounds)
        if not _is_value(bound) and bound.column != ITEM
    }
    if month:
        keys["month"] = pd.Series(f"{month}月", index=rows.frame.index, dtype=object)
    return keys


def _places(rows: Rows, month: int) -> list[int]:
    return [n for n, bound in enumerate(rows.bounds) if _is_value(bound) and (bound.month or 0) == month]


def _month(rows: Rows, month: int) -> pd.DataFrame:
    """The rows of one month; those without any figure of that month are no rows."""
    values = {_name(rows.bounds[n], rows.bounds[n].column): rows.frame[n] for n in _places(rows, month)}
    found = pd.DataFrame({**_keys(rows, month), **values}, index=rows.frame.index)
    return found[_has_figure(found[list(values)])]


def _by_item(rows: Rows, month: int, labels: list[str]) -> pd.DataFrame:
    """The rows of one month, put together from those that name an indicator each."""
    keys = _keys(rows, month)
    values: dict[str, list[Any]] = {}
    for place in _places(rows, month):
        for label in dict.fromkeys(labels):
            if column := item_column(label):
                own = [
                    cell if label == its else "" for cell, its in zip(rows.frame[place], labels, strict=True)
                ]
                name, given = _name(rows.bounds[place], column), _with_units(own, label)
                values[name] = _first_given(values[name], given) if name in values else given
    found = pd.DataFrame({**keys, **values}, index=rows.frame.index)
    found = found[_has_figure(found[list(values)])]
    if found.empty:
        return found
    together = found[list(keys)].astype("str").agg("\x1f".join, axis=1) if keys else [""] * len(found)
    groups = found.assign(_row=found.index).groupby(together, sort=False)
    merged = groups.agg(_first_filled)
    return merged.set_index("_row").rename_axis(None)[list(found.columns)]


def _first_filled(cells: pd.Series) -> Any:
    return next((cell for cell in cells if not is_blank(cell)), "")


def _with_units(own: list[Any], label: str) -> list[Any]:
    unit = unit_in(vocabulary.normalise(label))
    return [with_unit(cell, unit) for cell in own] if multiplies(unit) else own


def _first_given(first: list[Any], second: list[Any]) -> list[Any]:
    return [other if is_blank(cell) else cell for cell, other in zip(first, second, strict=True)]


def _has_figure(cells: pd.DataFrame) -> pd.Series:
    return cells.map(lambda cell: not is_blank(cell)).any(axis=1)


def item_column(label: str) -> str | None:
    """The indicator that a row's label names, or None."""
    bare = vocabulary.normalise(label)
    return measure_forms().get(bare) or measure_forms().get(bare.partition("(")[0])


def _name(bound: Bound, column: str | None) -> str:
    name = column or ""
    return f"{CUMULATIVE}{name}" if bound.cumulative and is_measure(name) else name


# --- cumulative columns


@dataclass(frozen=True)
class Differenced:
    """Rows with the figures of their months, what was wrong (as in cells.Parsed), and notes on gaps."""

    frame: pd.DataFrame
    problems: pd.DataFrame
    notes: tuple[Message, ...]


def difference(frame: pd.DataFrame) -> Differenced:
    """Turn cumulative figures into those of their months.

    Where a month's own figure stands beside it, that is kept. Otherwise the month is the difference to the
    last month before of the same township, sector, department and campaign. A row with a difference below
    zero is a problem as a whole, and the next month is counted from the last row that stood, so that the
    year adds up. What happened in missing months goes to the month after them, with a note.

    Args:
        frame: Typed rows with ``month``, ``file``, ``sheet``, ``row`` and ``cumulative:`` columns.
    """
    columns = [str(name) for name in frame.columns if str(name).startswith(CUMULATIVE)]
    if not columns:
        return Differenced(frame, no_problems(), ())
    result = frame.drop(columns=columns)
    if f"{CUMULATIVE}{DISTINCT}" in columns:
        columns.remove(f"{CUMULATIVE}{DISTINCT}")
        result[f"cumulative_{DISTINCT}"] = frame[f"{CUMULATIVE}{DISTINCT}"]
    account = _Account(frame, columns)
    for _, group in frame[frame["month"].notna()].groupby(list(KEYS), dropna=False, sort=False):
        account.add(group.sort_values("month", kind="stable"))
    for name, values in account.months.items():
        column = name.removeprefix(CUMULATIVE)
        result[column] = result[column].where(result[column].notna(), values)
    return Differenced(result, account.problems(), tuple(account.notes))


class _Account:
    """The differences of each group of rows, and what was noticed on the way."""

    def __init__(self, frame: pd.DataFrame, columns: list[str]) -> None:
        self.columns = columns
        self.months = {name: pd.Series(None, index=frame.index, dtype=frame[name].dtype) for name in columns}
        self.notes: list[Message] = []
        self._wrong: list[tuple[int, str, str, str]] = []

    def add(self, group: pd.DataFrame) -> None:
        """Difference the rows of one township, sector, department and campaign, ordered by month."""
        before: dict[str, Any] = {}
        last_month = 0
        for index, row in zip(group.index.to_list(), group.to_dict("records"), strict=True):
            totals = {name: row[name] for name in self.columns if not pd.isna(row[name])}
            own = {name: row[name.removeprefix(CUMULATIVE)] for name in totals}
            wanted = [name for name in totals if pd.isna(own[name])]
            fallen = [name for name in wanted if totals[name] < before.get(name, 0)]
            self._wrong += [
                (index, name.removeprefix(CUMULATIVE), str(totals[name]), "cumulative_decreased")
                for name in fallen
            ]
            if fallen or not totals:
                continue
            if row["month"] > last_month + 1 and wanted:
                self._note("cumulative_gap", row, None, month=int(row["month"]), before=last_month)
            for name, total in totals.items():
                difference = total - before.get(name, 0)
                if name in wanted:
                    self.months[name][index] = difference
                elif row["month"] == last_month + 1 and difference != own[name]:
                    column = name.removeprefix(CUMULATIVE)
                    self._note("cumulative_disagrees", row, column, own=own[name], difference=difference)
            before, last_month = before | totals, int(row["month"])

    def _note(self, code: str, row: dict[Hashable, Any], column: str | None, **values: object) -> None:
        sheet = None if pd.isna(row["sheet"]) else str(row["sheet"])
        self.notes.append(Message(code, row["file"], sheet, int(row["row"]), column, values))

    def problems(self) -> pd.DataFrame:
        """What was wrong, as a problem table."""
        if not self._wrong:
            return no_problems()
        return pd.DataFrame(self._wrong, columns=["index", "column", "value", "reason"])
