"""Tables and figures of report 1: sectors, campaigns, shares, the split quotient, townships, indices."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.imbalance import COUNTED, Imbalance
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, chart
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import inequality

FACTORS = {"effort": "检查力度", "yield": "检出率", "reporting": "自查上报"}
"""The factors of the hazard quotient."""


def share_figures(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw the shares of all hazards and of the major ones, where there are hazards and denominators."""
    return _where_comparable("各行业份额与企业、检查份额的比较", views, share_figure)


def split_figures(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw the split of the hazard quotients, where it is defined."""
    return _where_comparable("隐患商的拆分", views, split_figure)


def index_tables(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """List the indices of unevenness, where there are denominators."""
    return _where_comparable("分布的不均程度", views, index_table)


def township_figures(view: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw sector × township, where the ledger has hazards."""
    if view.events.empty:
        return (findings.cannot_show("隐患在乡镇间的分布", "逐条记录并注明乡镇的隐患台账"),)
    return (township_figure(view),)


def _where_comparable(
    what: str, views: tuple[Imbalance, ...], show: Callable[[Imbalance], Displayable | DataTable]
) -> tuple[Displayable | DataTable, ...]:
    return tuple(
        show(view)
        if view.comparable
        else findings.cannot_show(f"{view.noun}{what}", "分行业的监管企业数、检查次数和隐患台账")
        for view in views
    )


def sector_table(view: Imbalance) -> DataTable:
    """List every sector's counts: industries in order of hazards, cross-cutting fields after them."""
    parts = (view.industries.sort_values("found", ascending=False), measures.cross_cutting(view.sectors))
    frame = pd.concat(parts).assign(cross_cutting=[False] * len(parts[0]) + [True] * len(parts[1]))
    frame = frame.assign(
        sector=[vocabulary.name("sector", str(code)) for code in frame.index],
        kind=["跨行业" if cross else "行业" for cross in frame["cross_cutting"]],
        own_share=(frame["own"] / frame["found"]).where(frame["found"] > 0),
    )
    total = int(view.sectors["found"].sum())
    return DataTable(
        f"sectors-{view.level}",
        frame.reset_index(drop=True),
        (
            Column("sector", "行业领域"),
            Column("kind", "类别"),
            Column("enterprises", "监管企业", "count", unit="家"),
            Column("inspections", "检查", "count", unit="次"),
            Column("found", view.noun, "count", unit="条"),
            Column("own", "企业自查", "count", unit="条"),
            Column("department", "部门发现", "count", unit="条"),
            Column("own_share", "自查占比", "share"),
            Column("rectified", "已整改", "count", unit="条"),
        ),
        f"各行业领域{view.noun}、监管企业和检查次数",
        f"{total:,} 条{view.noun}",
        note="跨行业领域与各行业有交叉，单列，不进入份额和指数。",
        enterprises="behind",
    )


def campaign_table(major: Imbalance) -> DataTable:
    """List major hazards by campaign: a campaign's figures are its own and never the county's."""
    book, year = major.book, major.book.year
    names = [f"major_{name}" for name in COUNTED]
    frame = measures.counts(book, names, "campaign", year)
    frame.columns = pd.Index(["found", "own", "department", "rectified"])
    frame = frame[frame["found"] > 0].sort_values("found", ascending=False)
    behind = major.events.assign(campaign=major.events["campaign"].fillna("")).groupby("campaign")[
        "enterprise"
    ]
    frame = frame.assign(
        campaign=[vocabulary.name("campaign", str(code)) if code else "未标明专项" for code in frame.index],
        rate=frame["rectified"] / frame["found"],
        behind=behind.nunique().reindex(frame.index, fill_value=0),
    )
    return DataTable(
        "campaigns-major",
        frame.reset_index(drop=True),
        (
            Column("campaign", "专项行动"),
            Column("found", "重大隐患", "count", unit="条"),
            Column("own", "企业自查", "count", unit="条"),
            Column("department", "部门发现", "count", unit="条"),
            Column("rectified", "已整改", "count", unit="条"),
            Column("rate", "整改率", "share"),
        ),
        "重大隐患按专项行动分列，由台账逐条计数",
        f"{int(frame['found'].sum()):,} 条重大隐患",
        note="专项行动的数字只覆盖该专项，不等于全县；全县合计见分行业表。",
        enterprises="behind",
    )


def share_figure(view: Imbalance) -> Figure:
    """Draw each industry's share of hazards beside its share of enterprises and of inspections."""
    table = view.industries[view.industries["found"] > 0]
    shares = {
        name: table[name] / view.industries[name].sum() for name in ("found", "enterprises", "inspections")
    }
    frame = pd.DataFrame(shares).sort_values("found", ascending=False)
    frame = frame.assign(
        sector=[vocabulary.name("sector", str(code)) for code in frame.index], behind=table["behind"]
    )
    columns = (
        Column("sector", "行业"),
        Column("found", f"{view.noun}份额", "share"),
        Column("enterprises", "监管企业份额", "share"),
        Column("inspections", "检查份额", "share"),
    )
    shown = DataTable(
        f"shares-{view.level}",
        frame.reset_index(drop=True),
        columns,
        f"各行业在{view.noun}、监管企业和检查次数中各占多少",
        f"{int(view.industries['found'].sum()):,} 条{view.noun}",
        enterprises="behind",
    )
    return chart(
        figures.share_comparison,
        shown,
        alt=lambda masked: (
            f"{len(masked)}个行业的三个份额：{view.noun}、监管企业、检查次数，每个行业一行三个点。"
        ),
        label="sector",
        shares={"found": f"{view.noun}份额", "enterprises": "监管企业份额", "inspections": "检查份额"},
    )


def split_figure(view: Imbalance) -> Figure:
    """Draw the exact split of each industry's hazard quotient, as factors on a scale where they add up."""
    frame = _split_rows(view)
    undefined = [vocabulary.name("sector", code) for code, split in view.splits.items() if split.logs is None]
    shown = DataTable(
        "split",
        frame,
        (
            Column("sector", "行业"),
            Column("quotient", "隐患商", "number", 2, interval=("low", "high")),
            *(Column(name, f"{label}商", "number", 2) for name, label in FACTORS.items()),
        ),
        "隐患商＝检查力度商×检出率商×自查上报商（恒等式）",
        f"{int(view.compared['found'].sum()):,} 条{view.noun}，{len(frame)} 个行业",
        note=f"没有检查或没有部门发现而不能拆分：{'、'.join(undefined)}。" if undefined else "",
        enterprises="behind",
    )
    return chart(
        figures.split_log_quotient,
        shown,
        alt=lambda masked: f"{len(masked)}个行业的隐患商各拆成三段：检查力度、检出率、自查上报。",
        label="sector",
        parts=FACTORS,
        total="quotient",
    )


def _split_rows(view: Imbalance) -> pd.DataFrame:
    """A row per industry whose quotient can be split, the highest first."""
    rows = [
        {
            "sector": vocabulary.name("sector", code),
            "quotient": split.hazard.value,
            "low": split.hazard.low,
            "high": split.hazard.high,
            "effort": split.effort,
            "yield": split.yield_.value,
            "reporting": split.reporting.value,
            "behind": view.sectors.loc[code, "behind"],
        }
        for code, split in view.splits.items()
        if split.logs is not None
    ]
    columns = ["sector", "quotient", "low", "high", *FACTORS, "behind"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("quotient", ascending=False, kind="stable").reset_index(drop=True)


def township_figure(view: Imbalance) -> Figure:
    """Draw sector × township as a heat map that tells zero and not inspected apart."""
    rows = view.events.assign(township=view.events["township"].fillna("未注明"))
    counted = rows.groupby(["sector", "township"]).agg(
        found=("enterprise", "size"), behind=("enterprise", "nunique")
    )
    places = (sorted(rows["sector"].unique()), sorted(rows["township"].unique()))
    every = pd.MultiIndex.from_product(places, names=["sector", "township"])
    frame = counted.reindex(every, fill_value=0).reset_index()
    frame = frame.assign(sector=[vocabulary.name("sector", code) for code in frame["sector"]])
    shown = DataTable(
        f"townships-{view.level}",
        frame,
        (
            Column("sector", "行业领域"),
            Column("township", "乡镇"),
            Column("found", view.noun, "count", unit="条"),
        ),
        f"{view.noun}在行业和乡镇间的分布",
        f"{len(rows):,} 条{view.noun}",
        enterprises="behind",
    )
    return chart(
        figures.heatmap,
        shown,
        alt=lambda masked: f"行业与乡镇交叉的{view.noun}条数热力图，共{masked['township'].nunique()}个乡镇。",
        row="sector",
        column="township",
        value="found",
    )


def index_table(view: Imbalance) -> DataTable:
    """List the indices of unevenness with their intervals."""
    table = view.compared
    found = {
        "泰尔指数 T": view.unevenness,
        "基尼系数": inequality.inequality(
            table["found"], table["enterprises"], "gini", design_effect=view.design_effect
        ),
        "泰尔指数 T（相对检查次数）": inequality.inequality(
            table["department"], table["inspections"], design_effect=view.design_effect
        ),
    }
    frame = pd.DataFrame(
        [
            {"index": name, "value": e.value, "low": e.low, "high": e.high, "n": e.n}
            for name, e in found.items()
        ]
    )
    return DataTable(
        f"indices-{view.level}",
        frame,
        (
            Column("index", "指数"),
            Column("value", "数值（95%区间）", "number", 3, interval=("low", "high")),
            Column("n", "隐患", "count", unit="条"),
        ),
        "隐患相对监管企业分布的不均程度：0 表示与企业数同比例",
        f"{len(table)} 个行业",
        enterprises=WHOLE_COUNTY,
    )
