"""Tables of a report, and their masking: which columns, names and cells an edition shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis.disclosure.release import Release
from analysis.report import formats, released
from analysis.report.edition import Edition, Kind
from analysis.report.released import Declared
from analysis.report.row_ranges import grouped

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
        enterprises: The frame's column that counts the distinct enterprises behind each row, or WHOLE_COUNTY;
            a statistic of few of them is not public.
        released: Which cells of a release the numbers are made of; without it the public edition withholds
            the table. Columns that it does not name stay out of that edition.
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
    released: Declared | None = None
    named: str | None = None
    emphasis: str | None = None

    def __post_init__(self) -> None:
        """Refuse a table that names columns its frame does not have, or says no n."""
        limits = (limit for column in self.columns for limit in column.interval or ())
        flags = (self.named, self.emphasis, self.enterprises)
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
    hidden: pd.DataFrame
    emphasis: tuple[bool, ...]

    @property
    def suppressed(self) -> int:
        """How many numbers are withheld."""
        return int(self.hidden.to_numpy(dtype=bool).sum())

    @property
    def cells(self) -> list[list[Cell]]:
        """The rows as text, cell by cell."""
        rows = zip(self.frame.to_dict("records"), self.hidden.to_dict("records"), strict=True)
        return [self._row(row, hidden) for row, hidden in rows]

    def _row(self, row: dict[Any, Any], hidden: dict[Any, bool]) -> list[Cell]:
        return [_cell(row, column, hidden.get(column.name, False)) for column in self.columns]


@dataclass(frozen=True)
class Cell:
    """One cell as shown: its text, a smaller interval below it, what a disclosure holds, and its kind."""

    text: str
    interval: str = ""
    kind: str = "text"
    behind: str = ""


def mask(table: DataTable, edition: Edition, release: Release | None = None) -> MaskedTable:
    """The table as ``edition`` may know it; the public one only what the release publishes."""
    shown = _public(table, release) if edition.suppresses else table
    columns = tuple(_shown(column, edition) for column in shown.columns if edition.shows(column.kind))
    hidden = _hidden(shown, edition, release)
    frame = _numbers_masked(_names_masked(shown, edition), shown, columns, hidden, edition)
    withheld = edition.suppresses and (table.released is None or _empty(table.released, hidden))
    emphasis = frame[shown.emphasis].astype(bool) if shown.emphasis in frame else [False] * len(frame)
    kept = [name for column in columns for name in (column.name, *(column.interval or ()))]
    return MaskedTable(
        key=table.key,
        frame=frame[list(dict.fromkeys([*kept, SUPPRESSED]))],
        columns=columns,
        caption="" if withheld else _caption(shown, frame),
        n=shown.n,
        note=shown.note,
        withheld=withheld,
        hidden=hidden,
        emphasis=tuple(emphasis),
    )


def _caption(table: DataTable, frame: pd.DataFrame) -> str:
    return table.caption if isinstance(table.caption, str) else table.caption(frame)


def _public(table: DataTable, release: Release | None) -> DataTable:
    """The table less the columns that say nothing, or not what they rest on, and less n, which is a total.

    Rows whose group must not be named are left out. Where rows are listed by size, those with a hidden number
    stand last, in the order of their names: their place would tell how large they are.
    """
    declared = table.released
    if declared is None:
        return replace(table, frame=table.frame.iloc[:0], n="—", note="")
    rows = [declared.named(row, release) for row in table.frame.to_dict("records")]
    table = replace(table, frame=table.frame[rows], note=table.note + ("" if all(rows) else _UNNAMED_ROWS))
    hidden, frame = _hidden_cells(table, declared, release), table.frame
    if release is not None:
        counts = [c.name for c in table.columns if c.name in declared.numbers and c.kind in _COUNTED]
        released.require_same(table.key, frame, declared, release, counts)
    told = {*declared.labels, *(name for name in hidden if not hidden[name].all())}
    if declared.ranked:
        some = hidden.any(axis=1)
        last = frame[some].sort_values(list(declared.labels), kind="stable")
        frame = pd.concat([frame[~some], last], ignore_index=True)
    return replace(table, frame=frame, columns=tuple(c for c in table.columns if c.name in told), n="—")


_COUNTED = ("count", "money")
_UNNAMED_ROWS = "名称可能指向单个企业或地址的行没有列出。"


def _hidden(table: DataTable, edition: Edition, release: Release | None) -> pd.DataFrame:
    if edition.suppresses and table.released is not None:
        hidden = _hidden_cells(table, table.released, release)
        return hidden[[column.name for column in table.columns if column.name in hidden]]
    return pd.DataFrame(index=table.frame.index)


def _hidden_cells(table: DataTable, declared: Declared, release: Release | None) -> pd.DataFrame:
    behind = None if table.enterprises == WHOLE_COUNTY else table.enterprises
    return released.hidden_cells(table.frame, declared, release, behind)


def _empty(declared: Declared, hidden: pd.DataFrame) -> bool:
    """Whether a public table has numbers and would show none of them."""
    return bool(declared.numbers) and bool(hidden.to_numpy(dtype=bool).all())


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
    frame: pd.DataFrame,
    table: DataTable,
    columns: tuple[Column, ...],
    hidden: pd.DataFrame,
    edition: Edition,
) -> pd.DataFrame:
    """The frame without the hidden numbers and, in public, without intervals that rest on other figures."""
    shown, never = frame.copy(), pd.Series(False, index=frame.index)
    for column in columns:
        off = hidden.get(column.name, never)
        bare = edition.suppresses and column.name not in (table.released.limits if table.released else ())
        for limit in column.interval or ():
            shown[limit] = shown[limit].mask(off | bare)
        shown[column.name] = shown[column.name].mask(off)
    return shown.assign(**{SUPPRESSED: hidden.any(axis=1).reindex(shown.index, fill_value=False)})


def how_many(rows: object) -> int:
    """How many rows an evidence cell names: a list's length, or a number as it is."""
    if isinstance(rows, int):
        return rows
    return (
        len(rows) if isinstance(rows, list | tuple | set | frozenset) else int(not formats.is_missing(rows))
    )


def _cell(row: dict[Any, Any], column: Column, suppressed: bool) -> Cell:
    if suppressed:
        return Cell(formats.SUPPRESSED, kind="suppressed")
    value = row[column.name]
    shown = formats.as_kind(value, column.kind, column.digits)
    if column.kind == "evidence" and isinstance(value, list | tuple) and len(value) > LISTED_ROW_IDS:
        return Cell(f"{len(value)} 条", kind="evidence", behind=formats.text(grouped(value)))
    if column.interval is None or formats.is_missing(value):
        return Cell(shown, kind=column.kind)
    low, high = (row[name] for name in column.interval)
    return Cell(shown, formats.interval(low, high, column.kind, column.digits), column.kind)
