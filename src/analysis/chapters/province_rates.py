"""Report 7, part: each measure's funnel over the counties, and rates and ranks with their intervals."""

from __future__ import annotations

import pandas as pd

from analysis.chapters.imbalance_rates import RULE, VERDICTS
from analysis.chapters.province import Compared, Measure, Province, compared
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, chart
from analysis.report.tables import Column, DataTable
from analysis.stats import funnel

DRAWN_COUNTIES = 40
"""Of more counties than these the intervals are listed and not drawn."""


def shown(view: Province, measure: Measure) -> tuple[Displayable | DataTable, ...]:
    """Say and draw which counties lie outside the funnel on either side, then ranks with their intervals."""
    found = compared(view, measure)
    if not found.possible:
        return (findings.cannot_show(f"各县{measure.noun}的差别", measure.needed),)
    funnel_key, rank_key = f"funnel-{measure.key}", f"ranks-{measure.key}"
    names = list(found.frame["name"])
    words = {"unit": "县", "per": measure.per, "whole": "按各县行业构成的期望"}
    return (
        findings.outliers(measure.noun, names, found.funnel, (funnel_key,), **words),
        _funnel(found, funnel_key),
        _ranks_said(found, rank_key),
        _ranks(found, rank_key),
    )


def _funnel(found: Compared, key: str) -> Figure:
    frame = pd.DataFrame(
        {
            "name": found.frame["name"].to_numpy(),
            "events": found.frame["events"].to_numpy(),
            "expected": found.frame["expected"].to_numpy(),
            "ratio": found.funnel.ratio,
            "place": [VERDICTS[verdict] for verdict in found.funnel.verdict],
        }
    )
    table = DataTable(
        key,
        frame,
        (
            Column("name", "县（市、区）"),
            Column("events", found.measure.noun, "count", unit="条"),
            Column("expected", "期望数", "number", 1, "条"),
            Column("ratio", "实际÷期望", "number", 2),
            Column("place", "位置"),
        ),
        f"各县{found.measure.noun}的实际数与按行业构成推算的期望数之比",
        f"{int(frame['events'].sum()):,} 条，{found.funnel.n} 个县",
        note=(
            f"期望数按全部县同行业的比率推算；同一企业隐患成群的影响（{found.effect:.1f}）已计入。"
            + RULE.replace("行业", "县")
        ),
    )
    return chart(
        figures.funnel,
        table,
        alt=lambda masked: f"漏斗图：{len(masked)}个县，横轴为期望数，纵轴为实际数与期望数之比。",
        label="name",
        expected="expected",
        ratio="ratio",
        limits=funnel.limit_lines(found.funnel, found.effect),
        verdict="place",
        inside=VERDICTS["within"],
        far=(VERDICTS["high"], VERDICTS["low"]),
        across="期望数（按行业构成推算）",
    )


def _ranks_said(found: Compared, key: str) -> Displayable:
    middle = (len(found.ranks) + 1) / 2
    apart = int(((found.ranks["rank_high"] < middle) | (found.ranks["rank_low"] > middle)).sum())
    return findings.ranks_overlap(found.measure.noun, len(found.ranks), apart, (key,), unit="县")


def _ranks(found: Compared, key: str) -> Displayable | DataTable:
    """The counties in the order of their codes, not of their ranks: an interval is no league table."""
    table = DataTable(
        key,
        found.ranks,
        (
            Column("name", "县（市、区）"),
            Column("events", found.measure.noun, "count", unit="条"),
            Column("crude", f"原始，{found.measure.axis}", "number", 1),
            Column("rate_value", f"收缩后，{found.measure.axis}", "number", 1, "", ("rate_low", "rate_high")),
            Column("rank_value", "平均名次", "number", 1, "", ("rank_low", "rank_high")),
        ),
        f"各县{found.measure.noun}率按行业构成调整并向全部县平均收缩，名次带区间，按行政区划代码排列",
        f"{int(found.ranks['events'].sum()):,} 条，{len(found.ranks)} 个县",
        note="名次区间重叠的县不分先后；比率受检查力度和登记影响，不代表风险高低。",
    )
    if len(found.ranks) > DRAWN_COUNTIES:
        return table
    return chart(
        figures.ranked_dots,
        table,
        alt=lambda masked: f"{len(masked)}个县的点图，横线为95%区间，竖线为全部县平均。",
        label="name",
        value="rate_value",
        low="rate_low",
        high="rate_high",
        axis=found.measure.axis,
        reference=found.average,
        reference_label="全部县",
    )
