"""What the year's summary documents state: each figure with its place, and those of the whole county."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from analysis import raw, vocabulary
from analysis.book import Book
from analysis.report.display import Evidence


@dataclass(frozen=True)
class Statement:
    """A figure of the whole county as a summary states it, and the sentence it stands in."""

    value: float
    evidence: Evidence


def facts(book: Book, year: int) -> pd.DataFrame:
    """The figures of a year's summaries, in the order of the text; values as float.

    Returns:
        One row a figure with the columns of table ``facts``; no rows where the year has no summary, or where
        the report looks from a day before the one that the summary was drawn up for.
    """
    table = book.store.table("facts", [year], book.scope.county)
    frame = book.store.frame(table.order_by(["document", "start", "end", "indicator", "measure"]))
    days = {name: pd.to_datetime(frame[name]) for name in ("period_start", "period_end")}
    frame = frame.assign(value=frame["value"].astype(float), **days)
    return frame.iloc[:0] if _drawn_up_later(book, year) else frame


def _drawn_up_later(book: Book, year: int) -> bool:
    day = raw.manifest(book.store.processed, year, book.scope.county)["as_of"]
    return day is not None and year == book.year and book.scope.as_of < date.fromisoformat(day)


def of_county(book: Book, indicator: str, year: int) -> Statement | None:
    """What the summaries say of the county as a whole, from the period's first day on.

    The figure of a sector or a campaign is never the county's. None where nothing is said, or where figures
    of the same period differ: which of them holds is not decided here.
    """
    rows = facts(book, year)
    part = book.scope.period.in_year(year)
    inside = (rows["period_start"] == pd.Timestamp(part.start)) & (
        rows["period_end"] <= pd.Timestamp(part.end)
    )
    whole = (rows["sector"] == vocabulary.SECTOR_TOTAL) & rows["campaign"].fillna("").eq("")
    rows = rows[inside & whole & (rows["indicator"] == indicator) & (rows["measure"] == "level")]
    rows = rows[rows["period_end"] == rows["period_end"].max()]
    if rows["value"].nunique() != 1:
        return None
    first = rows.iloc[0]
    evidence = Evidence("文件", rows=len(rows), document=str(first["document"]), quote=str(first["quote"]))
    return Statement(float(first["value"]), evidence)
