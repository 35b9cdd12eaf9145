"""Report 5, part: whether the numbers of regulated enterprises can be right (监管企业底数)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from analysis import vocabulary
from analysis.book import Book
from analysis.chapters import measures
from analysis.report import findings
from analysis.report.display import Displayable
from analysis.report.findings import Finding
from analysis.report.tables import Column, DataTable

NEEDED = "隐患台账或分行业的执法检查月报"


@dataclass(frozen=True)
class Denominators:
    """Each sector's regulated enterprises beside the enterprises that are known to exist."""

    book: Book

    @cached_property
    def sectors(self) -> pd.DataFrame:
        """A row per sector with hazards or inspections: listed, inspections, hazards, known, coverage.

        ``known`` is the largest number of distinct enterprises that any single source proves: those in the
        ledger, one return's count, or one department's cumulative count. They are never added up.
        """
        book, year = self.book, self.book.year
        counted = ["regulated_enterprises", "inspections", "hazards_found"]
        table = measures.counts(book, counted, "sector", year)
        table.columns = pd.Index(["listed", "inspections", "hazards"])
        table = table[~table.index.isin(["", vocabulary.SECTOR_TOTAL])]
        proven = pd.concat([self._in_ledger(), self._in_returns(), self._cumulated()], axis=1)
        table = table.join(proven.max(axis=1).rename("known")).fillna({"known": 0.0})
        return table.assign(coverage=(table["known"] / table["listed"]).where(table["listed"] > 0))

    @property
    def without(self) -> list[str]:
        """Sectors with hazards or inspections but no number of enterprises."""
        rows = self.sectors
        used = (rows["hazards"] > 0) | (rows["inspections"] > 0)
        return [str(code) for code in rows.index[used & (rows["listed"] == 0)]]

    @property
    def beyond(self) -> list[str]:
        """Sectors with more known enterprises than their number says."""
        return [str(code) for code in self.sectors.index[self.sectors["coverage"] > 1]]

    def _in_ledger(self) -> pd.Series[float]:
        rows = self.book.hazards
        rows = rows[rows["year"] == self.book.year]
        return rows.groupby("sector")["enterprise"].nunique().astype(float)

    def _in_returns(self) -> pd.Series[float]:
        rows = self.book.indicators
        wanted = (rows["indicator"] == "enterprises_inspected") & (rows["source"] == "return")
        return rows[wanted & (rows["year"] == self.book.year)].groupby("sector")["value"].max()

    def _cumulated(self) -> pd.Series[float]:
        """The largest cumulative count of one department; months after the cutoff are unseen."""
        scope = self.book.scope
        rows = self.book.store.frame(self.book.store.table("enforcement", [self.book.year], scope.county))
        month = scope.as_of.month if scope.as_of.year == self.book.year else 12
        seen = rows[(rows["month"] <= month) & rows["cumulative_enterprises_inspected"].notna()]
        return seen.groupby("sector")["cumulative_enterprises_inspected"].max().astype(float)


def answer(view: Denominators) -> tuple[Finding, ...]:
    """Name the sectors without a usable number of enterprises."""
    if view.sectors.empty:
        return (findings.cannot_show("监管企业底数是否可用", NEEDED),)
    return (findings.denominators(_names(view.without), _names(view.beyond), ("denominators",)),)


def tables(view: Denominators) -> Iterable[Displayable | DataTable]:
    """List each sector's enterprises, listed and known, where there are sectors at all."""
    if view.sectors.empty:
        return answer(view)
    return (sector_table(view),)


def sector_table(view: Denominators) -> DataTable:
    """List the sectors, those without or beyond their number first and set bold."""
    frame = view.sectors
    wrong = frame.index.isin([*view.without, *view.beyond])
    frame = frame.assign(
        sector=_names(frame.index), wrong=wrong, remark=[_remark(view, str(c)) for c in frame.index]
    )
    frame = frame.sort_values(["wrong", "hazards"], ascending=False, kind="stable")
    return DataTable(
        "denominators",
        frame.assign(listed=frame["listed"].where(frame["listed"] > 0)).reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            Column("listed", "监管企业", "count", unit="家"),
            Column("known", "已知企业", "count", unit="家"),
            Column("coverage", "已知÷监管", "share"),
            Column("inspections", "检查", "count", unit="次"),
            Column("hazards", "隐患", "count", unit="条"),
            Column("remark", "须核对"),
        ),
        "各行业领域的监管企业底数与已知企业数",
        f"{len(frame)} 个行业领域",
        note=(
            "已知企业取台账中不同的企业、单份月报的检查企业数、累计检查企业数三者中最大的一个，不相加，"
            "是受检企业数的下限；其与监管企业之比超过100%，说明底数不全。"
        ),
        enterprises="known",
        emphasis="wrong",
    )


def _remark(view: Denominators, code: str) -> str:
    if code in view.without:
        return "没有监管企业数"
    return "超过100%" if code in view.beyond else ""


def _names(codes: Iterable[object]) -> list[str]:
    return [vocabulary.name("sector", str(code)) for code in codes]
