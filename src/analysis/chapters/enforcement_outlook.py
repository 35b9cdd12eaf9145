"""Report 2, part: the main rates a year ahead, the same method scored on this year (一年展望)."""

from __future__ import annotations

from datetime import date

import pandas as pd

from analysis.chapters.enforcement import RATIOS, Enforcement, Ratio
from analysis.report import findings, formats
from analysis.report.display import Displayable
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats.outlook import Outlook, rate_outlook


def outlooks(view: Enforcement, *codes: str) -> tuple[Displayable | DataTable, ...]:
    """Say and list what the coming year's rates would be if the last years went on."""
    if not view.known or len(view.years) < 2:
        return (findings.cannot_show("来年的发现率和处罚率", "两个以上年份的执法检查月报"),)
    found = {code: _outlook(view, RATIOS[code]) for code in codes}
    ahead, now = (f"{view.book.year + later}年{_same_part(view)}" for later in (1, 0))
    said = [
        findings.outlook(f"{ahead}的{RATIOS[code].name}", RATIOS[code].kind, one, now, ("rate-outlook",))
        for code, one in found.items()
    ]
    return (*said, _table(view, found))


def _same_part(view: Enforcement) -> str:
    """Whether the years are looked at in part only: then so is the coming one."""
    scope = view.book.scope
    return "" if scope.as_of >= date(view.book.year, 12, 31) and scope.period.start.month == 1 else "同期"


def _outlook(view: Enforcement, ratio: Ratio) -> Outlook:
    """The coming year's rate at this year's number of inspections."""
    years = view.years
    found = rate_outlook(years[ratio.part], years[ratio.whole], float(years[ratio.whole].iloc[-1]))
    return found.scaled(ratio.per)


def _table(view: Enforcement, found: dict[str, Outlook]) -> DataTable:
    rows = [_row(view, RATIOS[code], one) for code, one in found.items()]
    year = view.book.year
    return DataTable(
        "rate-outlook",
        pd.DataFrame(rows),
        (
            Column("measure", "指标"),
            Column("now", f"{year}年"),
            Column("ahead", f"{year + 1}年预计（95%预测区间）"),
            Column("blind", f"不看{year}年的预计（95%预测区间）"),
            Column("inside", f"{year}年是否在区间内"),
            Column("error", "误差"),
            Column("naive", "沿用上年的误差"),
            Column("n", "所用年份", "count", unit="个"),
        ),
        f"{year + 1}年主要比率的展望，同一方法先在{year}年检验",
        f"{len(view.years)} 个年份",
        note="按最近三年合并的比率推算，区间含年份之间的变化；假定没有趋势、检查次数与本年相同，是推算不是目标。",
        enterprises=WHOLE_COUNTY,
    )


def _row(view: Enforcement, ratio: Ratio, found: Outlook) -> dict[str, object]:
    score = found.score
    return {
        "measure": ratio.name,
        "now": formats.as_kind(view.rate(ratio, view.book.year).value, ratio.kind),
        "ahead": findings.predicted(found.prediction, ratio.kind),
        "blind": findings.predicted(score.predicted, ratio.kind) if score else formats.MISSING,
        "inside": ("是" if score.inside else "否") if score else formats.MISSING,
        "error": findings.difference(score.error, ratio.kind) if score else formats.MISSING,
        "naive": findings.difference(score.naive_error, ratio.kind) if score else formats.MISSING,
        "n": found.prediction.n,
    }
