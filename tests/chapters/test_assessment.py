"""The yearly assessment: points by hand, nothing missing counted as 0, nobody ranked by noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from analysis.assessment import Grade, Item, Limit, Sheet, Step
from analysis.book import Book
from analysis.chapters import assessment_exhibits, assessment_scores
from analysis.chapters.assessment_scores import Scores
from analysis.report.findings import Strength
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_markup, shown_text
from tests.report.test_claim_guard import claims

Put = Callable[..., Store]
LINE = {name: value for name, value in PLACE.items() if name != "part"}
RATE = Item("A", "整改率", "rectification_rate", 60, higher=True, zero_at=60, full_at=95)
ACCIDENTS = Item("B", "事故", "accidents", 30, higher=False, steps=(Step(0, 30), Step(1, 20)))
LETTER = Item("C", "责任书", "responsibility_letters", 10, higher=True, zero_at=0, full_at=1)
SHEET = Sheet(
    "乡镇考核", "township", (RATE, ACCIDENTS, LETTER), source="甲〔2023〕1号", file="2023/assessment.yaml"
)


def hazards(town: str, found: int, rectified: int, **more: Any) -> list[dict[str, Any]]:
    """Hazards of as many enterprises, some rectified a week after."""
    return [
        {
            **PLACE,
            "row": number,
            "hazard_id": f"{town}{number}",
            "description": "d",
            "township": town,
            "department": "应急管理局",
            "enterprise": f"{town}{number}厂",
            "sector": "gas",
            "level": "general",
            "source": "department",
            "found_on": date(2023, 3, 1),
            "due_on": date(2023, 4, 1),
            "status": "rectified" if number <= rectified else "open",
            "rectified_on": date(2023, 3, 8) if number <= rectified else None,
            **more,
        }
        for number in range(1, found + 1)
    ]


def accident(town: str, deaths: int = 0) -> dict[str, Any]:
    when = datetime(2023, 5, 1, 8, 0)
    return {**LINE, "row": 1, "occurred_at": when, "sector": "gas", "township": town, "deaths": deaths}


def letter(**who: str) -> dict[str, Any]:
    return {**LINE, "row": 1, "held_on": date(2023, 2, 1), "kind": "responsibility_letter", **who}


def scored(put: Put, sheet: Sheet = SHEET, **tables: list[dict[str, Any]]) -> Scores:
    for table, rows in tables.items():
        store = put(table, 2023, rows)
    return Scores(replace(a_book(store), scoring_sheets=(sheet,)), sheet)


def two_towns(put: Put, sheet: Sheet = SHEET) -> Scores:
    """甲镇: 80 of 100 rectified, one fatal accident, a letter; 乙镇: 95 of 100, no accident, no letter."""
    rows = [*hazards("甲镇", 100, 80), *hazards("乙镇", 100, 95)]
    letters = [letter(township="甲镇")]
    return scored(put, sheet, hazards=rows, incidents=[accident("甲镇", 1)], activities=letters)


def said(view: Scores) -> str:
    return " ".join(found.text for found in assessment_scores.answer([view]))


def test_points_are_those_of_a_hand_calculation(put: Put) -> None:
    """80 % lies 20/35 of the way: 34.29 of 60; one accident 20 of 30; a letter 10. 95 % is all: 60, 30, 0."""
    view = two_towns(put)
    assert view.points.loc["甲镇"].tolist() == pytest.approx([60 * 20 / 35, 20, 10])
    assert view.points.loc["乙镇"].tolist() == pytest.approx([60, 30, 0])
    assert view.totals.to_dict() == pytest.approx({"甲镇": 30 + 60 * 20 / 35, "乙镇": 90})


def test_every_point_can_be_traced(put: Put) -> None:
    frame = assessment_exhibits.trace(two_towns(put)).frame.set_index(["item", "unit"])
    rate, accidents = frame.loc["A 整改率", "甲镇"], frame.loc["B 事故", "甲镇"]
    assert rate[["value", "basis", "points"]].tolist() == ["80%", "80/100", "34.3/60"]
    assert rate["rule"] == "60%得0分，95%得60分，其间按直线"
    assert len(rate["evidence"]) == 100, "all that were found, of which 80 are rectified"
    assert accidents[["value", "basis", "rule"]].tolist() == ["1起", "1", "≤0起得30分，≤1起得20分，其余0分"]
    assert accidents["evidence"] == ["2023/a.xlsx#s:1-1 (1)"]


def a_town_without_hazards(put: Put) -> None:
    """丙镇 has enterprises and nothing else."""
    place = {"sector": "gas", "township": "丙镇", "regulated_enterprises": 9}
    put("enterprises", 2023, [{**LINE, "row": 1, "year": 2023, **place}])


def test_a_missing_figure_is_no_zero_and_is_named(put: Put) -> None:
    """丙镇's 30 + 0 points of the 50 that are known count as 60 of 100."""
    a_town_without_hazards(put)
    view = two_towns(
        put, replace(SHEET, items=(replace(RATE, weight=50), ACCIDENTS, replace(LETTER, weight=20)))
    )
    assert view.points.loc["丙镇"].isna().tolist() == [True, False, False]
    assert view.totals["丙镇"] == pytest.approx(30 * 100 / 50)
    assert "“整改率”没有数据可计分：丙镇；该项不计零分" in said(view)
    shown = assessment_exhibits.by_item(view).frame.set_index("unit")
    assert shown.loc["丙镇"].tolist() == ["不计分", "30.0", "0.0"]
    assert view.ranking is not None
    place = view.ranking.units.index("丙镇")
    assert (view.ranking.by_both.low[place], view.ranking.by_both.high[place]) == (1, 3), "it may be anywhere"


def test_less_than_half_of_the_points_give_no_total_and_no_rank(put: Put) -> None:
    """With 60 of 100 points unknown 丙镇 is listed and not ranked."""
    a_town_without_hazards(put)
    view = two_towns(put)
    frame = assessment_exhibits.totals(view).frame
    assert frame["unit"].tolist() == ["乙镇", "甲镇", "丙镇"]
    assert frame["rank"].tolist()[:2] == [1, 2]
    assert frame[["total", "rank"]].iloc[2].isna().all()


def test_a_list_that_the_office_does_not_keep_scores_nobody(put: Put) -> None:
    """No incident and no activity is recorded at all: whether there was none cannot be told."""
    view = scored(put, hazards=[*hazards("甲镇", 100, 80), *hazards("乙镇", 100, 95)])
    assert view.points[["B", "C"]].isna().to_numpy().all()
    assert view.totals.to_dict() == pytest.approx({"甲镇": 100 * 20 / 35, "乙镇": 100})
    assert "“事故”没有数据可计分：全部对象" in said(view)


def test_vetoes_bound_grade_or_total_and_caps_the_total(put: Put) -> None:
    grades = (Grade("优秀", 90), Grade("合格", 60), Grade("不合格", 0))
    cap = Limit("hazards_overdue", "at_least", 5, points=79)
    bound, nothing = (Limit("deaths", "at_least", 1, grade=grade) for grade in ("不合格", ""))
    view = two_towns(put, replace(SHEET, grades=grades, caps=(cap,), vetoes=(bound,)))
    assert view.totals.to_dict() == pytest.approx({"甲镇": 30 + 60 * 20 / 35, "乙镇": 79}), (
        "5 overdue each: capped"
    )
    assert view.grades.to_dict() == {"甲镇": "不合格", "乙镇": "合格"}
    assert "死亡人数不少于1人，一票否决，等次最高为不合格：甲镇。" in said(view)
    assert "超期未整改隐患不少于5条，总分最多79分：乙镇、甲镇。" in said(view)
    assert two_towns(put, replace(SHEET, vetoes=(nothing,))).totals["甲镇"] == 0


@pytest.mark.parametrize(
    ("listed", "delisted", "held"), [(5, None, True), (5, 20, False), (None, None, False)]
)
def test_a_listed_major_hazard_that_is_overdue_is_known(
    put: Put, listed: int | None, delisted: int | None, held: bool
) -> None:
    """Listed and not delisted by the cutoff, past its deadline and not rectified."""
    days = {
        "listed_on": listed and date(2023, 4, listed),
        "delisted_on": delisted and date(2023, 4, delisted),
    }
    rows = [*hazards("甲镇", 1, 0, level="major", **days), *hazards("乙镇", 1, 0, level="major")]
    veto = Limit("major_hazards_listed_overdue", "at_least", 1)
    view = scored(put, replace(SHEET, vetoes=(veto,)), hazards=rows)
    assert {unit: bool(limits) for unit, limits in view.limits.items()} == {"甲镇": held, "乙镇": False}


def test_alike_townships_are_not_ranked(put: Put) -> None:
    rows = [row for town in ("甲镇", "乙镇", "丙镇") for row in hazards(town, 50, 40 + (town == "甲镇"))]
    view = scored(put, replace(SHEET, items=(replace(RATE, weight=100),)), hazards=rows)
    (found,) = assessment_scores.answer([view])
    assert "不能排出先后" in found.text
    assert found.strength is Strength.OPEN
    frame = assessment_exhibits.totals(view).frame
    assert frame["unit"].iloc[0] == "甲镇", "one hazard more stands first in the list"
    assert frame[["low", "high", "group"]].to_numpy().tolist() == [[1, 3, 1]] * 3, "and has any rank"


def test_a_clearly_better_township_stands_in_a_group_of_its_own(put: Put) -> None:
    rows = [*hazards("甲镇", 200, 190), *hazards("乙镇", 200, 130), *hazards("丙镇", 200, 132)]
    view = scored(put, replace(SHEET, items=(replace(RATE, weight=100),)), hazards=rows)
    (found,) = assessment_scores.answer([view])
    assert "可以分为2组：第1组甲镇；第2组丙镇、乙镇" in found.text or "第2组乙镇、丙镇" in found.text
    assert found.strength is Strength.SUPPORTED


def test_a_run_repeats_exactly(put: Put) -> None:
    assert two_towns(put).ranking == two_towns(put).ranking


def test_one_township_has_points_and_no_rank(put: Put) -> None:
    view = scored(put, hazards=hazards("甲镇", 10, 9), incidents=[accident("甲镇")])
    assert view.ranking is None
    assert "1个乡镇中1个有考核总分，不排名次" in said(view)
    table = assessment_exhibits.totals(view)
    assert [column.name for column in table.columns] == ["unit", "total", "grade", "limits", "scored"]


def test_departments_are_found_with_and_without_their_county(put: Put) -> None:
    """示例县应急管理局 of the ledger is the return's 应急管理局; letters of townships are none of theirs."""
    returns = [
        {**LINE, "row": row, "month": 3, "sector": "gas", "department": name, "inspections": 10}
        for row, name in enumerate(("应急管理局", "商务局"), 1)
    ]
    sheet = Sheet("部门考核", "department", (replace(RATE, weight=60), replace(LETTER, weight=40)))
    rows = [row | {"department": "示例县应急管理局"} for row in hazards("甲镇", 10, 8)]
    view = scored(
        put,
        sheet,
        hazards=rows,
        enforcement=returns,
        activities=[letter(department="县应急管理局"), letter(township="甲镇")],
    )
    assert view.figures.units == ("商务局", "应急管理局")
    assert view.measured["A"].part.fillna(-1).to_dict() == {"商务局": -1, "应急管理局": 8}
    assert view.measured["C"].part.to_dict() == {"商务局": 0, "应急管理局": 1}
    assert view.measured["C"].unplaced == 0


def test_what_names_no_township_is_told(put: Put) -> None:
    """10 of 12 accidents of the list name none: they are nobody's, and said to be."""
    nowhere = [{**accident("甲镇"), "township": None, "row": row} for row in range(2, 12)]
    towns = [accident("甲镇"), accident("乙镇")]
    view = scored(put, hazards=[*hazards("甲镇", 9, 9), *hazards("乙镇", 9, 9)], incidents=[*towns, *nowhere])
    assert view.measured["B"].part.tolist() == [1, 1]
    assert "“事故”有10没有注明乡镇" in assessment_exhibits.trace(view).note


def test_a_year_without_any_data_says_so(put: Put) -> None:
    view = scored(put, hazards=[])
    assert "不能说明乡镇的年度考核得分" in said(view)
    assert len(assessment_exhibits.shown([view])) == 2


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_the_report_shows_points_and_hides_files_from_leaders(put: Put, edition: str) -> None:
    text = shown_text("8_responsibility", two_towns(put).book, edition)
    assert "乡镇考核" in text
    assert "34.3/60" in text
    assert ("2023/a.xlsx" in text) == (edition == "internal")
    assert "甲镇1厂" not in text


def test_words_of_direction_stand_in_findings_only(put: Put) -> None:
    """The section's tables and notes claim nothing: who stands before whom is a finding's to say."""
    grades, cap = (Grade("合格", 0),), Limit("hazards_overdue", "at_least", 5, points=79)
    book = two_towns(put, replace(SHEET, grades=grades, caps=(cap,))).book
    assert [
        claim for html in shown_markup("8_responsibility", book, "internal") for claim in claims(html)
    ] == []


def test_a_year_without_rules_has_one_plain_sentence(put: Put) -> None:
    book: Book = a_book(put("hazards", 2023, hazards("甲镇", 3, 2)))
    assert assessment_scores.answer(assessment_scores.of(book)) == ()
    (only,) = assessment_exhibits.shown(assessment_scores.of(book))
    assert "assessment.yaml" in only.text  # type: ignore[union-attr]
    assert "考核细则 assessment.yaml" in shown_text("8_responsibility", book, "leadership")
