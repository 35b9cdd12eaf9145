"""Report 2, part: the yearly rates' slope and exact trend test, beside the regression of their months."""

from __future__ import annotations

import math

import pandas as pd

from analysis.chapters.enforcement import RATIOS, Enforcement, Ratio
from analysis.report import findings, formats
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import multiplicity, trends
from analysis.stats.trends import MIN_POINTS, Trend


def tables(view: Enforcement) -> tuple[Displayable | DataTable, ...]:
    """List each measure's Sen slope and Mann–Kendall test over the years, from five years on."""
    years = len(view.years)
    if years < MIN_POINTS:
        return (findings.cannot_show("历年比率的斜率和趋势检验", f"{MIN_POINTS}个以上年份的执法检查月报"),)
    found = {code: _trend(view, ratio) for code, ratio in RATIOS.items()}
    tests = multiplicity.adjust([one.test for one in found.values()])
    rows = [
        _row(RATIOS[code], one, test.adjusted_p)
        for (code, one), test in zip(found.items(), tests, strict=True)
    ]
    return (
        DataTable(
            "yearly-trends",
            pd.DataFrame(rows),
            (
                Column("measure", "指标"),
                Column("slope", "每年变化（95%区间）", "number", 2, interval=("low", "high")),
                Column("score", "S", "number", 0),
                Column("p", "p值"),
            ),
            f"历年比率的Sen斜率和Mann–Kendall检验，{years}个年份",
            f"{int(view.years['inspections'].sum()):,} 次检查，{years} 个年份",
            note=(
                "比率的变化以百分点或每百次检查计。S为两两比较时后一年较大的对数减后一年较小的对数；p值按Holm法校正，"
                f"{years}个年份的精确检验校正前最小只能达到p={formats.number(2 / math.factorial(years), 3)}。"
                "年份少时这一检验难以确认趋势，“回答”中的趋势用各月的计数回归判断。"
            ),
            enterprises=WHOLE_COUNTY,
        ),
    )


def _trend(view: Enforcement, ratio: Ratio) -> Trend:
    return trends.mann_kendall(view.years[ratio.part] / view.years[ratio.whole], view.years.index)


def _row(ratio: Ratio, found: Trend, adjusted_p: float | None) -> dict[str, object]:
    slope = found.slope.scaled(100)
    return {
        "measure": ratio.name,
        "slope": slope.value,
        "low": slope.low,
        "high": slope.high,
        "score": found.test.statistic,
        "p": formats.p_value(adjusted_p),
    }
