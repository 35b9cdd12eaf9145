"""Report 1, part: each sector's hazards per enterprise — funnel, residuals, shrunken rates and ranks."""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.chapters.imbalance import Imbalance
from analysis.chapters.imbalance_claims import Claims
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.tables import Column, DataTable
from analysis.stats import funnel, rates, shrinkage
from analysis.stats.results import TestResult

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


def funnels(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Say and draw which industries' hazards per enterprise lie outside the funnel."""
    shown: list[Displayable | DataTable] = []
    for view in views:
        if not view.comparable:
            shown.append(findings.cannot_show(f"各行业每家企业{view.noun}数与全县平均的差别", NEEDED))
            continue
        found, key = _funnel(view), f"funnel-{view.level}"
        shown += [findings.outliers(view.noun, _names(view), found, (key,)), funnel_figure(view, found, key)]
    return tuple(shown)


def _funnel(view: Imbalance) -> funnel.Funnel:
    """Of events divided by the design effect: hazards of one enterprise are no independent evidence."""
    table = view.compared
    expected = rates.expected_counts(table["found"], table["enterprises"])
    return funnel.funnel(table["found"] / view.design_effect, expected / view.design_effect)


def _names(view: Imbalance) -> list[str]:
    return [vocabulary.name("sector", str(code)) for code in view.compared.index]


def funnel_figure(view: Imbalance, found: funnel.Funnel, key: str) -> Figure:
    """Draw the industries by expected hazards and ratio, within the limits that their spread allows."""
    table = view.compared
    frame = pd.DataFrame(
        {
            "sector": _names(view),
            "found": table["found"].to_numpy(),
            "expected": found.expected * view.design_effect,
            "ratio": found.ratio,
            "place": [VERDICTS[verdict] for verdict in found.verdict],
            "behind": table["behind"].to_numpy(),
        }
    ).sort_values("ratio", ascending=False, kind="stable")
    shown = DataTable(
        key,
        frame.reset_index(drop=True),
        (
            Column("sector", "行业"),
            Column("found", view.noun, "count", unit="条"),
            Column("expected", "期望数", "number", 1, "条"),
            Column("ratio", "实际÷期望", "number", 2),
            Column("place", "位置"),
        ),
        f"各行业每家企业的{view.noun}与全县平均之比，{_outside(found)}个在99.8%界限以外",
        f"{int(table['found'].sum()):,} 条{view.noun}，{found.n} 个行业",
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


def _outside(found: funnel.Funnel) -> int:
    return sum(verdict in ("high", "low") for verdict in found.verdict)


def residuals(claims: Claims) -> tuple[Displayable | DataTable, ...]:
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
    table, found = view.compared, view.against_enterprises
    frame = pd.DataFrame(
        {
            "sector": _names(view),
            "found": table["found"].to_numpy(),
            "expected": found.expected,
            "residual": [test.statistic for test in found.residuals],
            "p": [_p(test) for test in found.residuals],
            "behind": table["behind"].to_numpy(),
        }
    ).sort_values("residual", ascending=False, kind="stable")
    return DataTable(
        key,
        frame.reset_index(drop=True),
        (
            Column("sector", "行业"),
            Column("found", view.noun, "count", unit="条"),
            Column("expected", "期望数", "number", 1, "条"),
            Column("residual", "标准化残差", "number", 2),
            Column("p", "p值"),
        ),
        f"{view.noun}与按监管企业数分摊的期望数之差，以标准误计",
        f"{int(table['found'].sum()):,} 条{view.noun}",
        note=f"设计效应{view.design_effect:.1f}已从残差中除去；p值在本表各行业间按Holm法校正。",
        enterprises="behind",
    )


def _p(test: TestResult) -> str:
    value = test.adjusted_p
    return formats.MISSING if value is None else "<0.001" if value < 0.001 else formats.number(value, 3)


def shrunken(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw and list each industry's shrunken rate with the interval of its rank."""
    shown: list[Displayable | DataTable] = []
    for view in views:
        if not view.comparable:
            shown.append(findings.cannot_show(f"各行业每家企业{view.noun}数的名次", NEEDED))
            continue
        frame, key = _shrunken_rows(view), f"shrunken-{view.level}"
        shown += [_ranks_said(view, frame, key), shrunken_figure(view, frame, key)]
    return tuple(shown)


def _ranks_said(view: Imbalance, frame: pd.DataFrame, key: str) -> Displayable:
    middle = (len(frame) + 1) / 2
    apart = int(((frame["rank_high"] < middle) | (frame["rank_low"] > middle)).sum())
    return findings.ranks_overlap(view.noun, len(frame), apart, (key,))


def _shrunken_rows(view: Imbalance) -> pd.DataFrame:
    """A row per compared industry, the highest shrunken rate first."""
    table, effect = view.compared, view.design_effect
    found = shrinkage.shrunken_rates(table["found"] / effect, table["enterprises"] / effect, per=PER)
    parts = {"rate": found.rates, "rank": found.ranks}
    columns = {
        f"{name}_{limit}": [getattr(each, limit) for each in estimates]
        for name, estimates in parts.items()
        for limit in ("value", "low", "high")
    }
    frame = pd.DataFrame(columns).assign(
        sector=_names(view),
        found=table["found"].to_numpy(),
        crude=(PER * table["found"] / table["enterprises"]).to_numpy(),
        behind=table["behind"].to_numpy(),
    )
    return frame.sort_values("rate_value", ascending=False, kind="stable").reset_index(drop=True)


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
        f"{int(frame['found'].sum()):,} 条{view.noun}，{len(frame)} 个行业",
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
