"""Why a sector is high: its hazard quotient as effort × yield × reporting, on a logarithmic axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, FuncFormatter

from analysis.report.figures import style
from analysis.report.figures.comparisons import UNKNOWN, WITHHELD
from analysis.report.tables import SUPPRESSED

PARTS = {"effort": "检查力度", "yield": "检查发现率", "reporting": "企业自报"}
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


@style.styled
def split_log_quotient(
    data: pd.DataFrame,
    *,
    label: str,
    parts: Mapping[str, str] = PARTS,
    total: str | None = None,
    axis: str = "相对全县平均的倍数（对数刻度，1 为全县平均）",
) -> Figure:
    """Bars of log quotients stacked to either side of 1; the mark is their product.

    Args:
        data: One row a sector; the columns of ``parts`` hold quotients (not logarithms), above 0.
        label: Column of names.
        parts: Columns of factors and what each is called.
        total: Column of the product; computed from the parts where it is not given.
        axis: The axis' name.
    """
    figure, axes = style.row_canvas(len(data), extra=1.1)
    logs = _logs(data[list(parts)])
    logs = logs.where(logs.notna().all(axis=1))
    _stack(axes, logs, parts)
    whole = _logs(data[[total]])[total] if total else logs.sum(axis=1, skipna=False)
    _name_totals(axes, data, logs, whole)
    style.label_rows(axes, data[label].tolist())
    axes.axvline(0, color=style.INK, linewidth=0.9)
    _factor_axis(axes, logs, axis)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1),
        ncols=4,
        frameon=False,
        borderpad=0,
        handlelength=1.2,
        columnspacing=1.4,
    )
    return figure


def _logs(quotients: pd.DataFrame) -> pd.DataFrame:
    """Natural logarithms; a quotient of 0 or none has no place on the axis."""
    positive = quotients.astype(float).where(lambda q: q > 0)
    return positive.apply(np.log)


def _stack(axes: Axes, logs: pd.DataFrame, parts: Mapping[str, str]) -> None:
    """Positive parts to the right of 1, negative ones to its left."""
    rows = np.arange(len(logs))
    ends = {1: np.zeros(len(logs)), -1: np.zeros(len(logs))}
    for colour, (column, name) in zip(style.SERIES, parts.items(), strict=False):
        length = logs[column].fillna(0).to_numpy()
        start = np.where(length >= 0, ends[1], ends[-1])
        axes.barh(
            rows, length, left=start, height=0.6, color=colour, label=name, edgecolor="white", linewidth=0.6
        )
        ends[1] = ends[1] + np.clip(length, 0, None)
        ends[-1] = ends[-1] + np.clip(length, None, 0)


def _name_totals(axes: Axes, data: pd.DataFrame, logs: pd.DataFrame, whole: pd.Series) -> None:
    """The product as a diamond, its factor written right of the bars."""
    axes.scatter(
        whole,
        np.arange(len(whole)),
        s=30,
        marker="D",
        facecolor="white",
        edgecolor=style.INK,
        zorder=4,
        label="隐患商（合计）",
    )
    withheld = data.get(SUPPRESSED, pd.Series(False, index=data.index))
    right = logs.clip(lower=0).sum(axis=1)
    for row, total in enumerate(whole):
        known = not pd.isna(total)
        words = (
            f"{np.exp(total):.2f} 倍" if known else WITHHELD if withheld.iloc[row] else f"{UNKNOWN}，不作分解"
        )
        at = max(float(right.iloc[row]), float(total)) if known else 0
        style.remark(axes, words, (at, row), (6, 0), colour=style.SOFT if known else style.MUTED)


def _factor_axis(axes: Axes, logs: pd.DataFrame, name: str) -> None:
    right = float(logs.clip(lower=0).sum(axis=1).max() or 0)
    left = float(logs.clip(upper=0).sum(axis=1).min() or 0)
    room = max(right, -left, 0.7)
    axes.set_xlim(min(left, -0.3) - 0.05 * room, max(right, 0.3) + 0.3 * room)
    axes.xaxis.set_major_locator(FixedLocator([float(np.log(t)) for t in _TICKS]))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{np.exp(value):.3g}"))
    axes.set_xlabel(name)
