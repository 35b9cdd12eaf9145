"""Report 1, part: how uneven hazards lie over enterprises — curve, indices, between and within, change."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis import vocabulary
from analysis.chapters.imbalance import Imbalance
from analysis.chapters.imbalance_claims import Claims
from analysis.report import figures, findings
from analysis.report.display import Displayable, Figure, chart
from analysis.report.findings import Finding
from analysis.report.tables import WHOLE_COUNTY, Column, DataTable
from analysis.stats import inequality
from analysis.stats.inequality import Index, TheilSplit
from analysis.stats.results import Estimate

NEEDED = "分行业的监管企业数、检查次数和隐患台账"
_INDICES: dict[Index, str] = {"theil_t": "泰尔指数 T", "theil_l": "泰尔指数 L", "gini": "基尼系数"}

_UNITS = {"部门": "行业", "乡镇": "行业与乡镇的交叉"}


def shown(*views: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw the Lorenz curve and list the indices of each level that has denominators."""
    found: list[Displayable | DataTable] = []
    for view in views:
        if view.comparable:
            found += [lorenz_figure(view), index_table(view)]
        else:
            found.append(findings.cannot_show(f"{view.noun}分布的不均程度", NEEDED))
    return tuple(found)


def lorenz_figure(view: Imbalance) -> Figure:
    """Draw the Lorenz curve of hazards over enterprises, the industry with the lowest rate first.

    Raises:
        ValueError: There are no events to draw.
    """
    table = view.compared
    curve = inequality.lorenz(table["found"], table["enterprises"])
    if curve is None:  # comparable views have hazards and enterprises
        raise ValueError("no events to draw")
    names = [vocabulary.name("sector", str(table.index[place])) for place in curve.order]
    frame = pd.DataFrame(
        {"sector": ["", *names], "exposure": curve.exposure_share, "events": curve.event_share}
    )
    index = _index(view, "gini")
    shown = DataTable(
        f"lorenz-{view.level}",
        frame,
        (
            Column("sector", "行业（按每家企业隐患数由低到高）"),
            Column("exposure", "监管企业累计占比", "share"),
            Column("events", f"{view.noun}累计占比", "share"),
        ),
        f"每家企业隐患最少的行业排在左边：一半监管企业合计有{_at_half(frame):.0%}的{view.noun}",
        f"{int(table['found'].sum()):,} 条{view.noun}，{len(table)} 个行业",
        enterprises=WHOLE_COUNTY,
    )
    return chart(
        figures.lorenz,
        shown,
        alt=f"{len(table)}个行业的洛伦兹曲线：横轴为监管企业累计占比，纵轴为{view.noun}累计占比，虚线为完全均匀。",
        exposure="exposure",
        events="events",
        exposure_name="监管企业",
        events_name=view.noun,
        gini=index.value,
    )


def _at_half(curve: pd.DataFrame) -> float:
    """The share of hazards in the half of the enterprises whose industries have the lowest rates."""
    later = curve[curve["exposure"] >= 0.5].iloc[0]
    before = curve[curve["exposure"] < 0.5].iloc[-1]
    slope = (later["events"] - before["events"]) / (later["exposure"] - before["exposure"])
    return float(before["events"] + (0.5 - before["exposure"]) * slope)


def index_table(view: Imbalance) -> DataTable:
    """List the indices of unevenness with their intervals."""
    found = {name: _index(view, index) for index, name in _INDICES.items()}
    table = view.compared
    found["泰尔指数 T（相对检查次数）"] = inequality.inequality(
        table["department"], table["inspections"], design_effect=view.design_effect
    )
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
        f"{view.noun}相对监管企业分布的不均程度：0 表示与企业数同比例",
        f"{len(table)} 个行业",
        note="区间由自助法得出，按同一企业隐患成群放宽。“—”：有行业没有隐患时泰尔指数 L 没有定义。",
        enterprises=WHOLE_COUNTY,
    )


def _index(view: Imbalance, index: Index) -> Estimate:
    table = view.compared
    return inequality.inequality(
        table["found"], table["enterprises"], index, design_effect=view.design_effect
    )


def changed(claims: Claims) -> tuple[Finding, ...]:
    """Say how far the unevenness moved from the year before."""
    return tuple(_changed(claims, view) for view in (claims.view, claims.major))


def _changed(claims: Claims, view: Imbalance) -> Finding:
    found = claims.changes[view.level]
    if found is None:
        need = f"{view.year - 1}年分行业的监管企业数、检查次数和隐患台账"
        return findings.cannot_show(f"{view.noun}不均程度与上年的变化", need)
    moved = replace(found.moved, test=claims.tests["change"][view.level])
    compared = (found.before, found.now, moved, found.years, found.sectors, found.redefined)
    return findings.unevenness_change(view.noun, *compared, (f"indices-{view.level}",))


def groups(view: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Say and list how much of the unevenness lies between departments and between townships."""
    splits = {"部门": by_department(view), "乡镇": by_township(view)}
    said = [
        findings.between_groups(view.noun, by, _UNITS[by], split, ("theil-groups",) if split else ())
        for by, split in splits.items()
    ]
    known = {by: split for by, split in splits.items() if split is not None}
    return (*said, *((group_table(view, known),) if known else ()))


def by_department(view: Imbalance) -> TheilSplit | None:
    """Theil T between and within the departments that the industries belong to; None without denominators."""
    if not view.comparable:
        return None
    table = view.compared
    leading = [vocabulary.sectors()[str(code)].department for code in table.index]
    return inequality.theil_split(table["found"], table["enterprises"], leading)


def by_township(view: Imbalance) -> TheilSplit | None:
    """Theil T between and within townships, over industry × township; None where enterprises name none."""
    places = _places(view)
    if places.index.get_level_values("township").nunique() < 2:
        return None
    townships = places.index.get_level_values("township")
    return inequality.theil_split(places["found"], places["enterprises"], townships)


def _places(view: Imbalance) -> pd.DataFrame:
    """Enterprises and hazards by industry and township, where both are known."""
    rows = view.book.indicators
    rows = rows[(rows["indicator"] == "regulated_enterprises") & (rows["year"] == view.year)]
    rows = rows[rows["campaign"].isna() & rows["township"].notna() & rows["sector"].isin(view.compared.index)]
    listed = rows.groupby(["sector", "township"])["value"].sum().rename("enterprises")
    found = view.events.groupby(["sector", "township"]).size().rename("found")
    return pd.concat([listed, found.reindex(listed.index, fill_value=0)], axis=1)


def group_table(view: Imbalance, splits: dict[str, TheilSplit]) -> DataTable:
    """List each group's part of the unevenness between groups and within itself."""
    rows = [
        {"by": by, "group": name, "between": parts[0], "within": parts[1]}
        for by, split in splits.items()
        for name, parts in split.groups.items()
    ]
    frame = pd.DataFrame(rows).round({"between": 4, "within": 4}).replace(-0.0, 0.0)
    frame = frame.sort_values(["by", "between"], ascending=False, kind="stable")
    behind = {"部门": self_counted(view, "department"), "乡镇": self_counted(view, "township")}
    return DataTable(
        "theil-groups",
        frame.assign(
            behind=[
                int(behind[by].get(name, 0)) for by, name in zip(frame["by"], frame["group"], strict=True)
            ]
        ).reset_index(drop=True),
        (
            Column("by", "分组"),
            Column("group", "名称"),
            Column("between", "组间部分", "number", 4),
            Column("within", "组内部分", "number", 4),
        ),
        f"{view.noun}的泰尔指数 T 分部门、分乡镇拆为组间和组内两部分，各部分相加为总数",
        f"{int(view.compared['found'].sum()):,} 条{view.noun}",
        note=(
            "部门为行业的主管部门；乡镇按行业与乡镇交叉的监管企业数计算。组间部分为正表示隐患份额大于企业份额。"
            "格子越小，偶然的不均越多，乡镇的组内部分因此偏大。"
        ),
        enterprises="behind",
    )


def self_counted(view: Imbalance, by: str) -> pd.Series[int]:
    """Distinct enterprises with hazards, by township or by the sector's department."""
    rows = view.events[view.events["sector"].isin(view.compared.index)]
    if by == "department":
        known = vocabulary.sectors()
        rows = rows.assign(department=[known[str(code)].department for code in rows["sector"]])
    return rows.groupby(by)["enterprise"].nunique()
