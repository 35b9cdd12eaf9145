"""Total rows (合计, 小计) are not data; what they state is checked against the rows above them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from analysis import vocabulary
from analysis.messages import Message
from analysis.sources.cells import Context, parse
from analysis.sources.headers import Layout
from analysis.sources.rows import Rows


def check(rows: Rows, layout: Layout, file: str, sheet: str | None, context: Context) -> list[Message]:
    """One message for each figure of a total row that is not the sum of its rows.

    Figures of distinct things (检查企业数) are not added up by anyone, so they are not compared. Rows in
    quarantine count: the office added up what it wrote.
    """
    if rows.totals.empty or rows.frame.empty:
        return []
    found: list[Message] = []
    for place, bound in enumerate(rows.bounds):
        if bound.column and _adds_up(layout.table, bound.column):
            data = _numbers(rows.frame[place], bound.column, layout.table, context)
            stated = _numbers(rows.totals[place], bound.column, layout.table, context)
            for row, value in zip(stated.index.to_list(), stated, strict=True):
                total = _sum_for(row, data, rows)
                if value is not None and total is not None and abs(value - total) > _tolerance(bound.unit):
                    values: dict[str, object] = {"stated": value, "sum": total}
                    found.append(Message("total_mismatch", file, sheet, row, bound.header, values))
    return found


def _adds_up(table: str, column: str) -> bool:
    kinds = {c.column: c.type for c in vocabulary.columns(table) if c.origin == "file"}
    indicator = vocabulary.indicators().get(column)
    return kinds.get(column) in ("integer", "money") and not (indicator and indicator.kind == "distinct")


def _numbers(cells: pd.Series, column: str, table: str, context: Context) -> pd.Series:
    read = parse(pd.DataFrame({column: cells}), table, context).frame[column]
    return pd.Series(
        [None if pd.isna(value) else Decimal(str(value)) for value in read], index=cells.index, dtype=object
    )


def _sum_for(row: int, data: pd.Series, rows: Rows) -> Decimal | None:
    """What a total row ought to state: the rows since the last subtotal, or all; None if none."""
    chosen = data
    if row in rows.subtotals:
        above = [subtotal for subtotal in rows.subtotals if subtotal < row]
        chosen = data[(data.index > max(above, default=0)) & (data.index < row)]
    known = [value for value in chosen if value is not None]
    return sum(known, Decimal(0)) if known else None


def _tolerance(unit: str | None) -> Decimal:
    """Half of the last place in which money is usually written (万元 with two places: 50 yuan)."""
    factor = vocabulary.units()[unit].factor if unit in vocabulary.units() else 1
    return Decimal(factor) / 200 if factor > 1 else Decimal("0.005")
