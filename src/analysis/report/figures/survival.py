"""Time to rectification: the share still open as steps, with how many are still watched below."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.report.figures import style

Group = tuple[str, pd.DataFrame, str]
"""A name, its rows and its colour."""


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
    share_axis: str = "仍未整改的比例",
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
        share_axis: What the share is of: not yet rectified, or not yet verified.
        deadlines: Days to mark, each with its word.
    """
    groups = _groups(curves, group)
    figure = Figure(figsize=(style.WIDTH, 3.2 + 0.22 * len(groups)))
    axes, below = figure.subplots(2, 1, sharex=True, height_ratios=[10, 1.1 + 0.75 * len(groups)])
    axes.set_ylim(0, 1.03)
    for each in groups:
        _steps(axes, each, day, still_open, (low, high) if low and high else None)
    _mark_deadlines(axes, deadlines)
    last = float(curves[day].max())
    style.name_ends(axes, [(last, float(rows[still_open].iloc[-1]), n, c) for n, rows, c in groups])
    _axes(axes, last, axis, share_axis)
    _risk_table(below, groups, day, at_risk, [tick for tick in axes.get_xticks() if 0 <= tick <= last])
    return figure


def _groups(curves: pd.DataFrame, group: str) -> list[Group]:
    parts = curves.groupby(group, sort=False)
    colours = style.SERIES * (parts.ngroups // len(style.SERIES) + 1)
    return [(style.short(n), rows, colour) for colour, (n, rows) in zip(colours, parts, strict=False)]


def _steps(axes: Axes, group: Group, day: str, value: str, limits: tuple[str, str] | None) -> None:
    _, rows, colour = group
    axes.step(rows[day], rows[value], where="post", color=colour, linewidth=1.8)
    if limits:
        low, high = (rows[limit].astype(float) for limit in limits)
        axes.fill_between(rows[day], low, high, step="post", color=colour, alpha=0.12, linewidth=0)


def _mark_deadlines(axes: Axes, deadlines: Sequence[tuple[float, str]]) -> None:
    for at, word in deadlines:
        axes.axvline(at, color=style.MUTED, linewidth=0.9, linestyle=(0, (3, 2)))
        style.remark(axes, word, (at, 1), (3, 0), va="top")


def _axes(axes: Axes, last: float, name: str, share_name: str) -> None:
    axes.set_xlim(0, last * 1.2 or 1)
    axes.tick_params(axis="x", labelbottom=True, length=0)
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    style.number_axis(axes, "y", "share", share_name)
    style.number_axis(axes, "x", "count", name)


def _risk_table(axes: Axes, groups: Sequence[Group], day: str, at_risk: str, ticks: Sequence[float]) -> None:
    """How many were still open and watched at each tick, a line a group, up to its last day."""
    axes.set_axis_off()
    axes.set_ylim(len(groups) + 0.2, -1.4)
    style.remark(axes, "在观察中的件数", (0, -1.15), (0, 0))
    for line, (_, rows, colour) in enumerate(groups):
        for tick in ticks:
            later = rows[rows[day] >= tick]
            if len(later):
                number = style.value_text(later[at_risk].iloc[0], "count")
                style.remark(axes, number, (tick, line + 0.1), (0, 0), colour=colour, ha="center")
