"""Tables and figures of report 1: sectors, campaigns, shares, the split quotient."""

from __future__ import annotations

import pandas as pd

from analysis import vocabulary
from analysis.chapters import measures
from analysis.chapters.imbalance import COUNTED, PREFIX, SPLIT_OF, Imbalance, Level
from analysis.disclosure import catalogue
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.released import ByGroup
from analysis.report.tables import Column, DataTable
from analysis.stats.imbalance import drivers

SPLIT_NEEDED = "分行业的监管企业数、检查次数和部门发现的隐患"
FACTORS = {"effort": "检查力度", "yield": "检出率", "reporting": "自查上报"}
"""The factors of the hazard quotient."""


def share_figures(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw the shares of all hazards and of the major ones, where there are hazards and denominators."""
    need = "分行业的监管企业数、检查次数和隐患台账"
    return tuple(
        share_figure(view)
        if view.comparable
        else findings.cannot_show(f"{view.noun}各行业份额与企业、检查份额的比较", need)
        for view in views
    )


def split_figures(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Say what the unevenness is made of and draw the split of the hazard quotients, where it is defined."""
    shown: list[Displayable | DataTable] = []
    for view in views:
        if any(split.logs for split in view.splits.values()) and view.comparable:
            parts = drivers(tuple(view.splits.values()), view.compared["found"])
            shown += [findings.unevenness_parts(view.noun, parts, ("split",)), split_figure(view)]
        else:
            shown.append(findings.cannot_show(f"{view.noun}的隐患商由什么构成", SPLIT_NEEDED))
    return tuple(shown)


def sector_table(view: Imbalance) -> DataTable:
    """List every sector's counts: industries in order of hazards, cross-cutting fields after them."""
    parts = (view.industries.sort_values("found", ascending=False), measures.cross_cutting(view.sectors))
    frame = pd.concat(parts).assign(cross_cutting=[False] * len(parts[0]) + [True] * len(parts[1]))
    frame = frame.assign(
        code=frame.index,
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
        released=ByGroup(
            catalogue.SECTOR,
            view.book.year,
            {"enterprises": (catalogue.ENTERPRISES,), "inspections": ("inspections",), **_counts(view.level)},
            ("code",),
            ("sector", "kind"),
        ),
    )


def _counts(level: Level) -> dict[str, tuple[str, ...]]:
    """The counts behind the columns of hazards."""
    found, own, department, rectified = (PREFIX[level] + code for code in COUNTED)
    return {
        "found": (found,),
        "own": (own,),
        "department": (department,),
        "own_share": (own, found),
        "rectified": (rectified,),
        "rate": (rectified, found),
    }


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
        code=frame.index,
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
        released=ByGroup(catalogue.CAMPAIGN, year, _counts("major"), ("code",), ("campaign",)),
    )


def share_figure(view: Imbalance) -> Figure:
    """Draw each industry's share of hazards beside its share of enterprises and of inspections."""
    frame = _share_rows(view)
    names = {"found": f"{view.noun}份额", "enterprises": "监管企业份额", "inspections": "检查份额"}
    codes = (PREFIX[view.level] + COUNTED[0], catalogue.ENTERPRISES, "inspections")
    counted = dict(zip(names, codes, strict=True))
    shown = DataTable(
        f"shares-{view.level}",
        frame,
        (Column("sector", "行业"), *(Column(key, name, "share") for key, name in names.items())),
        lambda masked: _largest_share(view.noun, masked),
        f"{int(view.industries['found'].sum()):,} 条{view.noun}",
        enterprises="behind",
        released=ByGroup(
            catalogue.SECTOR,
            view.book.year,
            {key: (code, f"{catalogue.INDUSTRIES}:{code}") for key, code in counted.items()},
            ("code",),
            ("sector",),
        ),
    )
    return chart(
        figures.share_comparison,
        shown,
        alt=lambda masked: (
            f"{len(masked)}个行业的三个份额：{view.noun}、监管企业、检查次数，每个行业一行三个点。"
        ),
        label="sector",
        shares=names,
    )


def _share_rows(view: Imbalance) -> pd.DataFrame:
    """A row per industry with hazards: its share of all hazards, enterprises and inspections."""
    every, parts = view.industries, ["found", "enterprises", "inspections"]
    table = every[every["found"] > 0].sort_values("found", ascending=False)
    frame = table[parts] / every[parts].sum()
    names = [vocabulary.name("sector", str(code)) for code in table.index]
    return frame.assign(code=table.index, sector=names, behind=table["behind"]).reset_index(drop=True)


def _largest_share(noun: str, frame: pd.DataFrame) -> str:
    """The three shares of the sector on top, where all of them are shown."""
    top = frame[["found", "enterprises", "inspections"]].head(1)
    if top.isna().any(axis=None) or top.empty:
        return f"各行业在{noun}、监管企业和检查次数中各占多少"
    found, listed, visits = (formats.share(value) for value in top.iloc[0])
    return f"{frame['sector'].iloc[0]}占{noun}的{found}、监管企业的{listed}、检查的{visits}"


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
        _largest_quotient,
        f"{int(view.compared['found'].sum()):,} 条{view.noun}，{len(frame)} 个行业",
        note="隐患商＝检查力度商×检出率商×自查上报商（恒等式）。"
        + (f"没有检查或没有部门发现而不能拆分：{'、'.join(undefined)}。" if undefined else ""),
        enterprises="behind",
        released=ByGroup(
            catalogue.SECTOR,
            view.book.year,
            dict.fromkeys(("quotient", *FACTORS), _split_cells(view.level)),
            ("code",),
            ("sector",),
        ),
    )
    return chart(
        figures.split_log_quotient,
        shown,
        alt=lambda masked: f"{len(masked)}个行业的隐患商各拆成三段：检查力度、检出率、自查上报。",
        label="sector",
        parts=FACTORS,
        total="quotient",
    )


def _split_cells(level: Level) -> tuple[str, ...]:
    """The counts of a sector and of all compared ones that make up the quotients."""
    counts = [code if code in _SHARED else PREFIX[level] + code for code in SPLIT_OF]
    return (*counts, *(f"{catalogue.COMPARED}:{code}" for code in counts))


_SHARED = (catalogue.ENTERPRISES, "inspections")
"""Counts that are the same for all hazards and for major ones."""


def _largest_quotient(frame: pd.DataFrame) -> str:
    """The split of the sector on top, where all of it is shown."""
    top = frame[["quotient", *FACTORS]].head(1)
    if top.isna().any(axis=None) or top.empty:
        return "每家企业的隐患与全县平均之比，拆成检查力度、检出率和自查上报"
    whole, *parts = (formats.number(value, 2) for value in top.iloc[0])
    words = "×".join(f"{label}{part}" for label, part in zip(FACTORS.values(), parts, strict=True))
    return f"{frame['sector'].iloc[0]}每家企业的隐患是全县平均的{whole}倍：{words}"


def _split_rows(view: Imbalance) -> pd.DataFrame:
    """A row per industry whose quotient can be split, the highest first."""
    rows = [
        {
            "code": code,
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
    columns = ["code", "sector", "quotient", "low", "high", *FACTORS, "behind"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.sort_values("quotient", ascending=False, kind="stable").reset_index(drop=True)
