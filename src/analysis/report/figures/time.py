"""Over months and years: lines, dots with intervals, control charts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
    style.name_ends(axes, ends)
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


def _name_points(
    axes: Axes, at: pd.Series, rows: pd.DataFrame, value: str, high: str | None, kind: str, digits: int
) -> None:
    tops = rows[[value, high]].max(axis=1) if high else rows[value]
    for x, top, shown in zip(at, tops, rows[value], strict=True):
        if not pd.isna(shown):
            style.remark(
                axes, style.value_text(shown, kind, digits), (x, top), (0, 5), ha="center", va="bottom"
            )


def _year_label(year: int, counts: pd.Series | None) -> str:
    if counts is None or year not in counts.index:
        return f"{year}年"
    return f"{year}年\nn={style.value_text(counts[year], 'count')}"


def _mark_beyond(axes: Axes, data: pd.DataFrame, label: str, value: str, beyond: str | None) -> None:
    if beyond is None:
        return
    for row in np.flatnonzero(data[beyond].fillna(False).astype(bool)):
        at = (float(row), float(data[value].iloc[row]))
        axes.plot(*at, "o", color=style.ORANGE, markersize=7, zorder=4)
        name = style.short(data[label].iloc[row], 8)
        style.remark(axes, name, at, (0, 7), colour=style.ORANGE, ha="center", va="bottom")


def _name_limits(axes: Axes, data: pd.DataFrame, centre: str, upper: str, lower: str) -> None:
    for column, word in ((centre, "中心线"), (upper, "上限"), (lower, "下限")):
        last = data[column].dropna()
        if len(last):
            at, highest = float(last.iloc[-1]), style.highest(data, [upper])
            style.remark(axes, word, (len(data) - 0.5, at), (4, 5 if at < 0.04 * highest else 0))


def _height_from_zero(axes: Axes, data: pd.DataFrame, columns: Sequence[str | None]) -> None:
    axes.set_ylim(0, style.highest(data, columns) * 1.18 or 1)
