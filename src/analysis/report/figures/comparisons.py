"""Sectors, townships or departments beside each other: bars, dots and shares, in the order given."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.report.figures import style
from analysis.report.tables import SUPPRESSED

WITHHELD, UNKNOWN, UNRANKED = "不公布", "无数据", "没有总分"


@style.styled
def bars_with_intervals(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str | None = None,
    high: str | None = None,
    n: str | None = None,
    kind: str = "count",
    axis: str = "",
    digits: int = 1,
) -> Figure:
    """Horizontal bars from zero, with intervals where there are any, value and n written beside them.

    Args:
        data: One row a bar, the first on top.
        label: Column of names.
        value: Column of values.
        low: Column of lower limits.
        high: Column of upper limits.
        n: Column of what each value rests on.
        kind: count, number or share.
        axis: The axis' name with its unit.
        digits: Decimals of the values.
    """
    figure, axes = style.row_canvas(len(data))
    rows = np.arange(len(data))
    axes.barh(rows, data[value].fillna(0), height=0.62, color=style.BLUE, alpha=0.85)
    _intervals(axes, data, value, low, high)
    _name_values(axes, data, value, high, n, kind, digits)
    style.label_rows(axes, data[label].tolist())
    _from_zero(axes, _axis_end(data, value, high))
    style.number_axis(axes, "x", kind, axis)
    return figure


@style.styled
def ranked_dots(
    data: pd.DataFrame,
    *,
    label: str,
    value: str,
    low: str | None = None,
    high: str | None = None,
    n: str | None = None,
    kind: str = "number",
    axis: str = "",
    reference: float | None = None,
    reference_label: str = "全县",
    digits: int = 1,
) -> Figure:
    """Dots in the order given with their intervals, against a reference such as the county's own rate."""
    figure, axes = style.row_canvas(len(data), extra=1.0 if reference is not None else 0.75)
    axes.hlines(np.arange(len(data)), 0, data[value].fillna(0), color=style.FAINT, linewidth=1)
    _intervals(axes, data, value, low, high)
    axes.scatter(data[value], np.arange(len(data)), s=42, color=style.BLUE, zorder=3)
    _name_values(axes, data, value, high, n, kind, digits)
    style.label_rows(axes, data[label].tolist())
    _from_zero(axes, _axis_end(data, value, high), reference)
    if reference is not None:
        _reference(axes, reference, f"{reference_label} {style.value_text(reference, kind, digits)}")
    style.number_axis(axes, "x", kind, axis)
    return figure


@style.styled
def rank_dots(
    data: pd.DataFrame, *, label: str, rank: str, low: str, high: str, points: str, group: str
) -> Figure:
    """Ranks with their intervals in the order given, the points beside them; a band behind every other group.

    Args:
        data: One row a unit, the first on top; one without a rank says so.
        label: Column of names.
        rank: Column of ranks, 1 = most points.
        low: Column of the first rank that each unit may have.
        high: Column of the last.
        points: Column of the points.
        group: Column of group numbers.
    """
    figure, axes = style.row_canvas(len(data))
    rows, last = np.arange(len(data)), max(round(style.highest(data, [rank, high])), 1)
    for row in map(int, np.flatnonzero(data[group].fillna(1).to_numpy(dtype=float) % 2 == 0)):
        axes.axhspan(row - 0.5, row + 0.5, color=style.FAINT, alpha=0.35, linewidth=0, zorder=0)
    axes.hlines(rows, data[low], data[high], color=style.INK, linewidth=1.3, alpha=0.75, zorder=2)
    axes.scatter(data[rank], rows, s=42, color=style.BLUE, zorder=3)
    for row, (end, shown) in enumerate(zip(data[high], data[points], strict=True)):
        words = f"{style.value_text(shown, 'number')}分" if pd.notna(end) else UNRANKED
        style.remark(axes, words, (end if pd.notna(end) else 1.0, row), (7, 0))
    style.label_rows(axes, data[label].tolist())
    axes.set_xlim(0.6, last + max(1.0, 0.15 * last))
    axes.set_xticks(range(1, last + 1, 1 + last // 16))
    style.number_axis(axes, "x", "count", "名次（1 为得分最高）")
    return figure


@style.styled
def share_comparison(
    data: pd.DataFrame, *, label: str, shares: Mapping[str, str], axis: str = "占全县的比重"
) -> Figure:
    """Several shares of each sector on one line: of hazards, of enterprises, of inspections.

    Args:
        data: One row a sector.
        label: Column of names.
        shares: Columns of shares (0 to 1) and what each is called.
        axis: The axis' name.
    """
    figure, axes = style.row_canvas(len(data), extra=1.05)
    columns, rows = list(shares), np.arange(len(data))
    axes.hlines(rows, data[columns].min(axis=1), data[columns].max(axis=1), color=style.FAINT, linewidth=3)
    for colour, marker, (column, name) in zip(style.SERIES, "osD^", shares.items(), strict=False):
        axes.scatter(data[column], rows, s=38, color=colour, marker=marker, label=name, zorder=3)
    _mark_gaps(axes, data, columns[0])
    style.label_rows(axes, data[label].tolist())
    _from_zero(axes, style.highest(data, columns) or 1.0)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=len(columns),
        frameon=False,
        borderpad=0,
        handletextpad=0.3,
        columnspacing=1.4,
    )
    style.number_axis(axes, "x", "share", axis)
    return figure


def _intervals(axes: Axes, data: pd.DataFrame, value: str, low: str | None, high: str | None) -> None:
    """Whiskers; a limit that is not known leaves its side open, one beyond the axis ends in an arrow."""
    if low is None or high is None:
        return
    known = data[value].notna() & (data[low].notna() | data[high].notna())
    rows, shown, edge = np.flatnonzero(known), data[known], _axis_end(data, value, high)
    left, right = shown[low].fillna(shown[value]), shown[high].fillna(shown[value])
    axes.hlines(rows, left, right.clip(upper=edge), color=style.INK, linewidth=1.3, alpha=0.75, zorder=2)
    beyond = (right > edge).to_numpy()
    axes.scatter(np.full(beyond.sum(), edge), rows[beyond], s=22, marker=">", color=style.INK, alpha=0.75)


def _axis_end(data: pd.DataFrame, value: str, high: str | None) -> float:
    """Where marks end: one very wide interval must not squeeze all others."""
    return min(style.highest(data, [value, high]), 1.8 * style.highest(data, [value])) or 1.0


def _name_values(
    axes: Axes, data: pd.DataFrame, value: str, high: str | None, n: str | None, kind: str, digits: int
) -> None:
    """The value right of its mark, with what it rests on in grey."""
    ends = data[[value, high]].max(axis=1).clip(upper=_axis_end(data, value, high)) if high else data[value]
    for row, (end, shown) in enumerate(zip(ends, data[value], strict=True)):
        if pd.isna(shown):
            continue
        basis = f"（n={style.value_text(data[n].iloc[row], 'count')}）" if n else ""
        style.remark(axes, style.value_text(shown, kind, digits) + basis, (end, row), (5, 0), backed=True)
    _mark_gaps(axes, data, value)


def _mark_gaps(axes: Axes, data: pd.DataFrame, value: str) -> None:
    """Say of a row without a value whether it is withheld or not known."""
    withheld = data.get(SUPPRESSED, pd.Series(False, index=data.index))
    for row in np.flatnonzero(data[value].isna()):
        word = WITHHELD if withheld.iloc[row] else UNKNOWN
        style.remark(axes, word, (0, float(row)), colour=style.MUTED)


def _from_zero(axes: Axes, end: float, reference: float | None = None) -> None:
    """From zero to a fifth beyond the longest mark, where the words stand."""
    axes.set_xlim(0, max(end, reference or 0.0) * 1.22)


def _reference(axes: Axes, at: float, words: str) -> None:
    axes.axvline(at, color=style.ORANGE, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
    axes.annotate(
        words,
        (at, 1),
        (3, 2),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        fontsize=8.5,
        color=style.ORANGE,
        va="bottom",
    )
