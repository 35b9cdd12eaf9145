"""Report 1, part: hazards of each township beside those that its enterprises would bring (乡镇)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from analysis.chapters.imbalance import Imbalance
from analysis.report import formats
from analysis.report.tables import Column, DataTable
from analysis.stats import clusters, rates
from analysis.stats.results import Comparison, Estimate, TestResult


@dataclass(frozen=True)
class Township:
    """A township's hazards and enterprises with hazards, those to be expected, and two ratios.

    ``standardised`` is observed over expected; ``against_others`` the same over that of all other townships.
    """

    found: int
    behind: int
    expected: float
    standardised: Estimate
    against_others: Comparison


def townships(view: Imbalance) -> dict[str, Township]:
    """Each township whose enterprises are listed by sector; nothing with fewer than two.

    Expected is what its enterprises would bring at the county's rate of their sectors.
    """
    enterprises = _enterprises(view)
    events = view.events
    rows = events[events["township"].isin(enterprises.columns) & events["sector"].isin(enterprises.index)]
    if enterprises.shape[1] < 2 or rows.empty:
        return {}
    found = rows.groupby("sector").size().reindex(enterprises.index, fill_value=0)
    expected = enterprises.mul(found / enterprises.sum(axis=1), axis=0).sum()
    each = rows.groupby(["township", "enterprise"]).size()
    return {str(name): _township(view, str(name), each, expected) for name in enterprises.columns}


def _township(view: Imbalance, name: str, each: pd.Series[int], expected: pd.Series[float]) -> Township:
    here = each.index.get_level_values("township") == name
    own, others = expected[name], expected.drop(name).sum()
    found, effect = int(each[here].sum()), view.design_effect
    standardised = rates.standardised_ratio(found / effect, own / effect)
    against = clusters.clustered_rate_ratio(each[here], own, each[~here], others)
    return Township(found, int(here.sum()), float(own), standardised, against)


def _enterprises(view: Imbalance) -> pd.DataFrame:
    """Regulated enterprises by sector (rows) and township, as far as the lists name both."""
    rows = view.book.indicators
    rows = rows[(rows["indicator"] == "regulated_enterprises") & (rows["year"] == view.year)]
    rows = rows[rows["campaign"].isna() & rows["township"].notna() & rows["sector"].notna()]
    table = rows.pivot_table(
        index="sector", columns="township", values="value", aggfunc="sum", fill_value=0.0
    )
    return table.loc[table.sum(axis=1) > 0, table.sum() >= view.book.settings.minimum_exposure]


def township_table(
    view: Imbalance, found: Mapping[str, Township], tests: Mapping[str, TestResult]
) -> DataTable:
    """List each township's hazards, what its mix of sectors would bring, and their ratio; most first."""
    rows = [
        {
            "township": name,
            "found": one.found,
            "expected": one.expected,
            "ratio": one.standardised.value,
            "low": one.standardised.low,
            "high": one.standardised.high,
            "p": formats.p_value(tests[name].adjusted_p),
            "behind": one.behind,
        }
        for name, one in found.items()
    ]
    return DataTable(
        "township-ratios",
        pd.DataFrame(rows).sort_values("ratio", ascending=False, kind="stable").reset_index(drop=True),
        (
            Column("township", "乡镇"),
            Column("found", view.noun, "count", unit="条"),
            Column("expected", "期望数", "number", 1, "条"),
            Column("ratio", "标准化比（95%区间）", "number", 2, interval=("low", "high")),
            Column("p", "与其余合计比较的p值"),
        ),
        f"各乡镇的{view.noun}与按行业构成的期望数之比（间接标准化）",
        f"{sum(one.found for one in found.values()):,} 条{view.noun}，{len(found)} 个乡镇",
        note=(
            "期望数：乡镇各行业的监管企业按全县该行业每家企业的隐患数计算。区间按同一企业隐患成群放宽；"
            "p值与本报告全部检验一起校正。查得多的乡镇比值也大，不代表风险高低。"
        ),
        enterprises="behind",
    )
