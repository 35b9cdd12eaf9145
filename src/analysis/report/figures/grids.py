"""Two dimensions at once: sector × month or × township, as a heat map that tells its empty cells apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from analysis.report.figures import style
from analysis.report.tables import SUPPRESSED

_COLOURS = LinearSegmentedColormap.from_list("analysis", ["#E3EEF7", "#7FB2D9", "#0B5A8F", "#08335A"])
ZERO, WITHHELD = "#FFFFFF", "#C9A27A"


@style.styled
def heatmap(
    data: pd.DataFrame,
    *,
    row: str,
    column: str,
    value: str,
    inspected: str | None = None,
    columns: Sequence[object] | None = None,
    column_names: Sequence[str] | None = None,
    kind: str = "count",
    digits: int = 0,
) -> Figure:
    """Cells of a long table; a true zero, a place not inspected and a withheld cell each look different.

    Args:
        data: One row a cell. A cell that has no row was not inspected.
        row: Column that names the lines.
        column: Column that names the columns.
        value: Column of numbers.
        inspected: Column that counts inspections: with none and a value of 0, a cell is not
            inspected (what enterprises report themselves is found without any).
        columns: The columns in order, such as months 1 to 12; as they come otherwise.
        column_names: What they are called.
        kind: count, number or share.
        digits: Decimals.

    Raises:
        ValueError: Two rows are of the same cell.
    """
    rows = list(dict.fromkeys(data[row]))
    wanted = list(columns) if columns is not None else list(dict.fromkeys(data[column]))
    figure, axes = style.canvas(max(2.0, 0.95 + style.ROW * len(rows)))
    values = _grid(data, row, column, value, rows, wanted)
    flags = data.assign(**{SUPPRESSED: data.get(SUPPRESSED, False)})
    withheld = np.isnan(values) & (_grid(flags, row, column, SUPPRESSED, rows, wanted) == 1)
    idle = np.isnan(values) & ~withheld
    if inspected:
        idle |= (_grid(data, row, column, inspected, rows, wanted) == 0) & (values == 0)
    _paint(axes, np.where(idle, np.nan, values), idle, withheld)
    _write(axes, np.where(idle, np.nan, values), kind, digits)
    style.label_rows(axes, rows)
    _name_columns(axes, [str(name) for name in (column_names or wanted)])
    _explain(axes, zero="0：查了，没有发现" if inspected else "0", withheld=bool(withheld.any()))
    return figure


def _grid(
    data: pd.DataFrame, row: str, column: str, value: str, rows: list[object], columns: list[object]
) -> np.ndarray:
    numbers = data.assign(**{value: data[value].astype(float)}).set_index([row, column])[value]
    if numbers.index.has_duplicates:
        raise ValueError(f"heatmap: several rows for one cell of {row} × {column}")
    return numbers.unstack().reindex(index=rows, columns=columns).to_numpy(dtype=float)


def _paint(axes: Axes, values: np.ndarray, idle: np.ndarray, withheld: np.ndarray) -> None:
    """Shades for numbers above zero, white for zero, hatching for not inspected, crosses for withheld."""
    top = np.nanmax(values) if np.isfinite(values).any() else 1
    for (line, place), number in np.ndenumerate(values):
        look: dict[str, Any] = {"facecolor": ZERO, "edgecolor": style.FAINT}
        if withheld[line, place]:
            look = {"facecolor": "#F6EFE6", "edgecolor": WITHHELD, "hatch": "xxx"}
        elif idle[line, place]:
            look = {"facecolor": "#EEF0F2", "edgecolor": style.MUTED, "hatch": "////"}
        elif number > 0:
            look["facecolor"] = _COLOURS(number / top)
        axes.add_patch(Rectangle((place - 0.47, line - 0.45), 0.94, 0.9, linewidth=0.4, **look))


def _write(axes: Axes, values: np.ndarray, kind: str, digits: int) -> None:
    top = np.nanmax(values) if np.isfinite(values).any() else 1
    for (line, place), number in np.ndenumerate(values):
        if np.isfinite(number):
            colour = "white" if top and number / top > 0.5 else style.INK
            axes.text(
                place,
                line,
                style.value_text(number, kind, digits),
                ha="center",
                va="center",
                fontsize=8,
                color=colour,
            )


def _name_columns(axes: Axes, names: list[str]) -> None:
    length = 4 if len(names) > 12 else 6
    axes.set_xticks(range(len(names)), [style.short(name, length) for name in names])
    axes.set_xlim(-0.55, len(names) - 0.45)
    axes.tick_params(axis="x", length=0, labeltop=True, labelbottom=False)
    axes.grid(visible=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _explain(axes: Axes, *, zero: str, withheld: bool) -> None:
    """What the cells without a shade mean."""
    handles = [
        Patch(facecolor=ZERO, edgecolor=style.FAINT, label=zero),
        Patch(facecolor="#EEF0F2", edgecolor=style.MUTED, hatch="////", label="未检查或无数据"),
    ]
    if withheld:
        handles.append(Patch(facecolor="#F6EFE6", edgecolor=WITHHELD, hatch="xxx", label="不公布"))
    axes.legend(
        handles=handles,
        loc="upper left",
        bbox_to_anchor=(0, -0.02),
        ncols=3,
        frameon=False,
        fontsize=8.5,
        borderpad=0,
    )
