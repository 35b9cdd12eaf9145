"""Over months and years: lines, dots with intervals, control charts, time to rectification."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.figures import style


@style.styled
def monthly_lines(
    data: pd.DataFrame,
    *,
    month: str,
    value: str,
    series: str | None = None,
    highlight: object = None,
    kind: str = "count",
    axis: str = "",
) -> Figure:
    """One line a series over the months, each named at its end; the highlighted one strong, others grey.

    A month without a value is a gap in the line, never a zero.
    """
    figure, axes = style.canvas(3.0)
    groups = list(data.groupby(series, sort=False)) if series else [(None, data)]
    ends = []
    for number, (name, rows) in enumerate(groups):
        strong = highlight is None or name == highlight
        colour = style.SERIES[number % len(style.SERIES)] if highlight is None else style.BLUE
        whole = rows.set_index(month)[value].astype(float).reindex(range(1, 13))
        end = _month_line(axes, whole, colour if strong else style.MUTED, strong)
        if end and name is not None:
            ends.append((*end, style.short(name), colour if strong else style.SOFT))
    axes.set_xticks(range(1, 13), [f"{number}月" for number in range(1, 13)])
    axes.set_xlim(0.6, 13.6 if ends else 12.4)
    _height_from_zero(axes, data, [value])
    _name_ends(axes, ends)
    style.number_axis(axes, "y", kind, axis)
    axes.grid(visible=False, axis="x")
    return figure


def _month_line(axes: Axes, values: pd.Series, colour: str, strong: bool) -> tuple[float, float] | None:
    """One line, and where its last point lies."""
    width, size = (2.2, 4.0) if strong else (1.2, 2.5)
    axes.plot(values.index, values, color=colour, linewidth=width, marker="o", markersize=size)
    known = values.dropna()
    return (float(known.index.to_numpy()[-1]), float(known.iloc[-1])) if len(known) else None


@style.styled
def yearly_dots(
    data: pd.DataFrame,
    *,
    year: str,
    value: str,
    low: str | None = None,
    high: str | None = None,
    n: str | None = None,
    series: str | None = None,
    kind: str = "number",
    axis: str = "",
    digits: int = 1,
) -> Figure:
    """Dots of every year with their intervals, from zero; a year without a value stays an empty place."""
    figure, axes = style.canvas(2.9)
    groups = list(data.groupby(series, sort=False)) if series else [(None, data)]
    years = list(range(int(data[year].min()), int(data[year].max()) + 1))
    for number, (name, rows) in enumerate(groups):
        at = rows[year] + (number - (len(groups) - 1) / 2) * 0.14
        colour = style.SERIES[number % len(style.SERIES)]
        if low and high:
            axes.vlines(at, rows[low], rows[high], color=colour, linewidth=1.6, alpha=0.6)
        axes.plot(at, rows[value], color=colour, linewidth=1, alpha=0.5)
        axes.scatter(
            at, rows[value], s=40, color=colour, zorder=3, label=None if name is None else style.short(name)
        )
        if len(groups) == 1:
            _name_points(axes, at, rows, value, high, kind, digits)
    counts = data.groupby(year)[n].sum() if n else None
    axes.set_xticks(years, [_year_label(y, counts) for y in years])
    axes.set_xlim(years[0] - 0.5, years[-1] + 0.5)
    _height_from_zero(axes, data, [value, high])
    style.number_axis(axes, "y", kind, axis)
    axes.grid(visible=False, axis="x")
    if len(groups) > 1:
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=len(groups), frameon=False, borderpad=0)
    return figure


@style.styled
def control_chart(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    centre: str,
    lower: str,
    upper: str,
    beyond: str | None = None,
    kind: str = "number",
    axis: str = "",
    warning: str = "",
) -> Figure:
    """Points in order of time with centre line and limits; those beyond the limits are marked and named."""
    figure, axes = style.canvas(3.1)
    at = np.arange(len(data))
    axes.fill_between(
        at,
        data[lower].astype(float),
        data[upper].astype(float),
        step="mid",
        color=style.SKY,
        alpha=0.16,
        linewidth=0,
    )
    for column in (lower, upper):
        axes.step(at, data[column], where="mid", color=style.SOFT, linewidth=0.9, linestyle=(0, (4, 2)))
    axes.step(at, data[centre], where="mid", color=style.SOFT, linewidth=1)
    axes.plot(at, data[value], color=style.BLUE, linewidth=1.4, marker="o", markersize=4)
    _mark_beyond(axes, data, label, value, beyond)
    _name_limits(axes, data, centre, upper, lower)
    step = -(-len(data) // 8)
    axes.set_xticks(at[::step], [style.short(name, 8) for name in data[label].iloc[::step]])
    axes.set_xlim(-0.6, len(data) + max(1.2, len(data) * 0.1))
    _height_from_zero(axes, data, [value, upper])
    style.number_axis(axes, "y", kind, axis)
    axes.grid(visible=False)
    if warning:
        axes.set_title(warning, loc="right", color=style.ORANGE, fontsize=9, pad=8)
    return figure


@style.styled
def survival_steps(
    curves: pd.DataFrame,
    *,
    group: str,
    day: str = "day",
    still_open: str = "still_open",
    low: str | None = "low",
    high: str | None = "high",
    at_risk: str = "at_risk",
    axis: str = "发现后天数",
    deadlines: Sequence[tuple[float, str]] = (),
) -> Figure:
    """Share still open over the days since found, one step line a group, numbers at risk below.

    Args:
        curves: Rows of day, share, limits and number at risk for each group, from day 0 on.
        group: Column of names.
        day: Column of days.
        still_open: Column of shares still open.
        low: Column of lower limits.
        high: Column of upper limits.
        at_risk: Column of numbers still open and watched just before the day.
        axis: The axis' name.
        deadlines: Days to mark, each with its word.
    """
    groups = list(curves.groupby(group, sort=False))
    figure = Figure(figsize=(style.WIDTH, 3.1 + 0.22 * len(groups)), layout="constrained")
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[10, 0.7 + 0.75 * len(groups)])
    last = float(curves[day].max())
    for colour, (_, rows) in zip(style.SERIES * len(groups), groups, strict=False):
        axes.step(rows[day], rows[still_open], where="post", color=colour, linewidth=1.8)
        if low and high:
            axes.fill_between(
                rows[day],
                rows[low].astype(float),
                rows[high].astype(float),
                step="post",
                color=colour,
                alpha=0.12,
                linewidth=0,
            )
    for at, word in deadlines:
        axes.axvline(at, color=style.MUTED, linewidth=0.9, linestyle=(0, (3, 2)))
        axes.annotate(
            word, (at, 1), (3, 0), textcoords="offset points", va="top", fontsize=8.5, color=style.SOFT
        )
    axes.set_ylim(0, 1.03)
    _name_ends(
        axes,
        [
            (last, float(r[still_open].iloc[-1]), style.short(g), c)
            for c, (g, r) in zip(style.SERIES * len(groups), groups, strict=False)
        ],
    )
    axes.set_xlim(0, last * 1.2 or 1)
    axes.tick_params(axis="x", labelbottom=True, length=0)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    style.number_axis(axes, "y", "share", "仍未整改的比例")
    style.number_axis(axes, "x", "count", axis)
    _risk_table(below, groups, day, at_risk, [t for t in axes.get_xticks() if 0 <= t <= last])
    return figure


def _name_ends(axes: Axes, ends: list[tuple[float, float, str, str]]) -> None:
    """Names right of the lines' ends, pushed apart where they would overlap."""
    step, placed = 0.06 * axes.get_ylim()[1], dict[float, float]()
    for x, y, name, colour in sorted(ends, key=lambda end: end[1]):
        placed[x] = max(y, placed.get(x, -np.inf) + step)
        axes.annotate(
            name,
            (x, placed[x]),
            (7, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            color=colour,
        )


def _name_points(
    axes: Axes, at: pd.Series, rows: pd.DataFrame, value: str, high: str | None, kind: str, digits: int
) -> None:
    tops = rows[[value, high]].max(axis=1) if high else rows[value]
    for x, top, shown in zip(at, tops, rows[value], strict=True):
        if not pd.isna(shown):
            axes.annotate(
                style.value_text(shown, kind, digits),
                (x, top),
                (0, 5),
                textcoords="offset points",
                ha="center",
                fontsize=8.5,
                color=style.SOFT,
            )


def _year_label(year: int, counts: pd.Series | None) -> str:
    if counts is None or year not in counts.index:
        return f"{year}年"
    return f"{year}年\nn={style.value_text(counts[year], 'count')}"


def _mark_beyond(axes: Axes, data: pd.DataFrame, label: str, value: str, beyond: str | None) -> None:
    if beyond is None:
        return
    for row in np.flatnonzero(data[beyond].fillna(False).astype(bool)):
        axes.plot([row], [data[value].iloc[row]], "o", color=style.ORANGE, markersize=7, zorder=4)
        axes.annotate(
            style.short(data[label].iloc[row], 8),
            (row, data[value].iloc[row]),
            (0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8.5,
            color=style.ORANGE,
        )


def _name_limits(axes: Axes, data: pd.DataFrame, centre: str, upper: str, lower: str) -> None:
    for column, word in ((centre, "中心线"), (upper, "上限"), (lower, "下限")):
        last = data[column].dropna()
        if len(last):
            axes.annotate(
                word,
                (len(data) - 0.5, last.iloc[-1]),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=8.5,
                color=style.SOFT,
            )


def _height_from_zero(axes: Axes, data: pd.DataFrame, columns: Sequence[str | None]) -> None:
    axes.set_ylim(0, style.highest(data, columns) * 1.18 or 1)


def _risk_table(
    axes: Axes, groups: Sequence[tuple[object, pd.DataFrame]], day: str, at_risk: str, ticks: Sequence[float]
) -> None:
    """How many were still open and watched at each tick, a line a group."""
    axes.set_axis_off()
    axes.set_ylim(len(groups) + 0.2, -1)
    axes.annotate(
        "在观察中的件数",
        (0, 0),
        xycoords=("axes fraction", "data"),
        xytext=(0, -0.75),
        textcoords=("axes fraction", "data"),
        fontsize=8.5,
        color=style.SOFT,
        va="center",
    )
    for row, (colour, (_, rows)) in enumerate(zip(style.SERIES * len(groups), groups, strict=False)):
        for at in ticks:
            later = rows[rows[day] >= at]
            number = later[at_risk].iloc[0] if len(later) else 0
            axes.text(
                at,
                row + 0.1,
                style.value_text(number, "count"),
                ha="center",
                va="center",
                fontsize=8.5,
                color=colour,
            )
