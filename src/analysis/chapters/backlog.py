"""Report 3, part: what is open over all years' ledgers, month by month, and a year ahead (未整改存量)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

import pandas as pd

from analysis.book import Book
from analysis.report import findings
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats.outlook import Outlook, backlog_outlook

NEEDED = "连续12个月以上、逐条记录发现和整改日期的隐患台账"
_READ = ("found_on", "recorded_on", "rectified_on", "status")


@dataclass(frozen=True)
class Backlog:
    """Hazards of all consecutive years up to the report's own: found and rectified by month."""

    book: Book

    @cached_property
    def years(self) -> list[int]:
        """The report's year and those before it without a gap."""
        known, years = set(self.book.scope.years), [self.book.year]
        while years[0] - 1 in known:
            years.insert(0, years[0] - 1)
        return years

    @cached_property
    def rows(self) -> pd.DataFrame:
        """A row per hazard found and recorded by the cutoff, in any month of those years."""
        table = self.book.store.table("hazards", self.years, self.book.scope.county)
        rows = self.book.store.frame(table.select(*_READ))
        as_of = pd.Timestamp(self.book.scope.as_of)
        recorded = rows["recorded_on"].fillna(rows["found_on"])
        return rows[(rows["found_on"] <= as_of) & (recorded <= as_of)]

    @cached_property
    def undated(self) -> int:
        """Rectified on an unknown day: neither found nor rectified in any month here."""
        return int(self._undated.sum())

    @property
    def _undated(self) -> pd.Series[bool]:
        return self.rows["status"].isin(["rectified", "verified"]) & self.rows["rectified_on"].isna()

    @cached_property
    def months(self) -> pd.DataFrame:
        """Found, closed and open at the end, for every whole month up to the cutoff; none without hazards."""
        rows = self.rows[~self._undated]
        last = pd.Period(self.book.scope.as_of + timedelta(days=1), "M") - 1
        every = pd.period_range(pd.Period(f"{self.years[0]}-01", "M"), last, freq="M")
        found, closed = (
            pd.to_datetime(rows[day]).dt.to_period("M").value_counts().reindex(every, fill_value=0)
            for day in ("found_on", "rectified_on")
        )
        months = pd.DataFrame({"found": found, "closed": closed})
        return months.assign(open=(months["found"] - months["closed"]).cumsum())

    @cached_property
    def outlook(self) -> Outlook:
        """Open a year from the last whole month, scored on the last twelve."""
        months = self.months
        return backlog_outlook(months["found"], months["closed"], float(months["open"].iloc[-1]))


def shown(view: Backlog) -> tuple[Displayable | DataTable, ...]:
    """Say what would be open a year on, and list the years, where the ledgers go back far enough."""
    if view.rows.empty or len(view.months) < 12:
        return (findings.cannot_show("一年后未整改隐患的存量", NEEDED),)
    last = view.months.index[-1]
    ahead = f"{last.year + 1}年{last.month}月底各年台账合计未整改的隐患"
    said = findings.outlook(ahead, "count", view.outlook, "最近12个月", ("backlog",))
    return (said, year_table(view))


def year_table(view: Backlog) -> DataTable:
    """List what was found and rectified in each year, and what was open at its end."""
    months = view.months
    years = months.groupby(pd.PeriodIndex(months.index).year)
    frame = years[["found", "closed"]].sum().assign(open=years["open"].last())
    last = months.index[-1]
    note = f"有{view.undated:,}条已整改而没有日期的不在其中。" if view.undated else ""
    return DataTable(
        "backlog",
        frame.rename_axis("year").reset_index().assign(year=[f"{year}年" for year in frame.index]),
        (
            Column("year", "年份"),
            Column("found", "发现", "count", unit="条"),
            Column("closed", "整改", "count", unit="条"),
            Column("open", "年底合计未整改", "count", unit="条"),
        ),
        f"各年台账合计：当年发现、当年整改和年底未整改，截至{last.year}年{last.month}月底",
        f"{len(view.rows):,} 条隐患，{len(months)} 个月",
        note=f"{note}往年台账里始终没有整改日期的一直计作未整改；如已另册销号，存量偏大。首屏的未整改只看本年隐患。",
        enterprises=WHOLE_COUNTY,
    )
