"""Report 2, part: sectors over months, and where their hit rate changed its level.

A sector's months are looked at one by one only from a mean of five findings a month; else its quarters; else
its years alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.chapters.enforcement import Enforcement
from analysis.report import findings, formats
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import interventions, multiplicity, trends
from analysis.stats.results import TestResult

HITS, MAJOR, VISITS = "inspections_with_findings", "inspections_with_major_findings", "inspections"
NEEDED = "多个年份分月、分行业的执法检查月报"


@dataclass(frozen=True)
class Series:
    """One sector's findings and inspections over all months of the scope, and the step they allow."""

    name: str
    months: pd.DataFrame

    @property
    def monthly_mean(self) -> float:
        """Findings a month, over the months that have inspections."""
        seen = self.months[self.months[VISITS] > 0]
        return float(seen[HITS].mean()) if len(seen) else 0.0

    @cached_property
    def step(self) -> int:
        """Months pooled into one point: 1, 3 (quarters), or 0 where even quarters hold too little."""
        if self.monthly_mean >= trends.MIN_MONTHLY_MEAN:
            return 1
        return 3 if 3 * self.monthly_mean >= trends.MIN_MONTHLY_MEAN else 0

    def points(self, column: str) -> np.ndarray:
        """The counts by month or pooled by quarter."""
        values = self.months[column].to_numpy(dtype=float)
        return values if self.step == 1 else trends.pooled_quarters(values)

    @cached_property
    def changes(self) -> interventions.ChangePoints:
        """Where the rate changed its level."""
        return interventions.change_points(self.points(HITS), self.points(VISITS))

    @cached_property
    def years(self) -> pd.DataFrame:
        """The yearly sums that have inspections."""
        sums = self.months.groupby(level="year").sum()
        return sums[sums[VISITS] > 0]

    @cached_property
    def trend(self) -> TestResult | None:
        """Mann–Kendall over the years; None where there are too few for a sector."""
        if not trends.yearly_trend_allowed(len(self.years), by_sector=True):
            return None
        return trends.mann_kendall(self.years[HITS] / self.years[VISITS], self.years.index).test

    def when(self, place: int) -> str:
        """The month or quarter of a point."""
        year, month = self.months.index[place * max(1, self.step)]
        return f"{year}年{month}月" if self.step == 1 else f"{year}年第{(month + 2) // 3}季度"


def series(view: Enforcement) -> list[Series]:
    """Every sector's series, the one with the most inspections first."""
    parts = by_sector(view)
    visits = {code: float(months[VISITS].sum()) for code, months in parts.items()}
    order = sorted((code for code in parts if visits[code] > 0), key=lambda code: (-visits[code], code))
    return [Series(vocabulary.name("sector", code), parts[code]) for code in order]


def by_sector(view: Enforcement) -> dict[str, pd.DataFrame]:
    """Findings and inspections of each sector in every month of the years with returns, zeros filled in."""
    rows = view.book.indicators
    named = rows["month"].notna() & rows["sector"].notna() & (rows["sector"] != vocabulary.SECTOR_TOTAL)
    rows = rows[(rows["source"] == "return") & named & rows["indicator"].isin([HITS, MAJOR, VISITS])]
    rows = rows.astype({"year": int, "month": int})
    years = sorted(int(year) for year in view.years.index)
    every = pd.MultiIndex.from_product([years, range(1, 13)], names=["year", "month"])
    return {
        str(code): part.pivot_table(
            index=["year", "month"], columns="indicator", values="value", aggfunc="sum", fill_value=0.0
        ).reindex(index=every, columns=[HITS, MAJOR, VISITS], fill_value=0.0)
        for code, part in rows.groupby("sector")
    }


def change_points(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List where each sector's hit rate changed its level, at the step that its counts allow."""
    found = series(view)
    if not found:
        return (findings.cannot_show("各行业发现率在何时改变", NEEDED),)
    tests = iter(multiplicity.adjust([one.trend for one in found if one.trend is not None]))
    frame = pd.DataFrame([_row(one, next(tests) if one.trend is not None else None) for one in found])
    years = len(view.years)
    off = trends.MIN_YEARS_BY_SECTOR
    return (
        DataTable(
            "sector-series",
            frame,
            (
                Column("sector", "行业领域"),
                Column("n", "检查", "count", unit="次"),
                Column("mean", "月均发现", "number", 1, "次"),
                Column("step", "所用序列"),
                Column("points", "点数", "count"),
                Column("changes", "水平改变处（发现率）"),
                Column("trend", "历年检验p值"),
            ),
            f"{len(found)}个行业领域的发现率序列：{int((frame['breaks'] > 0).sum())}个有水平改变处",
            f"{int(frame['n'].sum()):,} 次检查，{years} 个年份",
            note=(
                "月均发现满5次的逐月看，不满的合并为季度，季度仍不满5次的只列历年合计，不找改变处。"
                "改变处由分段拟合（PELT）选出，每段至少6个点，只说明序列在何处分成两段，不是检验结论，也不说明原因。"
                f"分行业的历年检验需{off}个年份" + (f"，现有{years}个，不作。" if years < off else "。")
            ),
            enterprises=WHOLE_COUNTY,
        ),
    )


def _row(one: Series, trend: TestResult | None) -> dict[str, object]:
    names = {1: "逐月", 3: "按季", 0: "只看年"}
    known = one.step > 0
    p = None if trend is None else trend.adjusted_p
    return {
        "sector": one.name,
        "n": one.months[VISITS].sum(),
        "mean": one.monthly_mean,
        "step": names[one.step],
        "points": one.changes.n if known else len(one.years),
        "changes": _changes(one) if known else formats.MISSING,
        "breaks": len(one.changes.starts) if known else 0,
        "trend": formats.number(p, 3) if p is not None else "不作",
    }


def _changes(one: Series) -> str:
    """The changes in words: when, and the rate on either side."""
    found = one.changes
    if "few_points" in found.warnings:
        return "点数不足，不找"
    parts = [
        f"{one.when(place)}：{formats.share(found.levels[number])}→{formats.share(found.levels[number + 1])}"
        for number, place in enumerate(found.starts)
    ]
    return "；".join(parts) or "未找到"
