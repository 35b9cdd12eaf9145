"""Report 2, part: control charts of the monthly rates of this and last year (控制图)."""

from __future__ import annotations

import pandas as pd

from analysis.chapters.enforcement import RATIOS, Enforcement, Ratio
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, chart
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import control_charts
from analysis.stats.control_charts import ControlChart

_LINES = {"centre": "中心线", "lower": "下限", "upper": "上限"}


def charts(view: Enforcement, *codes: str) -> tuple[Displayable | DataTable, ...]:
    """Say and draw what the monthly rates show beyond chance, where the year has returns."""
    if not view.known:
        return (findings.cannot_show("各月比率有没有异常", "分月的执法检查月报"),)
    shown: list[Displayable | DataTable] = []
    for code in codes:
        ratio = RATIOS[code]
        months = _months(view)
        usable = months[~_contradictory(months, ratio)]
        if usable.empty:
            shown.append(findings.cannot_show(f"各月{ratio.name}有没有异常", "不多于检查次数的发现次数"))
            continue
        found = control_charts.control_chart(
            usable[ratio.part], usable[ratio.whole], "p_prime" if ratio.share else "u_prime"
        )
        key, labels = f"control-{code}", _labels(usable)
        shown.append(findings.chart_signals(ratio.name, labels, found, (key,)))
        shown.append(_figure(usable, ratio, found, key, len(months) - len(usable)))
    return tuple(shown)


def _months(view: Enforcement) -> pd.DataFrame:
    """The months of this and last year that have inspections."""
    years = [year for year in (view.book.year - 1, view.book.year) if year in view.years.index]
    table = view.all_months.loc[years]
    return table[table["inspections"] > 0]


def _contradictory(months: pd.DataFrame, ratio: Ratio) -> pd.Series[bool]:
    """Months in which more is counted than a share can hold: an error of the return."""
    return (months[ratio.part] > months[ratio.whole]) & ratio.share


def _labels(months: pd.DataFrame) -> list[str]:
    return [f"{int(year)}-{int(month):02d}" for year, month in months.index]


def _figure(months: pd.DataFrame, ratio: Ratio, found: ControlChart, key: str, left_out: int) -> Figure:
    """Draw the months about their centre line, those beyond the limits marked."""
    few = "点数不足12个，只画图，不判断异常。" if "few_points" in found.warnings else ""
    gone = f"有{left_out}个月的发现次数多出检查次数，须核对月报，没有画。" if left_out else ""
    shown = DataTable(
        key,
        _rows(months, ratio, found),
        (
            Column("label", "月份"),
            Column("value", ratio.name, ratio.kind),
            *(Column(name, title, ratio.kind) for name, title in _LINES.items()),
            Column("beyond", "控制限外", "count"),
        ),
        f"各月{ratio.name}：{len(months)}个月中{len(found.beyond)}个在控制限以外",
        f"{int(months[ratio.whole].sum()):,} 次检查，{len(months)} 个月",
        note=few + gone,
        enterprises=WHOLE_COUNTY,
    )
    return chart(
        figures.control_chart,
        shown,
        alt=lambda masked: f"{len(masked)}个月的{ratio.name}折线，带中心线和上下控制限。",
        label="label",
        value="value",
        **{name: name for name in _LINES},
        beyond="beyond",
        kind=ratio.kind,
        axis=ratio.name,
        warning=few,
    )


def _rows(months: pd.DataFrame, ratio: Ratio, found: ControlChart) -> pd.DataFrame:
    """A row per month: the point, the centre line and its limits, in the measure's unit."""
    rows = pd.DataFrame(
        {
            "value": found.values,
            "centre": [found.centre] * len(months),
            "lower": found.lower,
            "upper": found.upper,
        },
        dtype=float,
    )
    beyond = [int(place in found.beyond) for place in range(len(months))]
    return (rows * ratio.per).assign(label=_labels(months), beyond=beyond)
