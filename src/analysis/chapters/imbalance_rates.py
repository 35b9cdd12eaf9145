"""Report 1, part: each sector's hazards per enterprise — funnel, residuals, shrunken rates and ranks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.chapters.imbalance import Imbalance
from analysis.chapters.imbalance_claims import Claims
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.tables import Column, DataTable
from analysis.stats import funnel, rates, shrinkage

NEEDED = "分行业的监管企业数、检查次数和隐患台账"
PER = 100
VERDICTS = {
    "high": "上限外（99.8%）",
    "alert_high": "上限外（95%）",
    "within": "界限内",
    "alert_low": "下限外（95%）",
    "low": "下限外（99.8%）",
    "none": "没有期望数",
}
RULE = (
    "界限含行业间一般差异（τ²）和同一企业隐患成群的影响；只有同时越过按机遇计算的和按一般差异放宽的99.8%界限才算“界限以外”，"
    "95%界限以外的只供留意。界限以外说明值得先查原因，不等于危险。"
    "行业之间普遍差别大时界限就宽：没有越界，不等于与企业数同比例。"
)


Shown = tuple[Displayable | DataTable, ...]


def funnels(*views: Imbalance) -> Shown:
    """Say and draw which industries' hazards per enterprise lie outside the funnel."""
    return _where_comparable(views, "各行业每家企业{}数与全县平均的差别", _funnel_shown)


def _where_comparable(views: tuple[Imbalance, ...], what: str, show: Callable[[Imbalance], Shown]) -> Shown:
    """What ``show`` shows of each view; that it cannot be shown where a view has no denominators."""
    parts = (
        show(view) if view.comparable else (findings.cannot_show(what.format(view.noun), NEEDED),)
        for view in views
    )
    return tuple(piece for part in parts for piece in part)


def _funnel_shown(view: Imbalance) -> Shown:
    found, key = _funnel(view), f"funnel-{view.level}"
    return findings.outliers(view.noun, _names(view), found, (key,)), funnel_figure(view, found, key)


def _funnel(view: Imbalance) -> funnel.Funnel:
    """Of events divided by the design effect: hazards of one enterprise are no independent evidence."""
    table = view.compared
    expected = rates.expected_counts(table["found"], table["enterprises"])
    return funnel.funnel(table["found"] / view.design_effect, expected / view.design_effect)


def _names(view: Imbalance) -> list[str]:
    return [vocabulary.name("sector", str(code)) for code in view.compared.index]


def funnel_figure(view: Imbalance, found: funnel.Funnel, key: str) -> Figure:
    """Draw the industries by expected hazards and ratio, within the limits that their spread allows."""
    shown = DataTable(
        key,
        _funnel_rows(view, found),
        (
            Column("sector", "行业"),
            Column("found", view.noun, "count", unit="条"),
            Column("expected", "期望数", "number", 1, "条"),
            Column("ratio", "实际÷期望", "number", 2),
            Column("place", "位置"),
        ),
        f"各行业每家企业的{view.noun}与全县平均之比，{_outside(found)}个在99.8%界限以外",
        _counted(view),
        note=RULE,
        enterprises="behind",
    )
    return chart(
        figures.funnel,
        shown,
        alt=lambda masked: (
            f"漏斗图：{len(masked)}个行业，横轴为期望数，纵轴为实际数与期望数之比，界限向右收窄。"
        ),
        label="sector",
        expected="expected",
        ratio="ratio",
        limits=funnel.limit_lines(found, view.design_effect),
        verdict="place",
        inside=VERDICTS["within"],
        far=(VERDICTS["high"], VERDICTS["low"]),
    )


def _funnel_rows(view: Imbalance, found: funnel.Funnel) -> pd.DataFrame:
    """A row per compared industry, the highest ratio first."""
    frame = _industries(view).assign(
        expected=found.expected * view.design_effect,
        ratio=found.ratio,
        place=[VERDICTS[verdict] for verdict in found.verdict],
    )
    return _ranked(frame, "ratio")


def _industries(view: Imbalance) -> pd.DataFrame:
    """A row per compared industry: its name, its hazards, and the enterprises in which they were found."""
    table = view.compared[["found", "behind"]].reset_index(drop=True)
    return table.assign(sector=_names(view))


def _ranked(frame: pd.DataFrame, by: str) -> pd.DataFrame:
    return frame.sort_values(by, ascending=False, kind="stable").reset_index(drop=True)


def _counted(view: Imbalance) -> str:
    return f"{int(view.compared['found'].sum()):,} 条{view.noun}，{len(view.compared)} 个行业"


def _outside(found: funnel.Funnel) -> int:
    return sum(verdict in ("high", "low") for verdict in found.verdict)


def residuals(claims: Claims) -> Shown:
    """Say whether hazards follow the enterprises, and list each industry's residual."""
    shown: list[Displayable | DataTable] = []
    for view in (claims.view, claims.major):
        key = f"residuals-{view.level}"
        shown.append(findings.follows_exposure(view.noun, claims.tests["spread"][view.level], (key,)))
        if view.comparable:
            shown.append(residual_table(view, key))
    return tuple(shown)


def residual_table(view: Imbalance, key: str) -> DataTable:
    """List observed and expected hazards of each industry with its standardised residual and adjusted p."""
    found = view.against_enterprises
    frame = _industries(view).assign(
        expected=found.expected,
        residual=np.array([test.statistic for test in found.residuals], dtype=float),
        p=[formats.p_value(test.adjusted_p) for test in found.residuals],
    )
    return DataTable(
        key,
        _ranked(frame, "residual"),
        (
            Column("sector", "行业"),
            Column("found", view.noun, "count", unit="条"),
            Column("expected", "期望数", "number", 1, "条"),
            Column("residual", "标准化残差", "number", 2),
            Column("p", "p值"),
        ),
        f"{view.noun}与按监管企业数分摊的期望数之差，以标准误计",
        _counted(view),
        note=f"设计效应{view.design_effect:.1f}已从残差中除去；p值在本表各行业间按Holm法校正。",
        enterprises="behind",
    )


def shrunken(*views: Imbalance) -> Shown:
    """Draw and list each industry's shrunken rate with the interval of its rank."""
    return _where_comparable(views, "各行业每家企业{}数的名次", _shrunken_shown)


def _shrunken_shown(view: Imbalance) -> Shown:
    frame, key = _shrunken_rows(view), f"shrunken-{view.level}"
    return _ranks_said(view, frame, key), shrunken_figure(view, frame, key)


def _ranks_said(view: Imbalance, frame: pd.DataFrame, key: str) -> Displayable:
    middle = (len(frame) + 1) / 2
    apart = int(((frame["rank_high"] < middle) | (frame["rank_low"] > middle)).sum())
    return findings.ranks_overlap(view.noun, len(frame), apart, (key,))


def _shrunken_rows(view: Imbalance) -> pd.DataFrame:
    """A row per compared industry, the highest shrunken rate first."""
    table, effect = view.compared, view.design_effect
    found = shrinkage.shrunken_rates(table["found"] / effect, table["enterprises"] / effect, per=PER)
    limits = {
        f"{name}_{limit}": [getattr(each, limit) for each in estimates]
        for name, estimates in (("rate", found.rates), ("rank", found.ranks))
        for limit in ("value", "low", "high")
    }
    crude = (PER * table["found"] / table["enterprises"]).to_numpy()
    return _ranked(_industries(view).assign(crude=crude, **limits), "rate_value")


def shrunken_figure(view: Imbalance, frame: pd.DataFrame, key: str) -> Figure:
    """Draw the shrunken rates as dots with intervals; the table behind has crude rates and ranks."""
    whole = float(PER * view.compared["found"].sum() / view.compared["enterprises"].sum())
    shown = DataTable(
        key,
        frame,
        (
            Column("sector", "行业"),
            Column("found", view.noun, "count", unit="条"),
            Column("crude", "每百家企业（原始）", "number", 1, "条"),
            Column("rate_value", "每百家企业（收缩后）", "number", 1, "条", ("rate_low", "rate_high")),
            Column("rank_value", "平均名次", "number", 1, "", ("rank_low", "rank_high")),
        ),
        f"每百家企业的{view.noun}：小行业的比率向全县平均收缩，名次带区间",
        _counted(view),
        note="记录少的行业偶然性大，收缩后的比率更接近真实水平；名次区间重叠的行业不分先后。比率受检查力度影响，不代表风险高低。",
        enterprises="behind",
    )
    return chart(
        figures.ranked_dots,
        shown,
        alt=lambda masked: f"{len(masked)}个行业每百家企业{view.noun}的点图，横线为95%区间，竖线为全县。",
        label="sector",
        value="rate_value",
        low="rate_low",
        high="rate_high",
        axis="每百家企业（条）",
        reference=whole,
    )
