"""A table's rows on their way from the files to the store, and where each of them ends.

Every row that is read ends in exactly one of four ways: kept, quarantined, superseded, or dropped by a
correction. A batch keeps the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis import vocabulary
from analysis.messages import Message
from analysis.schema import Table
from analysis.sources.cells import no_problems
from analysis.sources.sheets import SheetRows


@dataclass(frozen=True)
class Batch:
    """Rows of one table of one county's year.

    ``frame``: typed columns and lineage, one row per row read. ``cells``: the same rows as written.
    ``problems``: index, column, value, reason of what is wrong with a row; its rows are quarantined.
    ``superseded`` and ``dropped``: the same, of rows that leave for those causes.
    """

    table: Table
    frame: pd.DataFrame
    cells: pd.DataFrame
    problems: pd.DataFrame
    superseded: pd.DataFrame = field(default_factory=no_problems)
    dropped: pd.DataFrame = field(default_factory=no_problems)
    messages: tuple[Message, ...] = ()

    def with_problems(self, more: pd.DataFrame) -> Batch:
        """The batch with more problems; a cell is told only once, and dropped rows have none."""
        more = more[~more["index"].isin(self.dropped["index"])]
        if more.empty:
            return self
        both = pd.concat([self.problems, more], ignore_index=True)
        return replace(self, problems=both.drop_duplicates(["index", "column"], keep="first"))

    @property
    def kept(self) -> pd.DataFrame:
        """The rows that have left by no other way."""
        gone = pd.concat([self.problems["index"], self.superseded["index"], self.dropped["index"]])
        return self.frame[~self.frame.index.isin(gone)]

    def rows_of(self, listed: pd.DataFrame) -> pd.DataFrame:
        """The rows that a list of problems, superseded or dropped rows speaks of, each once."""
        return self.frame.loc[listed["index"].unique()]


def gather(table: Table, sheets: Iterable[SheetRows]) -> Batch:
    """All sheets of a table as one batch, in the order given, with every column that the table has."""
    frames, written, problems, start = [], [], [no_problems()], 0
    for sheet in sheets:
        if sheet.table == table:
            lineage = sheet.cells[[name for name in ("file", "sheet", "row", "part") if name in sheet.cells]]
            index = pd.RangeIndex(start, start + len(lineage))
            frames.append(pd.concat([sheet.parsed.frame, lineage], axis=1).set_index(index))
            written.append(sheet.cells.set_index(index))
            problems.append(sheet.parsed.problems.assign(index=sheet.parsed.problems["index"] + start))
            start += len(lineage)
    frame = _complete(table, pd.concat(frames) if frames else pd.DataFrame())
    return Batch(
        table,
        frame,
        pd.concat(written) if written else pd.DataFrame(),
        pd.concat(problems, ignore_index=True),
    )


_EMPTY = {
    **dict.fromkeys(("date", "moment", "deadline"), "datetime64[s]"),
    **dict.fromkeys(("integer", "month"), "Int64"),
}


def _complete(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with the columns that no sheet has, all missing."""
    missing = {
        column.column: pd.Series(
            None,
            index=frame.index,
            dtype="object" if column.type in ("money", "decimal") else _EMPTY.get(column.type, "str"),
        )
        for column in vocabulary.columns(table)
        if column.column not in frame and column.column != "county"
    }
    return pd.concat([frame, pd.DataFrame(missing, index=frame.index)], axis=1)


def by_place(rows: pd.DataFrame) -> dict[tuple[str, str], int]:
    """How many rows come from each file and sheet (``""`` for files without sheets)."""
    sizes = rows.groupby([rows["file"].astype("str"), rows["sheet"].astype("str").fillna("")]).size()
    return {place: int(size) for place, size in zip(sizes.index.to_list(), sizes, strict=True)}


def problems_of(frame: pd.DataFrame, rows: pd.Series, column: str, reason: str) -> pd.DataFrame:
    """One problem for each row of ``frame`` where ``rows`` holds."""
    chosen = frame[rows.to_numpy(dtype=bool, na_value=False)]
    return pd.DataFrame(
        {
            "index": chosen.index.to_numpy(dtype="int64"),
            "column": pd.array([column] * len(chosen), dtype="str"),
            "value": pd.array([shown(value) for value in chosen[column]], dtype="str"),
            "reason": pd.array([reason] * len(chosen), dtype="str"),
        }
    )


def shown(value: object) -> str:
    """A typed value as the quarantine list writes it; a missing one is empty."""
    if value is None or pd.isna(value):  # type: ignore[call-overload]
        return ""
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)
