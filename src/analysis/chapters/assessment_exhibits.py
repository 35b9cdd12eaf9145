"""Report 8, part: the assessment's totals with their rank intervals, points by item, and each point's way."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd

from analysis import vocabulary
from analysis.assessment import Item
from analysis.chapters.assessment_scores import DRAWS, NEEDED, Ranking, Scores, effect
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, Note, chart
from analysis.report.tables import Column, DataTable

NOT_SCORED = "不计分"
LIMITS = (
    "分数照细则计算，细则是否恰当、比率受检查力度和登记习惯影响多少，分数本身不能说明；"
    "名次区间重叠的单位不分先后，不宜据此排名通报。"
)


def shown(sheets: Iterable[Scores]) -> tuple[Displayable | DataTable, ...]:
    """Show each sheet's totals, points by item and their way from the figures; or say that there is none."""
    every = [thing for view in sheets for thing in _shown(view)]
    return (*every, Note(LIMITS)) if every else (findings.cannot_show("本年的年度考核得分", NEEDED),)


def _shown(view: Scores) -> Iterable[Displayable | DataTable]:
    source = f"（{view.sheet.source}）" if view.sheet.source else ""
    yield Note(f"{view.subject}按《{view.sheet.title}》{source}计分，满分{view.sheet.full_marks:g}分。")
    if view.figures.units:
        yield ranked(view) if view.ranking else totals(view)
        yield by_item(view)
        yield trace(view)


def ranked(view: Scores) -> Figure:
    """Draw the rank of each unit with its interval, the totals in the table behind."""
    return chart(
        figures.rank_dots,
        totals(view),
        alt=lambda masked: f"{len(masked)}个{view.subject}的名次点图，横线为名次区间，底色隔开各组。",
        label="unit",
        rank="rank",
        low="low",
        high="high",
        points="total",
        group="group",
    )


def totals(view: Scores) -> DataTable:
    """List the units by points: total, grade, rank with its intervals, group, limits that hold."""
    rows = [_total(view, unit) for unit in view.figures.units]
    columns = ["unit", "total", "grade", "limits", "scored"]
    frame = pd.DataFrame(rows, columns=columns).merge(_ranks(view.ranking), on="unit", how="left")
    frame = frame.sort_values(["total", "unit"], ascending=[False, True], kind="stable", na_position="last")
    shown = (
        Column("unit", view.subject),
        Column("total", "总分", "number", 1, "分"),
        Column("grade", "等次"),
        Column("rank", "名次（区间）", "count", interval=("low", "high")),
        Column("by_figures", "只计偶然变动"),
        Column("by_weights", "只计权重变动"),
        Column("group", "组", "count"),
        Column("limits", "一票否决和上限"),
        Column("scored", "计分的分值", "count", unit="分"),
    )
    kept = shown if view.ranking else tuple(one for one in shown if one.name not in _RANKED)
    return DataTable(
        f"scores-{view.sheet.subject}",
        frame.reset_index(drop=True),
        kept,
        f"各{view.subject}的考核总分和名次区间，区间重叠的不分先后",
        f"{len(rows)} 个{view.subject}，{len(view.sheet.items)} 个项目",
        note=_note(view),
    )


_RANKED = ("rank", "by_figures", "by_weights", "group")


def _note(view: Scores) -> str:
    level = formats.share(view.book.settings.confidence_level, 0)
    said = (
        f"名次区间为全部{view.subject}同时成立的{level}区间（{DRAWS:,}次抽取）：数字按各自的案件数重抽，"
        "权重在细则上下小幅变动（20分的项目约在16–24分之间）。只有差距在区间以内始终同向的才算有先后。"
        "缺项按其余各项得分率折算，区间中按零分到满分都可能计；计分不足一半的没有总分。"
    )
    return said if view.ranking else "缺项按其余各项得分率折算；计分不足一半的没有总分。"


def _total(view: Scores, unit: str) -> dict[str, object]:
    known = view.points.T[unit].notna()
    return {
        "unit": unit,
        "total": view.totals[unit],
        "grade": view.grades[unit],
        "limits": "；".join(dict.fromkeys(effect(limit) for limit in view.limits[unit])),
        "scored": sum(item.weight for item in view.sheet.items if known[item.id]),
    }


def _ranks(ranking: Ranking | None) -> pd.DataFrame:
    """A row per ranked unit; the interval holds the rank by points too."""
    columns = ["unit", "rank", "low", "high", "by_figures", "by_weights", "group"]
    if ranking is None:
        return pd.DataFrame(columns=columns)
    both, chance, weights = ranking.by_both, ranking.by_figures, ranking.by_weights
    rows = zip(
        *(ranking.units, ranking.ranks),
        np.minimum(both.low, ranking.ranks),
        np.maximum(both.high, ranking.ranks),
        *(
            [_span(low, high) for low, high in zip(one.low, one.high, strict=True)]
            for one in (chance, weights)
        ),
        ranking.groups,
        strict=True,
    )
    return pd.DataFrame(list(rows), columns=columns)


def _span(low: int, high: int) -> str:
    return formats.interval(low, high, "count") if low < high else formats.count(low)


def by_item(view: Scores) -> DataTable:
    """List the points of each unit by item; what has no figure is said, not counted as 0."""
    points = view.points.loc[_order(view)]
    shown = points.map(lambda value: NOT_SCORED if np.isnan(value) else formats.number(value, 1))
    names = {item.id: f"p{place}" for place, item in enumerate(view.sheet.items)}
    return DataTable(
        f"points-{view.sheet.subject}",
        shown.rename(columns=names).rename_axis("unit").reset_index(),
        (
            Column("unit", view.subject),
            *(
                Column(names[item.id], f"{item.id} {item.name}", unit=f"{item.weight:g}分")
                for item in view.sheet.items
            ),
        ),
        f"各{view.subject}分项得分，“{NOT_SCORED}”是没有数据",
        f"{len(points)} 个{view.subject}",
    )


def _order(view: Scores) -> list[str]:
    """The units by points, then by name, as in the table of totals."""
    known = view.totals.fillna(-1.0)
    return sorted(view.figures.units, key=lambda unit: (-float(known[unit]), unit))


def trace(view: Scores) -> DataTable:
    """List how every point came about: figure, what it rests on, rule, points, rows behind it."""
    behind = {item.id: view.figures.evidence(item.indicator) for item in view.sheet.items}
    rows = [
        _traced(view, item, unit) | {"evidence": behind[item.id].get(unit, [])}
        for item in view.sheet.items
        for unit in _order(view)
    ]
    left = [
        f"“{item.name}”有{formats.count(one.unplaced)}没有注明{view.subject}，不计入任何一个"
        for item in view.sheet.items
        if (one := view.measured[item.id]).unplaced
    ]
    return DataTable(
        f"trace-{view.sheet.subject}",
        pd.DataFrame(rows, columns=["item", "unit", "value", "basis", "rule", "points", "evidence"]),
        (
            Column("item", "项目"),
            Column("unit", view.subject),
            Column("value", "指标值"),
            Column("basis", "案件数"),
            Column("rule", "计分办法"),
            Column("points", "得分"),
            Column("evidence", "出处", "evidence"),
        ),
        f"{view.subject}每一分的来历",
        f"{len(rows)} 个得分",
        note="；".join(left) + "。" if left else "",
    )


def _traced(view: Scores, item: Item, unit: str) -> dict[str, object]:
    figure, points = view.measured[item.id], float(view.points[item.id][unit])
    value, scored = figure.value[unit], not np.isnan(points)
    clause = f"（{item.clause}）" if item.clause else ""
    whole = "" if figure.whole is None else f"/{formats.count(figure.whole[unit])}"
    return {
        "item": f"{item.id} {item.name}",
        "unit": unit,
        "value": f"{formats.number(value, 1).removesuffix('.0')}{_unit(item)}" if scored else "无数据",
        "basis": f"{formats.count(figure.part[unit])}{whole}" if scored else "",
        "rule": rule(item) + clause,
        "points": f"{formats.number(points, 1)}/{item.weight:g}" if scored else NOT_SCORED,
    }


def _unit(item: Item) -> str:
    known = vocabulary.indicators()[item.indicator].unit
    base = {"regulated_enterprises": "家", "inspections": "次检查"}.get(item.per or "", "")
    return f"{known}/百{base}" if base else known


def rule(item: Item) -> str:
    """How an item is scored, in words."""
    unit = _unit(item)
    if item.steps:
        sign = "≥" if item.higher else "≤"
        steps = "，".join(f"{sign}{step.at:g}{unit}得{step.points:g}分" for step in item.steps)
        return f"{steps}，其余0分"
    return f"{item.zero_at:g}{unit}得0分，{item.full_at:g}{unit}得{item.weight:g}分，其间按直线"
