"""The tables of the package: columns, types and allowed values, built from vocabulary/columns.csv.

A table is one fact three times: as an Arrow schema (how it is stored), as a pandera schema (what holds of
its rows) and in the data dictionary. All three come from the same file, so they cannot disagree.
"""

from __future__ import annotations

from functools import cache
from typing import Literal

import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow

from analysis import vocabulary

Table = Literal[
    "hazards",
    "enforcement",
    "penalties",
    "enterprises",
    "incidents",
    "activities",
    "plan",
    "facts",
    "indicators",
]
RAW_TABLES: tuple[Table, ...] = (
    *("hazards", "enforcement", "penalties", "enterprises", "incidents", "activities", "plan"),
)
"""The tables that come from workbooks."""
TABLES: tuple[Table, ...] = (*RAW_TABLES, "facts", "indicators")
PARTITION = ("year", "county")
"""Folders of the stored tables; they are not columns of the files."""

MONEY = arrow.decimal128(18, 2)
_ARROW = {
    "date": arrow.date32(),
    "moment": arrow.timestamp("s"),
    "month": arrow.int32(),
    "deadline": arrow.date32(),
    "integer": arrow.int64(),
    "money": MONEY,
    "decimal": arrow.decimal128(38, 6),
}
_LISTS = frozenset({"penalty_kind", "sectors"})
"""Types of which a cell may hold several codes, joined by ``;``."""
_EVENT_ORDER: dict[str, tuple[tuple[str, str], ...]] = {
    "hazards": (
        ("recorded_on", "found_on"),
        ("rectified_on", "found_on"),
        ("due_on", "found_on"),
        ("extended_due_on", "due_on"),
        ("verified_on", "rectified_on"),
        ("delisted_on", "listed_on"),
    ),
    "incidents": (("reported_at", "occurred_at"),),
}
"""(later, earlier): where both days are known the first is never before the second."""


@cache
def column_names(table: Table) -> tuple[str, ...]:
    """The columns of a table as stored, in order."""
    return tuple(column.column for column in vocabulary.columns(table))


@cache
def arrow_schema(table: Table) -> arrow.Schema:
    """How a table's Parquet files are typed: money is DECIMAL(18,2) yuan, days are dates, codes are text."""
    return arrow.schema(
        [
            arrow.field(column.column, _ARROW.get(column.type, arrow.string()), nullable=not column.required)
            for column in vocabulary.columns(table)
            if column.column not in PARTITION
        ]
    )


@cache
def frame_schema(table: Table) -> pa.DataFrameSchema:
    """What holds of a table's rows, as a pandera schema over a frame with one column per stored column.

    Check names are codes of messages.csv, so that a failure can be told to the user.
    """
    return pa.DataFrameSchema(
        {
            column.column: _frame_column(column)
            for column in vocabulary.columns(table)
            if column.column != "county"
        },
        checks=_row_checks(table),
        name=table,
    )


def _frame_column(column: vocabulary.Column) -> pa.Column:
    return pa.Column(
        None,
        checks=_column_checks(column),
        nullable=not column.required,
        required=False,
        description=column.definition,
    )


def _column_checks(column: vocabulary.Column) -> list[pa.Check]:
    checks = []
    if column.type in ("integer", "money"):
        checks.append(pa.Check(lambda s: s >= 0, name="value_negative", error="value_negative"))
    if allowed := _allowed(column.type):
        known = _each_known if column.type in _LISTS else pd.Series.isin
        checks.append(pa.Check(lambda s: known(s, allowed), name="value_unknown", error="value_unknown"))
    return checks


def _each_known(codes: pd.Series, allowed: frozenset[str]) -> pd.Series:
    """Whether all codes of a cell that holds several (``warning;fine``) are known."""
    return codes.map(lambda cell: allowed.issuperset(cell.split(";")))


def _allowed(kind: str) -> frozenset[str]:
    if kind in ("sector", "sectors"):
        return frozenset(vocabulary.sectors())
    if kind == "campaign":
        return frozenset(vocabulary.campaigns())
    if kind == "indicator":
        return frozenset(vocabulary.indicators())
    return frozenset(vocabulary.values(kind)) if kind in vocabulary.value_lists() else frozenset()


def _row_checks(table: Table) -> list[pa.Check]:
    return [_in_order(later, earlier) for later, earlier in _EVENT_ORDER.get(table, ())]


def _in_order(later: str, earlier: str) -> pa.Check:
    def check(frame: pd.DataFrame) -> pd.Series[bool]:
        if later not in frame or earlier not in frame:
            return pd.Series(True, index=frame.index)
        known = frame[later].notna() & frame[earlier].notna()
        return ~known | (frame[later].where(known) >= frame[earlier].where(known))

    return pa.Check(check, name=f"{later}_before_{earlier}", error="days_out_of_order")
