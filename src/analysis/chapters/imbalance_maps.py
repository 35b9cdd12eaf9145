"""Report 1, part: hazards by sector and month, by sector and township, as heat maps.

A true zero, a cell without any inspection and a withheld cell each look different.
"""

from __future__ import annotations

from typing import Literal

import pandas as pd

from analysis import vocabulary
from analysis.chapters.imbalance import PREFIX, Imbalance
from analysis.disclosure import catalogue
from analysis.report import figures, findings, formats
from analysis.report.display import Displayable, Figure, chart
from analysis.report.released import ByGroup
from analysis.report.tables import Column, DataTable

UNNAMED = "未注明"
Dimension = Literal["month", "township"]
_NAMES: dict[Dimension, str] = {"month": "月份", "township": "乡镇"}


def maps(view: Imbalance) -> tuple[Displayable | DataTable, ...]:
    """Draw sector × month and sector × township, where the ledger has hazards."""
    if view.events.empty:
        return (findings.cannot_show(f"{view.noun}在月份和乡镇间的分布", "逐条记录并注明乡镇的隐患台账"),)
    return tuple(heat_map(view, dimension) for dimension in _NAMES)


def heat_map(view: Imbalance, dimension: Dimension) -> Figure:
    """Draw sector × month or township, cells without inspections apart where the returns can tell them."""
    cells = _cells(view, dimension)
    told = bool(cells["inspections"].sum())
    inspected = (Column("inspections", "检查", "count", unit="次"),) if told else ()
    title = _NAMES[dimension]
    shown = DataTable(
        f"{'months' if dimension == 'month' else 'townships'}-{view.level}",
        cells,
        (
            Column("sector", "行业领域"),
            Column(dimension, title),
            Column("found", view.noun, "count", unit="条"),
            *inspected,
        ),
        lambda masked: _fullest(f"{view.noun}在行业和{title}间的分布", masked, dimension),
        f"{len(view.events):,} 条{view.noun}",
        note="" if told else f"月报没有按{title}列出检查次数，分不出没有检查和没有发现。",
        enterprises="behind",
        released=ByGroup(
            catalogue.SEASON if dimension == "month" else catalogue.PLACE,
            view.year,
            {"found": (PREFIX[view.level] + "hazards_found",), "inspections": ("inspections",)},
            ("code", "place"),
            ("sector", dimension),
        ),
    )
    return chart(
        figures.heatmap,
        shown,
        alt=lambda masked: (
            f"行业与{title}交叉的{view.noun}条数热力图，共{masked[dimension].nunique()}个{title}。"
        ),
        row="sector",
        column=dimension,
        value="found",
        inspected="inspections" if told else None,
    )


def _fullest(title: str, frame: pd.DataFrame, dimension: Dimension) -> str:
    """The title with the fullest cell; without it where any cell is withheld, which might be fuller."""
    if frame.empty or frame["found"].isna().any():
        return title
    top = frame.iloc[int(frame["found"].to_numpy().argmax())]
    return f"{title}：{top['sector']}{top[dimension]}最多，{formats.count(top['found'])}条"


def _cells(view: Imbalance, dimension: Dimension) -> pd.DataFrame:
    """A row per sector and place that occurs: hazards, inspections, enterprises behind; zeros filled in."""
    keys = ["sector", dimension]
    events = view.events.assign(**{dimension: view.events[dimension].fillna(UNNAMED)})
    found = events.groupby(keys).agg(found=("enterprise", "size"), behind=("enterprise", "nunique"))
    visits = _inspections(view, dimension)
    visits = visits[visits.index.get_level_values("sector").isin(set(events["sector"]))]
    places = sorted({*events[dimension], *visits.index.get_level_values(dimension)}, key=_last_unnamed)
    sectors = [code for code in vocabulary.sectors() if code in set(events["sector"])]
    every = pd.MultiIndex.from_product([sectors, places], names=keys)
    cells = pd.concat([found.reindex(every), visits.reindex(every)], axis=1).fillna(0).reset_index()
    return cells.assign(
        code=cells["sector"],
        place=["" if place == UNNAMED else place for place in cells[dimension]],
        sector=[vocabulary.name("sector", code) for code in cells["sector"]],
        **{dimension: [f"{place}月" if dimension == "month" else place for place in cells[dimension]]},
    )


def _last_unnamed(place: object) -> tuple[bool, object]:
    return (place == UNNAMED, place)


def _inspections(view: Imbalance, dimension: Dimension) -> pd.Series[float]:
    rows = view.book.indicators
    rows = rows[(rows["indicator"] == "inspections") & (rows["year"] == view.year)]
    rows = rows[(rows["source"] == "return") & rows[dimension].notna() & rows["sector"].notna()]
    if dimension == "month":
        rows = rows.astype({"month": int})
    return rows.groupby(["sector", dimension])["value"].sum().rename("inspections")
