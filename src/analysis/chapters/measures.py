"""Reading the indicator table: which source a figure comes from, and what may be added up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.disclosure import catalogue
from analysis.disclosure.catalogue import Cell
from analysis.report.display import Evidence
from analysis.sums import LEDGER_INDICATORS, RETURN_INDICATORS

Source = Literal["ledger", "return", "document"]
Dimension = Literal["sector", "township", "month", "department", "campaign", "year"]

_ELSEWHERE = ("hazards_found", "enterprises_inspected")
"""Hazards are read from the ledger, and enterprises inspected are never added up."""
ENFORCEMENT = tuple(code for code in RETURN_INDICATORS if code not in _ELSEWHERE)
"""Read from the monthly returns; everything else that can be counted, from the ledgers and lists."""


def source_of(indicator: str) -> Source:
    """The source an indicator is read from where it stands in several (a penalty is in two)."""
    return "return" if indicator in ENFORCEMENT else "ledger"


def counts(
    book: Book,
    indicators: Sequence[str],
    dimension: Dimension,
    year: int | None = None,
    campaign: str | None = None,
) -> pd.DataFrame:
    """Add up indicators by one dimension, from ledgers, lists and returns; never from documents.

    Args:
        book: The report's data.
        indicators: Codes of kind count, stock or money; distinct ones cannot be added up.
        dimension: The rows of the result; rows that do not say stand under an empty label.
        year: One year of the scope; all of them where it is None.
        campaign: Only what belongs to a campaign; everything where it is None.

    Returns:
        One row per value of the dimension, one column per indicator, 0 where nothing was counted.

    Raises:
        ValueError: An indicator must not be added up.
    """
    refused = [code for code in indicators if vocabulary.indicators()[code].kind in ("distinct", "rate")]
    if refused:
        raise ValueError(f"not to be added up: {refused}")
    rows = book.indicators
    rows = rows[rows["indicator"].isin(indicators)]
    rows = rows[rows["source"] == rows["indicator"].map(source_of)]
    # Enterprises of a campaign are among those of the sector: counted once.
    rows = rows[(rows["indicator"] != "regulated_enterprises") | rows["campaign"].isna()]
    if year is not None:
        rows = rows[rows["year"] == year]
    if campaign is not None:
        rows = rows[rows["campaign"] == campaign]
    labels = rows[dimension].astype(object).where(rows[dimension].notna(), "")
    table = rows.pivot_table(index=labels, columns="indicator", values="value", aggfunc="sum", fill_value=0)
    return table.reindex(columns=list(indicators), fill_value=0.0)


def total(book: Book, indicator: str, year: int, campaign: str | None = None) -> float:
    """One indicator of one year, over all sectors, departments and months."""
    return float(counts(book, [indicator], "year", year, campaign)[indicator].sum())


def has(book: Book, indicator: str, year: int) -> bool:
    """Whether the year has any row of an indicator in its ledgers or returns: no row is not a zero."""
    rows = book.indicators
    return bool(
        (
            (rows["indicator"] == indicator)
            & (rows["year"] == year)
            & (rows["source"] == source_of(indicator))
        ).any()
    )


def cells(
    book: Book, *indicators: str, years: Sequence[int] = (), sectors: Sequence[str] = ()
) -> tuple[Cell, ...]:
    """The cells that a sentence gives away: the county's counts, or those of single sectors.

    Args:
        book: The report's data.
        indicators: What is counted.
        years: The years spoken of; the report's own where none is given.
        sectors: The sectors spoken of; the county where none is given.
    """
    places = [(catalogue.SECTOR, code) for code in sectors] or [(catalogue.COUNTY, "")]
    return tuple(
        Cell(year, *place, code) for year in years or (book.year,) for place in places for code in indicators
    )


def industries(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a sector table that are industries, which exclude one another and make up the shares."""
    return _of_kind(table, "industry")


def cross_cutting(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of a sector table that lie across the industries (fire, special equipment …)."""
    return _of_kind(table, "cross_cutting")


def _of_kind(table: pd.DataFrame, kind: str) -> pd.DataFrame:
    known = vocabulary.sectors()
    order = [code for code, sector in known.items() if sector.kind == kind and code in table.index]
    return table.loc[order]


def evidence(book: Book, indicator: str, year: int, campaign: str | None = None) -> Evidence:
    """What a figure stands on: the hazards it counts, or the returns and lists it was added up from."""
    if indicator in LEDGER_INDICATORS:
        rows = book.hazards[(book.hazards["year"] == year) & book.hazards[indicator]]
        rows = rows if campaign is None else rows[rows["campaign"] == campaign]
        return rows_of(rows)
    rows = book.indicators
    rows = rows[(rows["indicator"] == indicator) & (rows["year"] == year)]
    rows = rows[rows["source"] == source_of(indicator)]
    rows = rows if campaign is None else rows[rows["campaign"] == campaign]
    return Evidence(_SOURCES[source_of(indicator)], rows=tuple(sorted(set(rows["evidence"]))))


def rows_of(rows: pd.DataFrame, source: str = "台账", note: str = "") -> Evidence:
    """Rows of a ledger or list as evidence, named by file, sheet and row."""
    ids = rows["file"] + " " + rows["sheet"].fillna("") + " 第" + rows["row"].astype(str) + "行"
    return Evidence(source, rows=tuple(ids), note=note)


_SOURCES: dict[Source, str] = {"ledger": "台账", "return": "月报", "document": "文件"}
