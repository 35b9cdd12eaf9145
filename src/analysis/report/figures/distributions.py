"""How units spread about the whole: funnels of rates, Lorenz curves of concentration."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import style


@style.styled
def funnel(
    data: pd.DataFrame,
    *,
    label: str,
    expected: str,
    ratio: str,
    limits: pd.DataFrame,
    verdict: str | None = None,
    inside: str = "within",
    far: Sequence[str] = ("high", "low"),
    axis: str = "实际数与期望数之比",
    across: str = "期望数（按全县平均推算）",
) -> Figure:
    """Units by expected events and ratio, within limits that narrow as the expectation grows.

    Args:
        data: One row a unit; those without expected events are left out by the caller.
        label: Column of names.
        expected: Column of expected events.
        ratio: Column of observed over expected.
        limits: Rows of expected, low95, high95, low998, high998, ascending.
        verdict: Column of verdicts; units that are not ``inside`` are named.
        inside: The verdict of what lies within the limits.
        far: The verdicts beyond the outer limits.
        axis: The vertical axis' name.
        across: The horizontal axis' name.
    """
    figure, axes = style.canvas(3.5)
    axes.axhline(1, color=style.SOFT, linewidth=1)
    axes.set_xlim(0, max(style.highest(limits, ["expected"]), style.highest(data, [expected])) * 1.1)
    axes.set_ylim(0, max(style.highest(data, [ratio]), 2.0) * 1.12)
    _limit_lines(axes, limits)
    verdicts = data[verdict] if verdict else pd.Series(inside, index=data.index)
    outside, beyond = verdicts != inside, verdicts.isin(far)
    for rows, colour in ((~outside, style.BLUE), (outside & ~beyond, style.PURPLE), (beyond, style.ORANGE)):
        axes.scatter(data[expected][rows], data[ratio][rows], s=34, color=colour, zorder=3, alpha=0.9)
    _name_units(axes, data.loc[outside, [label, expected, ratio]].dropna())
    style.number_axis(axes, "x", "number", across)
    style.number_axis(axes, "y", "number", axis)
    return figure


def _name_units(axes: Axes, units: pd.DataFrame) -> None:
    """Names beside the dots: left of them where the right would leave the figure."""
    edge = 0.8 * axes.get_xlim()[1]
    for name, x, y in units.itertuples(index=False):
        left = x > edge
        style.remark(
            axes,
            style.short(name),
            (x, y),
            (-6 if left else 6, 3),
            size=9,
            colour=style.INK,
            ha="right" if left else "left",
            va="bottom",
        )


def _limit_lines(axes: Axes, limits: pd.DataFrame) -> None:
    for level, dash, word in (("95", (0, (2, 2)), "95%"), ("998", (0, (6, 2)), "99.8%")):
        for side in ("low", "high"):
            axes.plot(
                limits["expected"], limits[f"{side}{level}"], color=style.SOFT, linewidth=0.9, linestyle=dash
            )
        end = limits.iloc[-1]
        style.remark(axes, word, (float(end["expected"]), float(end[f"high{level}"])))


@style.styled
def lorenz(
    data: pd.DataFrame,
    *,
    exposure: str,
    events: str,
    exposure_name: str,
    events_name: str,
    gini: float | None = None,
) -> Figure:
    """The Lorenz curve of events over exposure from (0, 0) to (1, 1), against an even spread.

    Args:
        data: Cumulated shares in ascending order of the rate.
        exposure: Column of cumulated shares of exposure.
        events: Column of cumulated shares of events.
        exposure_name: What the exposure is, such as 企业数.
        events_name: What the events are, such as 隐患数.
        gini: Gini coefficient to write into the figure.
    """
    figure, axes = style.canvas(3.8, width=4.4)
    axes.plot([0, 1], [0, 1], color=style.MUTED, linewidth=1, linestyle=(0, (4, 2)))
    across, up = data[exposure].astype(float), data[events].astype(float)
    axes.fill_between(across, up, across, color=style.SKY, alpha=0.2, linewidth=0)
    axes.plot(across, up, color=style.BLUE, linewidth=2, marker="o", markersize=3.5)
    style.remark(axes, "完全均匀", (0.42, 0.42), (-4, 6), ha="right", va="bottom")
    if gini is not None and np.isfinite(gini):
        axes.annotate(f"基尼系数 {gini:.2f}", (0.95, 0.08), ha="right", fontsize=10, color=style.BLUE)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_aspect("equal")
    style.number_axis(axes, "x", "share", f"{exposure_name}累计占比")
    style.number_axis(axes, "y", "share", f"{events_name}累计占比")
    return figure
