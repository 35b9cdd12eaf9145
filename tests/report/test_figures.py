"""Charts: every one draws, in Chinese, from zero, the same twice, and small."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from tests.report.conftest import HOSTILE

from analysis.report import figures, fonts, svg
from analysis.report.figures import style
from analysis.report.markup import svg_uri
from analysis.report.tables import SUPPRESSED
from analysis.vocabulary import campaigns, indicators, sectors

pytestmark = pytest.mark.filterwarnings("error:Glyph .* missing from font:UserWarning")
NAMES = ["工贸", "道路交通", "城镇燃气", "水利"]


def rows() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "name": NAMES,
            "value": [12.0, 7.0, 0.0, np.nan],
            "low": [9.0, 5.0, 0.0, np.nan],
            "high": [200.0, 10.0, 1.0, np.nan],
            "n": [120, 70, 10, 0],
            "a": [0.2, 0.3, 0.5, np.nan],
            "b": [0.5, 0.4, 0.1, np.nan],
            "effort": [2.0, 0.5, 1.0, 1.0],
            "yield": [0.5, 0.5, 3.0, 0.0],
            "reporting": [1.0, 2.0, 1.5, 1.0],
        }
    )


def months() -> pd.DataFrame:
    every = [(name, month) for name in NAMES[:3] for month in range(1, 13)]
    frame = pd.DataFrame(every, columns=["name", "month"])
    return frame.assign(value=frame.index % 5, inspected=1)


def chart_points() -> pd.DataFrame:
    frame = pd.DataFrame({"month": [f"{m}月" for m in range(1, 13)], "value": [0.1] * 11 + [0.4]})
    return frame.assign(centre=0.12, lower=0.02, upper=0.3, out=frame["value"] > 0.3)


def curves() -> pd.DataFrame:
    one = pd.DataFrame({"day": [0, 10, 30], "still_open": [1, 0.6, 0.2], "at_risk": [20, 12, 4]})
    whole = pd.concat([one.assign(who="住建局"), one.assign(who="应急局")])
    return whole.assign(low=whole["still_open"] * 0.8, high=whole["still_open"])


def limits() -> pd.DataFrame:
    expected = np.array([1.0, 10, 40])
    return pd.DataFrame({"expected": expected, "low95": 0.2, "high95": 2, "low998": 0.1, "high998": 3})


YEARS = pd.DataFrame({"year": [2021, 2023], "v": [0.1, 0.2], "n": [10, 20]})
FUNNEL = {"e": [5, 20, 30], "r": [2, 0.5, 1], "v": ["high", "alert_low", "within"]}
LORENZ = pd.DataFrame({"x": [0, 0.5, 1], "y": [0, 0.2, 1]})
PLACES = pd.DataFrame(
    {
        "name": NAMES,
        "rank": [1, 2, 3, np.nan],
        "low": [1, 2, 2, np.nan],
        "high": [1, 3, 3, np.nan],
        "points": [91.5, 80.0, 79.0, np.nan],
        "group": [1, 2, 2, np.nan],
    }
)
PLACED = {"rank": "rank", "low": "low", "high": "high"}
NAMED = {"label": "name", "value": "value"}
WITH_LIMITS = {**NAMED, "low": "low", "high": "high"}
CONTROL = {"label": "month", "value": "value", "centre": "centre", "lower": "lower", "upper": "upper"}
CURVE = {"exposure": "x", "events": "y", "exposure_name": "企业", "events_name": "隐患"}

CHARTS: dict[str, Callable[[], Figure]] = {
    "bars": lambda: figures.bars_with_intervals(rows(), **WITH_LIMITS, n="n"),
    "dots": lambda: figures.ranked_dots(rows(), **WITH_LIMITS, reference=8.0),
    "ranks": lambda: figures.rank_dots(PLACES, label="name", points="points", group="group", **PLACED),
    "shares": lambda: figures.share_comparison(rows(), label="name", shares={"a": "隐患", "b": "企业"}),
    "split": lambda: figures.split_log_quotient(rows(), label="name"),
    "heatmap": lambda: figures.heatmap(
        months(), row="name", column="month", value="value", inspected="inspected"
    ),
    "months": lambda: figures.monthly_lines(months(), month="month", value="value", series="name"),
    "years": lambda: figures.yearly_dots(YEARS, year="year", value="v", n="n", kind="share"),
    "control": lambda: figures.control_chart(chart_points(), **CONTROL, beyond="out"),
    "survival": lambda: figures.survival_steps(curves(), group="who", deadlines=[(15, "期限")]),
    "funnel": lambda: figures.funnel(
        rows()[:3].assign(**FUNNEL), label="name", expected="e", ratio="r", limits=limits(), verdict="v"
    ),
    "lorenz": lambda: figures.lorenz(LORENZ, **CURVE, gini=0.3),
}


def words(figure: Figure) -> set[str]:
    return {text.get_text() for text in figure.findobj(mpl.text.Text) if text.get_text()}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_repeats_exactly_stays_small_and_names_nothing_outside(name: str) -> None:
    """Same data, same bytes; no date, no outside reference; within a report's budget of 1.5 MB for ten."""
    first, second = (svg.to_svg(CHARTS[name]()) for _ in range(2))
    assert first == second
    assert len(svg_uri(first)) < 150_000
    assert "<text" not in first  # glyphs are paths
    root = ET.fromstring(first)  # noqa: S314 (our own)
    links = {v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")}
    assert all(link.startswith("#") for link in links)
    assert "metadata" not in first


@pytest.mark.parametrize("name", ["bars", "dots", "shares", "months", "years", "control", "survival"])
def test_axes_start_at_zero(name: str) -> None:
    axes = CHARTS[name]().axes[0]
    assert (axes.get_xlim() if name in ("bars", "dots", "shares") else axes.get_ylim())[0] == 0


def test_ranks_stand_beside_their_points_on_whole_numbers() -> None:
    """A unit without a total has no dot and says so; a rank is never drawn at 0."""
    figure = CHARTS["ranks"]()
    assert {"91.5分", "80.0分", "79.0分", "没有总分"} <= words(figure)
    axes = figure.axes[0]
    assert axes.get_xlim()[0] > 0
    assert all(float(tick).is_integer() for tick in axes.get_xticks())


def test_missing_glyph_is_an_error() -> None:
    """Text that the font cannot draw only warns in matplotlib; in a test it must fail."""
    with pytest.raises(UserWarning, match="Glyph"):
        svg.to_svg(figures.ranked_dots(rows().assign(name="\ua980"), label="name", value="value"))


def test_font_draws_every_name_of_the_vocabulary() -> None:
    """No sector, campaign or indicator name may come out as a box."""
    from matplotlib.ft2font import FT2Font

    known = FT2Font(fonts.font_file()).get_charmap()
    named = [e.name_zh for e in (*sectors().values(), *campaigns().values(), *indicators().values())]
    missing = {c for c in "".join(named) + "0123456789−＊—…（）：、％%" if ord(c) not in known}
    assert not missing


def test_font_is_the_free_one() -> None:
    assert fonts.font_file().name == "NotoSansCJKsc-Regular.otf"
    assert fonts.load() == "Noto Sans CJK SC"


def test_style_leaves_matplotlib_as_it_was() -> None:
    before = dict(mpl.rcParams)
    CHARTS["bars"]()
    assert dict(mpl.rcParams) == before


def test_labels_are_literal() -> None:
    """Dollar signs are not mathematics, and a name of 400 characters does not break the axis."""
    figure = figures.ranked_dots(
        pd.DataFrame({"name": HOSTILE, "value": range(len(HOSTILE))}), label="name", value="value"
    )
    svg.to_svg(figure)
    assert all(len(text) <= style.LABEL_LENGTH for text in words(figure) if "很" in text)


def test_values_and_n_stand_beside_marks() -> None:
    assert {"12（n=120）", "7（n=70）"} <= words(CHARTS["bars"]())


def test_bar_chart_tells_zero_unknown_and_withheld_apart() -> None:
    flags = [False, False, False, True]
    drawn = words(
        figures.bars_with_intervals(rows().assign(**{SUPPRESSED: flags}), label="name", value="value")
    )
    assert "不公布" in drawn
    assert "0" in drawn
    assert "无数据" in words(CHARTS["bars"]())


def test_heatmap_tells_zero_not_inspected_and_withheld_apart() -> None:
    """Cells of one row: 5, a true zero, a zero without inspections, a withheld one, one that is absent."""
    data = pd.DataFrame(
        {
            "s": ["工贸"] * 4,
            "m": [1, 2, 3, 4],
            "v": [5, 0, 0, np.nan],
            "i": [3, 3, 0, np.nan],
            SUPPRESSED: [False, False, False, True],
        }
    )
    axes = figures.heatmap(data, row="s", column="m", value="v", inspected="i", columns=[1, 2, 3, 4, 5]).axes[
        0
    ]
    assert [patch.get_hatch() for patch in axes.patches] == [None, None, "////", "xxx", "////"]
    assert {text.get_text() for text in axes.texts} == {"5", "0"}
    assert axes.patches[0].get_facecolor() != axes.patches[1].get_facecolor()


def test_month_without_data_is_a_gap() -> None:
    data = pd.DataFrame({"month": [1, 2, 4], "v": [1.0, 2.0, 3.0]})
    line = figures.monthly_lines(data, month="month", value="v").axes[0].lines[0]
    assert np.isnan(line.get_ydata()[2])


def test_split_stacks_to_the_logarithm_of_the_quotient() -> None:
    """ln(effort × yield × reporting) = sum of the signed bars; a factor of 0 has no bars at all."""
    axes = CHARTS["split"]().axes[0]
    widths = np.array([bar.get_width() for bar in axes.patches]).reshape(3, 4)
    data = rows()
    product = (data["effort"] * data["yield"] * data["reporting"])[:3]
    assert widths.sum(axis=0)[:3] == pytest.approx(np.log(product))
    assert widths[:, 3].tolist() == [0, 0, 0]
    assert "无数据，不作分解" in words(CHARTS["split"]())


def test_survival_shows_numbers_at_risk() -> None:
    below = CHARTS["survival"]().axes[1]
    assert [text.get_text() for text in below.texts].count("20") == 2


def test_wide_interval_does_not_squeeze_the_rest() -> None:
    """An upper limit of 200 beside values of 12 ends in an arrow."""
    assert CHARTS["dots"]().axes[0].get_xlim()[1] < 50
