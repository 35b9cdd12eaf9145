"""One house style for every figure: size, type, colours, and how numbers stand on axes.

Colours are Okabe & Ito's (2008), which readers with colour-blindness tell apart; words stand beside marks
instead of in a legend wherever there is room.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal, ParamSpec

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import FuncFormatter

from analysis.report import fonts, formats

INK, SOFT, FAINT = "#1f2933", "#52606d", "#d5dae0"
BLUE, ORANGE, GREEN, RED, SKY, PURPLE = "#0072B2", "#D55E00", "#009E73", "#A3142E", "#56B4E9", "#8E5A8B"
SERIES = (BLUE, ORANGE, GREEN, PURPLE, SKY, RED)
MUTED = "#9AA5B1"
WIDTH = 7.4
"""Inches: the width of a column of text, so that figures are never scaled up."""
ROW = 0.3
LABEL_LENGTH = 14
"""Characters of a name on an axis; longer ones are cut with an ellipsis and stand whole in the table."""

_RC = {
    "font.size": 9.5,
    "axes.titlesize": 10,
    "axes.labelsize": 9,
    "legend.fontsize": 9,
    "xtick.labelsize": 9,
    "ytick.labelsize": 9.5,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.8,
    "grid.color": "#e8ecf0",
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": SOFT,
    "ytick.color": INK,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "axes.unicode_minus": True,
    "text.parse_math": False,
}

P = ParamSpec("P")


@contextmanager
def house_style() -> Iterator[None]:
    """The style's settings, for the time of drawing only; the font comes last, since themes reset it."""
    font = {"font.family": [fonts.load(), "DejaVu Sans"]}
    theme: dict[Any, Any] = {**sns.axes_style("whitegrid"), **sns.plotting_context("notebook"), **_RC, **font}
    with rc_context(theme):
        yield


def styled(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Draw in the house style and lay the figure out once: one that kept its engine would be drawn twice."""

    @functools.wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        with house_style():
            figure = draw(*args, **kwargs)
            ConstrainedLayoutEngine().execute(figure)
        return figure

    return drawn


def canvas(height: float, width: float = WIDTH) -> tuple[Figure, Axes]:
    """An empty figure of this size with one pair of axes; no global state."""
    figure = Figure(figsize=(width, height))
    return figure, figure.subplots()


def row_canvas(rows: int, extra: float = 0.75) -> tuple[Figure, Axes]:
    """A figure as high as its rows need."""
    return canvas(max(1.6, rows * ROW + extra))


def remark(
    axes: Axes,
    words: str,
    at: tuple[float, float],
    offset: tuple[float, float] = (4, 0),
    *,
    colour: str = SOFT,
    size: float = 8.5,
    ha: Literal["left", "center", "right"] = "left",
    va: Literal["bottom", "center", "top"] = "center",
    backed: bool = False,
) -> None:
    """Words beside a mark, ``offset`` points away from it; ``backed`` where they may stand on a line."""
    behind = {"bbox": {"facecolor": "white", "edgecolor": "none", "pad": 0.8}} if backed else {}
    placed: dict[str, Any] = {"color": colour, "fontsize": size, "ha": ha, "va": va, **behind}
    axes.annotate(words, at, offset, textcoords="offset points", **placed)


def name_ends(axes: Axes, ends: Sequence[tuple[float, float, str, str]]) -> None:
    """Names right of lines' ends (x, y, name, colour), pushed apart where they would overlap."""
    step, placed = 0.06 * axes.get_ylim()[1], dict[float, float]()
    for x, y, name, colour in sorted(ends, key=lambda end: end[1]):
        placed[x] = max(y, step / 2, placed.get(x, -np.inf) + step)
        remark(axes, name, (x, placed[x]), (7, 0), colour=colour, size=9)


def label_rows(axes: Axes, labels: list[Any]) -> None:
    """Names down the left, the first on top."""
    axes.set_yticks(range(len(labels)), [short(label) for label in labels])
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(visible=False, axis="y")
    axes.spines["left"].set_visible(False)


def short(text: object, length: int = LABEL_LENGTH) -> str:
    """A name that fits beside an axis; control characters and line breaks become spaces."""
    plain = "".join(c if c.isprintable() else " " for c in str(text))
    return plain if len(plain) <= length else plain[: length - 1] + "…"


def number_axis(axes: Axes, axis: str, kind: str, label: str = "") -> None:
    """Ticks as the report writes numbers, and the axis' name with its unit."""
    target = axes.xaxis if axis == "x" else axes.yaxis
    target.set_major_formatter(FuncFormatter(lambda value, _: tick(value, kind)))
    if axis == "x":
        target.set_label_text(label)
    elif label:  # upright above the axis: Chinese on its side is hard to read
        axes.set_title(label, loc="left", fontsize=9, color=SOFT, pad=8)


def tick(value: float, kind: str) -> str:
    """A number on an axis: no decimals it does not need."""
    if kind == "share":
        return formats.share(value, 0)
    return f"{value:,.6g}".replace("-", formats.MINUS)


def highest(data: pd.DataFrame, columns: Sequence[str | None]) -> float:
    """The greatest number in these columns; 0 where there is none."""
    numbers = data[[column for column in columns if column]].to_numpy(dtype=float, na_value=np.nan)
    return float(np.nanmax(numbers)) if np.isfinite(numbers).any() else 0.0


def value_text(value: Any, kind: str, digits: int = 1) -> str:
    """A number beside its mark."""
    known = {"share": formats.share, "number": formats.number}.get(kind)
    return known(value, digits) if known else formats.count(value)
