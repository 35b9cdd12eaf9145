"""What the summaries state, where ledger or returns are missing: by sector (report 1), by year (report 2).

Shown as stated, not used in any rate or test: a summary rarely says how many enterprises or inspections
stand behind its figures.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures, stated
from analysis.report.tables import Column, DataTable

BY_SECTOR = (
    "hazards_found", "hazards_rectified", "major_hazards_found", "major_hazards_rectified", "inspections",
    "penalties_issued", "accidents", "deaths",
)  # fmt: skip
BY_YEAR = (
    "accidents", "deaths", "inspections", "hazards_found", "hazards_rectified", "major_hazards_found",
    "notices_issued", "penalties_issued", "fines",
)  # fmt: skip
NOTE = (
    "照录总结文件，未经逐条核对；没有监管企业数和检查次数，不能比较各行业，也不能说明增减的原因。"
    "空格表示文件没有写。"
)


def sectors(book: Book) -> tuple[DataTable, ...]:
    """The year's stated figures by sector, where it has no ledger."""
    if measures.has(book, "hazards_found", book.year):
        return ()
    rows = _levels(book, book.year, BY_SECTOR)
    order = [code for code in vocabulary.sectors() if code in set(rows["sector"])]
    table = _wide(rows, "sector", order, BY_SECTOR)
    names = [vocabulary.name("sector", code) for code in table.index]
    return _table("stated-sectors", table, names, "行业领域", "总结文件写明的分行业领域数字")


def years(book: Book) -> tuple[DataTable, ...]:
    """The stated figures of the whole county, a row a year, where the year has no returns."""
    if measures.has(book, "inspections", book.year):
        return ()
    parts = [_levels(book, year, BY_YEAR).assign(year=year) for year in book.scope.years]
    rows = pd.concat(parts)
    rows = rows[rows["sector"] == vocabulary.SECTOR_TOTAL]
    table = _wide(rows, "year", [year for year in book.scope.years if year in set(rows["year"])], BY_YEAR)
    return _table(
        "stated-years", table, [f"{year}年" for year in table.index], "年份", "总结文件写明的全县历年数字"
    )


def _levels(book: Book, year: int, indicators: Sequence[str]) -> pd.DataFrame:
    """Figures from the period's first day on, of no campaign; the first where a document gives several."""
    rows = stated.facts(book, year)
    start = pd.Timestamp(book.scope.period.in_year(year).start)
    plain = (
        (rows["measure"] == "level") & rows["campaign"].fillna("").eq("") & (rows["period_start"] == start)
    )
    rows = rows[plain & rows["indicator"].isin(indicators)]
    return rows.drop_duplicates(["sector", "indicator"])


def _wide(rows: pd.DataFrame, by: str, order: Sequence[object], indicators: Sequence[str]) -> pd.DataFrame:
    table = rows.pivot(index=by, columns="indicator", values="value")
    return table.reindex(index=list(order), columns=[name for name in indicators if name in table])


def _table(
    key: str, table: pd.DataFrame, names: Sequence[str], label: str, caption: str
) -> tuple[DataTable, ...]:
    if table.empty:
        return ()
    known = vocabulary.indicators()
    columns = [
        Column(name, known[name].name_zh, "number", 0, unit=known[name].unit) for name in map(str, table)
    ]
    frame = table.assign(label=list(names)).reset_index(drop=True)
    n = f"{int(table.notna().sum().sum())} 个数字"
    return (DataTable(key, frame, (Column("label", label), *columns), caption, n, note=NOTE),)
