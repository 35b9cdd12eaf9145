"""Tables of a report, and their masking: which columns, names and cells an edition shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.report import formats
from analysis.report.edition import NUMERIC, Edition, Kind
from analysis.settings import settings

WHOLE_COUNTY = "*"
"""Given as ``enterprises`` of a table whose every cell stands for all enterprises of the county."""
SUPPRESSED = "suppressed"
"""Column of a masked frame: whether any of the row's numbers was withheld."""
LISTED_ROW_IDS = 3
"""More ids than these in one cell stand behind a disclosure."""
UNNAMED = "（不列名企业）"


@dataclass(frozen=True)
class Column:
    """A column of a shown table: which column of the frame, under which heading, in which format.

    ``interval`` names two columns with the limits that belong to the value; they need no column of their own.
    """

    name: str
    label: str
    kind: Kind = "text"
    digits: int = 1
    unit: str = ""
    interval: tuple[str, str] | None = None

    @property
    def unit_shown(self) -> str:
        """The unit that stands under the heading."""
        return self.unit or ("元" if self.kind == "money" else "")


@dataclass(frozen=True, repr=False)
class DataTable:
    """Rows to show, or to draw a figure from.

    Args:
        key: Stable name of the table in its report; its permalink.
        frame: One row a line, in the order shown.
        columns: What is shown; a number that is drawn or shown but has no column here is not masked and
            therefore not handed to a chart.
        caption: One sentence that states the point; or a function of the masked frame that makes one.
        n: What the table rests on, with its unit (``"140 项重大隐患"``).
        note: Footnote.
        enterprises: The frame's column that counts the distinct enterprises behind each row, or WHOLE_COUNTY.
            Without it the public edition withholds the table.
        dominance: The frame's column with the largest enterprise's share of the row, where it is known.
        named: The frame's boolean column that allows the leadership edition to name the row's enterprise
            (overdue or listed major hazards only).
        emphasis: The frame's boolean column that marks rows to set bold, such as the county's total.
    """

    key: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    caption: Caption
    n: str
    note: str = ""
    enterprises: str | None = None
    dominance: str | None = None
    named: str | None = None
    emphasis: str | None = None

    def __post_init__(self) -> None:
        """Refuse a table that names columns its frame does not have, or says no n."""
        limits = (limit for column in self.columns for limit in column.interval or ())
        flags = (self.dominance, self.named, self.emphasis, self.enterprises)
        wanted = [*(c.name for c in self.columns), *limits, *(f for f in flags if f and f != WHOLE_COUNTY)]
        if absent := [name for name in wanted if name not in self.frame]:
            raise ValueError(f"table {self.key}: no column {', '.join(absent)}")
        if not self.n:
            raise ValueError(f"table {self.key}: say what it rests on (n)")

    def __repr__(self) -> str:
        """Only the key: the rows must not reach a saved notebook unmasked."""
        return f"<DataTable {self.key}>"


Caption = str | Callable[[pd.DataFrame], str]


@dataclass(frozen=True, repr=False)
class MaskedTable:
    """What an edition may know of a table: its columns, its rows, and how many rows lost a number."""

    key: str
    frame: pd.DataFrame
    columns: tuple[Column, ...]
    caption: str
    n: str
    note: str
    withheld: bool
    suppressed: int
    emphasis: tuple[bool, ...]

    @property
    def cells(self) -> list[list[Cell]]:
        """The rows as text, cell by cell."""
        return [self._row(row) for row in self.frame.to_dict("records")]

    def _row(self, row: dict[Any, Any]) -> list[Cell]:
        return [_cell(row, column, bool(row[SUPPRESSED])) for column in self.columns]


@dataclass(frozen=True)
class Cell:
    """One cell as shown: its text, a smaller interval below it, what a disclosure holds, and its kind."""

    text: str
    interval: str = ""
    kind: str = "text"
    behind: str = ""


Suppressor = Callable[[DataTable], "pd.Series[bool]"]
"""Decides which rows lose their numbers in the public edition; one that knows all tables may replace ours."""


def mask(table: DataTable, edition: Edition, suppressor: Suppressor | None = None) -> MaskedTable:
    """The table as ``edition`` may know it."""
    withheld = edition.suppresses and table.enterprises is None
    columns = tuple(_shown(column, edition) for column in table.columns if edition.shows(column.kind))
    hidden = _hidden_rows(table, edition, suppressor or primary_suppression)
    frame = _names_masked(table, edition) if not withheld else table.frame.iloc[:0]
    frame = _numbers_masked(frame, columns, hidden)
    caption = table.caption if isinstance(table.caption, str) else table.caption(frame)
    emphasis = frame[table.emphasis].astype(bool) if table.emphasis in frame else [False] * len(frame)
    kept = [name for column in columns for name in (column.name, *(column.interval or ()))]
    return MaskedTable(
        key=table.key,
        frame=frame[list(dict.fromkeys([*kept, SUPPRESSED]))],
        columns=columns,
        caption="" if withheld else caption,
        n=table.n,
        note=table.note,
        withheld=withheld,
        suppressed=int(hidden.sum()),
        emphasis=tuple(emphasis),
    )


def primary_suppression(table: DataTable) -> pd.Series[bool]:
    """Rows of fewer enterprises than the setting allows, or where one enterprise holds too much.

    No enterprise at all is no secret: a true zero stays.
    """
    hidden = pd.Series(False, index=table.frame.index)
    rules = settings()
    if table.enterprises and table.enterprises != WHOLE_COUNTY:
        behind = table.frame[table.enterprises]
        hidden |= behind.isna() | ((behind > 0) & (behind < rules.public_minimum_enterprises))
    if table.dominance:
        hidden |= table.frame[table.dominance].fillna(0) > rules.public_dominance_share
    return hidden


def _hidden_rows(table: DataTable, edition: Edition, suppressor: Suppressor) -> pd.Series[bool]:
    if edition.suppresses and table.enterprises is not None:
        return suppressor(table)
    return pd.Series(False, index=table.frame.index)


def _shown(column: Column, edition: Edition) -> Column:
    """Outside the internal edition evidence is how many rows there are, not which."""
    return replace(column, unit="条") if column.kind == "evidence" and not edition.shows_rows else column


def _names_masked(table: DataTable, edition: Edition) -> pd.DataFrame:
    frame = table.frame.copy()
    if edition is Edition.INTERNAL:
        return frame
    flags = frame[table.named] if table.named else pd.Series(False, index=frame.index)
    allowed = flags.fillna(False).astype(bool)
    for column in table.columns:
        if column.kind == "enterprise":
            frame[column.name] = frame[column.name].where(allowed, UNNAMED)
        elif column.kind == "evidence":
            frame[column.name] = frame[column.name].map(how_many)
    return frame


def _numbers_masked(
    frame: pd.DataFrame, columns: tuple[Column, ...], hidden: pd.Series[bool]
) -> pd.DataFrame:
    shown = frame.copy()
    flags = hidden.reindex(shown.index, fill_value=False)
    for column in columns:
        if column.kind in NUMERIC:
            for name in (column.name, *(column.interval or ())):
                shown[name] = shown[name].mask(flags)
    return shown.assign(**{SUPPRESSED: flags})


def how_many(rows: object) -> int:
    """How many rows an evidence cell names: a list's length, or a number as it is."""
    if isinstance(rows, int):
        return rows
    return (
        len(rows) if isinstance(rows, list | tuple | set | frozenset) else int(not formats.is_missing(rows))
    )


def _cell(row: dict[Any, Any], column: Column, suppressed: bool) -> Cell:
    if suppressed and column.kind in NUMERIC:
        return Cell(formats.SUPPRESSED, kind="suppressed")
    value = row[column.name]
    shown = formats.as_kind(value, column.kind, column.digits)
    if column.kind == "evidence" and isinstance(value, list | tuple) and len(value) > LISTED_ROW_IDS:
        return Cell(f"{len(value)} 条", kind="evidence", behind=shown)
    if column.interval is None or formats.is_missing(value):
        return Cell(shown, kind=column.kind)
    low, high = (row[name] for name in column.interval)
    return Cell(shown, formats.interval(low, high, column.kind, column.digits), column.kind)
