"""What a cell shows: escaped once, masked for its edition, and nothing else left behind in the notebook."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser

import pandas as pd
import pytest
from nbformat import NotebookNode
from tests.report.conftest import (
    ENTERPRISES,
    FILE,
    HOSTILE,
    QUOTE,
    RELEASE,
    ROW_ID,
    open_table,
    rate_table,
)

from analysis.disclosure.release import Release
from analysis.messages import AnalysisError
from analysis.report import figures, tables
from analysis.report.display import HEADLINE_MIME, Evidence, Figure, Headline, Note, Show, Text, chart
from analysis.report.edition import Edition
from analysis.report.findings import Finding, Strength
from analysis.report.released import STATISTIC
from analysis.report.row_ranges import grouped
from analysis.report.tables import SUPPRESSED, UNNAMED, WHOLE_COUNTY, Column, DataTable

ALLOWED_TAGS = {
    "a", "b", "blockquote", "code", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "img", "p",
    "small", "span", "summary", "table", "tbody", "td", "th", "thead", "tr",
}  # fmt: skip


class Reader(HTMLParser):
    """The tags, attributes and text of a page, as a browser would take them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value or "" for name, value in attrs if name == "id"]

    def handle_data(self, data: str) -> None:
        self.text += data


def bars(table: DataTable) -> Figure:
    return chart(figures.bars_with_intervals, table, alt=HOSTILE[1], label="sector", value="found")


def shown(edition: str, thing: object) -> str:
    return str(Show(edition, RELEASE)(thing).markup)  # type: ignore[arg-type]


def test_hostile_cells_stand_as_text_and_add_no_tag() -> None:
    """A ledger's cell must never become markup."""
    for thing in (rate_table(), open_table(), bars(rate_table())):
        read = Reader(shown("internal", thing))
        assert read.tags <= ALLOWED_TAGS
        assert not any(name.startswith("on") or name == "style" for name in read.attributes)
    text = Reader(shown("internal", rate_table())).text
    for words in HOSTILE:
        assert words in text


def test_internal_shows_everything() -> None:
    html = shown("internal", open_table())
    for words in (*ENTERPRISES, QUOTE, FILE, ROW_ID, "2023年6月30日"):
        assert words in html


def test_leadership_names_overdue_enterprises_only() -> None:
    """Names of enterprises whose rows are not flagged, quotes, files and row ids are gone."""
    html = shown("leadership", open_table())
    assert ENTERPRISES[0] in html
    assert html.count(UNNAMED) == 2
    for words in (*ENTERPRISES[1:], QUOTE, FILE, ROW_ID):
        assert words not in html
    assert '<td class="evidence">5</td>' in html  # how many rows stand behind the third hazard


def test_leadership_names_none_without_a_flag() -> None:
    table = replace(open_table(), named=None)
    assert not any(name in shown("leadership", table) for name in ENTERPRISES)


def test_public_holds_no_name_day_file_or_row() -> None:
    html = shown("public", open_table())
    for words in (*ENTERPRISES, UNNAMED, QUOTE, FILE, ROW_ID, "2023年"):
        assert words not in html


def test_public_hides_the_numbers_that_the_release_hides() -> None:
    """The two sectors that the release hides lose number and interval, and stand last whatever their size."""
    masked = tables.mask(rate_table(), Edition.PUBLIC, RELEASE)
    assert masked.frame[SUPPRESSED].tolist() == [False] * 9 + [True, True]
    assert masked.frame.loc[9:, ["found", "rate", "low", "high"]].isna().all(axis=None)
    assert masked.frame.loc[:8, "found"].tolist() == list(range(11, 2, -1))
    assert "为保护企业信息不公布" in shown("public", rate_table())
    assert "为保护企业信息不公布" not in shown("leadership", rate_table())


def test_public_tells_nothing_by_the_order_of_rows() -> None:
    """Listed by size, a hidden row between 19 and 13 would give its number away: hidden rows go by name."""
    table = rate_table()
    for frame in (table.frame, table.frame.iloc[::-1]):
        masked = tables.mask(replace(table, frame=frame.reset_index(drop=True)), Edition.PUBLIC, RELEASE)
        assert masked.frame["sector"].tolist()[-2:] == sorted(HOSTILE[-2:])


def test_public_keeps_no_column_that_does_not_say_what_it_is_made_of() -> None:
    table = rate_table()
    assert table.released is not None
    declared = replace(table.released, columns={"found": ("hazards_found",)})
    masked = tables.mask(replace(table, released=declared), Edition.PUBLIC, RELEASE)
    assert [column.name for column in masked.columns] == ["sector", "found"]


def test_public_keeps_no_interval_that_rests_on_other_figures() -> None:
    """Limits that allow for hazards of one enterprise are not made of the published counts."""
    table = rate_table()
    assert table.released is not None
    declared = replace(table.released, limits=())
    masked = tables.mask(replace(table, released=declared), Edition.PUBLIC, RELEASE)
    assert masked.frame[["low", "high"]].isna().all(axis=None)


def test_a_count_that_is_not_the_declared_cells_is_not_published() -> None:
    """A table that declares one count and shows another would publish what nobody decided on."""
    table = rate_table()
    wrong = replace(table, frame=table.frame.assign(found=table.frame["found"] + 1))
    with pytest.raises(ValueError, match="found"):
        tables.mask(wrong, Edition.PUBLIC, RELEASE)
    assert tables.mask(wrong, Edition.LEADERSHIP).cells


@pytest.mark.parametrize("release", [None, RELEASE])
@pytest.mark.parametrize("what", ["table", "figure", "headline", "finding", "note", "text"])
def test_public_withholds_what_does_not_declare_itself(what: str, release: Release | None) -> None:
    """Whoever forgets to say what a thing is made of publishes nothing."""
    table = replace(rate_table(), released=None)
    things = {
        "table": table,
        "figure": bars(table),
        "headline": Headline("k", "隐患", 77, basis="77"),
        "finding": Finding("隐患77条", Strength.DESCRIBED, "n=77"),
        "note": Note("77"),
        "text": Text("77"),
    }
    found = Show("public", release)(things[what])
    html = str(found.markup)
    assert "公开版不列" in html
    assert not any(words in html for words in ("77", "<table", "<img", "66 项"))
    assert not found.headlines


def test_public_withholds_what_is_declared_where_there_is_no_release() -> None:
    """A notebook that opens the public edition without the decision shows no figure."""
    html = str(Show("public")(rate_table(), bars(rate_table())).markup)
    assert not any(words in html for words in ("<table", "<img"))


def test_public_shows_no_figure_of_which_a_column_is_missing() -> None:
    """What is drawn stands in the data below it, or nothing is drawn."""
    table = rate_table()
    assert table.released is not None
    fewer = replace(table.released, columns={"found": ("hazards_found",)})
    assert "<img" not in str(Show("public", RELEASE)(bars(replace(table, released=fewer))).markup)


def test_public_headline_is_withheld_with_any_of_its_counts() -> None:
    """A rate is as secret as its numerator; last year's figure is judged by last year's cells."""
    counts = ("hazards_found", "hazards_overdue")
    html = str(Show("public", RELEASE)(Headline("k", "占比", 0.25, kind="share", counts=counts)).markup)
    assert "25" not in html
    known = Headline("k", "隐患", 77, last=55, counts=("hazards_found",))
    html = str(Show("public", RELEASE)(known).markup)
    assert "77" in html
    assert "55" not in html
    assert "22" not in html, "the change would give last year's figure away"


def test_statistics_need_many_enterprises() -> None:
    """A median of nine enterprises says too much of each."""
    for enterprises, told in ((9, False), (10, True)):
        release = replace(RELEASE, enterprises=enterprises)
        said = Finding("中位5天", Strength.DESCRIBED).telling(STATISTIC)
        assert ("中位5天" in str(Show("public", release)(said).markup)) is told


def test_chart_is_drawn_from_masked_rows() -> None:
    """The drawing function of the public edition must not even be handed the secret."""
    handed: list[pd.DataFrame] = []

    def spy(data: pd.DataFrame, *, label: str) -> object:
        handed.append(data)
        return figures.bars_with_intervals(data, label=label, value="found")

    shown("public", chart(spy, rate_table(), alt=lambda data: str(data["found"].sum()), label="sector"))
    assert "enterprises" not in handed[0]
    assert handed[0]["found"].sum() == 63  # 66 less the suppressed 2 and 1


def test_unshown_objects_hold_their_tongue() -> None:
    """A cell that forgets Show must leave no row in the notebook."""
    for thing in (rate_table(), open_table(), Evidence("台账", (ROW_ID,)), Headline("k", "名", 1)):
        assert not any(words in repr(thing) for words in (*ENTERPRISES, ROW_ID, "粗"))


def test_notebook_of_an_edition_holds_no_secret(notebook: Callable[[str], NotebookNode]) -> None:
    """The saved notebook is masked as the page is, alt texts and machine-readable parts included."""
    outputs = json.dumps([c.get("outputs", []) for c in notebook("public").cells], ensure_ascii=False)
    for words in (*ENTERPRISES, QUOTE, FILE, ROW_ID):
        assert words not in outputs


def test_evidence_by_edition() -> None:
    evidence = Evidence("台账", tuple(f"H{i}" for i in range(500)), document=FILE, quote=QUOTE)
    internal, leadership, public = (str(evidence.html(edition)) for edition in Edition)
    assert "H199<" in internal
    assert "另有 300 处" in internal
    assert "500 条" in leadership
    assert "500" not in public
    assert QUOTE not in leadership + public


def test_rows_of_a_sheet_are_named_as_ranges() -> None:
    """Every row is named, however many: neighbours as a range, ids of another form as they are."""
    rows = ("a.xlsx 一季度 第3行", "a.xlsx 一季度 第4行", "b.csv  第9行", "a.xlsx 一季度 第7行", "H1")
    counted = ("c.xls#1月:4-6 (3)", "c.xls#1月:8-12 (2)")
    assert grouped(rows + counted) == [
        "a.xlsx 一季度 第3–4、7行",
        "b.csv 第9行",
        "c.xls 1月 第4–6行",
        "H1",
        "c.xls#1月:8-12 (2)",
    ]


def test_headlines_carry_machine_readable_values() -> None:
    found = ("hazards_found",)
    bundle = Show("public", RELEASE)(
        Headline("found", "重大隐患", 140, "项", counts=found),
        Headline("few", "少", 9, "项", counts=("major_hazards_found",)),
        Headline("none", "无", None, counts=found),
        Headline("share", "率", 1.0, kind="share", counts=found),
    )._repr_mimebundle_()
    values = {h["key"]: h["value"] for h in bundle[HEADLINE_MIME]["headlines"]}
    assert values == {"found": 140, "few": None, "none": None, "share": 1.0}


def test_showing_nothing_is_an_error() -> None:
    with pytest.raises(AnalysisError):
        Show("internal")()


def test_table_without_n_or_with_unknown_columns_is_refused() -> None:
    frame = pd.DataFrame({"a": [1]})
    with pytest.raises(ValueError, match="what it rests on"):
        DataTable("t", frame, (Column("a", "甲"),), "题", n="")
    with pytest.raises(ValueError, match="no column b"):
        DataTable("t", frame, (Column("b", "乙"),), "题", n="1", enterprises=WHOLE_COUNTY)


def test_missing_is_a_dash_and_zero_is_zero() -> None:
    frame = pd.DataFrame({"a": [None, 0.0, -3.5]})
    table = DataTable("t", frame, (Column("a", "甲", "number"),), "题", n="3", enterprises=WHOLE_COUNTY)
    cells = re.findall(r'<td class="number">(.*?)</td>', shown("internal", table))
    assert cells == ["—", "0.0", "−3.5"]
