"""Report 6: the leaders' page counted by hand, and what it does not say."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from analysis import vocabulary
from analysis.chapters import brief, decisions
from analysis.chapters.brief import Brief
from analysis.report.findings import Strength
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text

Put = Callable[..., Store]
NOTEBOOK = "6_leadership_brief"
HAZARD = {
    **PLACE,
    "township": "甲",
    "enterprise": "甲厂",
    "sector": "gas",
    "level": "major",
    "source": "department",
    "department": "城管局",
    "status": "open",
    "description": "软管老化",
    "found_on": date(2023, 3, 1),
    "due_on": date(2023, 3, 31),
}
NO_ACCIDENT = {
    "document": "2023/总结.txt",
    "line": 1,
    "start": 0,
    "end": 9,
    "quote": "未发生亡人事故",
    "sector": "all",
    "indicator": "fatal_accidents",
    "measure": "level",
    "value": 0,
    "unit": "起",
    "qualifier": "exact",
    "period_start": date(2023, 1, 1),
    "period_end": date(2023, 12, 31),
}
DONE = {"status": "rectified", "rectified_on": date(2023, 3, 20)}


def hazards(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**HAZARD, "hazard_id": str(row), "row": row, **change} for row, change in enumerate(changes, 2)]


def penalty(row: int, decided_on: date, **change: object) -> dict[str, Any]:
    blank = {"party": "甲厂", "document_number": str(row), "body": "b", "case": "c", "fine": 100}
    return {**PLACE, "row": row, "decided_on": decided_on, **blank, **change}


def view_of(store: Store, **given: Any) -> Brief:
    return Brief(a_book(store, **given))


def test_no_fatal_accident_is_said_with_its_definition(put: Put) -> None:
    (found,) = brief.accidents(view_of(put("facts", 2023, [NO_ACCIDENT])))
    assert found.text == "2023年未发生亡人事故（指造成人员死亡的生产安全事故）。"
    assert "3.7起" in found.basis, "the upper limit stands in the annex"


@pytest.mark.parametrize(
    "facts",
    [
        [],
        [{**NO_ACCIDENT, "campaign": "major_hazard_2023"}],
        [{**NO_ACCIDENT, "sector": "gas"}],
        [{**NO_ACCIDENT, "period_end": date(2023, 12, 31), "period_start": date(2023, 10, 1)}],
        [NO_ACCIDENT, {**NO_ACCIDENT, "value": 1, "start": 50}],
    ],
    ids=["nothing said", "of a campaign", "of a sector", "of a quarter", "said in two ways"],
)
def test_accidents_that_no_document_states_for_the_county_are_not_zero(
    put: Put, facts: list[dict[str, Any]]
) -> None:
    (found,) = brief.accidents(view_of(put("facts", 2023, facts)))
    assert found.strength is Strength.OPEN
    assert "未发生" not in found.text


def test_open_and_overdue_at_the_cutoff_beside_last_year(put: Put) -> None:
    put("hazards", 2022, hazards({"found_on": date(2022, 3, 1), "due_on": date(2022, 3, 31)}))
    store = put(
        "hazards", 2023, hazards({}, {"due_on": date(2023, 9, 1)}, DONE, {"found_on": date(2023, 8, 1)})
    )
    shown = brief.headlines(view_of(store, as_of=date(2023, 6, 30), baseline=(2022,)))
    values = {card.key: (card.value, card.last) for card in shown}
    assert values["major_hazards_found"] == (3, 1)
    assert values["major_hazards_pending"] == (2, 1)
    assert values["major_hazards_overdue"] == (1, 1)
    assert values["rectification_rate"] == (pytest.approx(1 / 3), 0)


def test_a_year_with_only_a_summary_takes_the_countys_figures_from_it(put: Put) -> None:
    said = {"major_hazards_found": 140, "major_hazards_self_reported": 42}
    facts = [
        {**NO_ACCIDENT, "indicator": code, "value": value, "start": number}
        for number, (code, value) in enumerate(said.items())
    ]
    campaign = {**facts[0], "value": 7, "campaign": "major_hazard_2023"}
    shown = {card.key: card for card in brief.headlines(view_of(put("facts", 2023, [*facts, campaign])))}
    assert shown["major_hazards_found"].value == 140
    assert shown["self_report_share"].value == pytest.approx(0.3)
    assert shown["major_hazards_overdue"].value is None, "what is not said is not zero"


def test_penalties_follow_their_inspection_within_the_window(put: Put) -> None:
    """Day 90 counts and day 91 does not; a case counts once; self-reports are no inspection."""
    day = date(2023, 3, 1)
    put(
        "hazards",
        2023,
        hazards(
            {"enterprise": "一厂"},
            {"enterprise": "一厂"},
            {"enterprise": "二厂"},
            {"enterprise": "三厂"},
            {"enterprise": "四厂", "source": "self_reported"},
            {"enterprise": "五厂", "level": "general"},
            {"enterprise": "六厂", "found_on": date(2023, 11, 1)},
        ),
    )
    store = put(
        "penalties",
        2023,
        [
            penalty(1, day + timedelta(days=90), party="一厂"),
            penalty(2, day + timedelta(days=90), party="一厂"),
            penalty(3, day + timedelta(days=91), party="二厂"),
            penalty(4, day + timedelta(days=5), party="四厂"),
            penalty(5, day - timedelta(days=5), party="三厂"),
        ],
    )
    view = view_of(store)
    cohort = brief.cohorts(view).set_index("enterprise")
    assert cohort["penalised"].to_dict() == {"一厂": True, "二厂": False, "三厂": False, "六厂": False}
    (found,) = brief.followed_up(view)
    assert "检查中发现重大隐患的4次" in found.text
    assert "已满90日的，90日内有行政处罚的占33.3%（1/3）；未满90日的不计入" in found.text
    assert [len(one.rows) for one in found.sources] == [5, 5], "hazards of inspections, decisions of the year"


def test_a_case_after_two_inspections_counts_once(put: Put) -> None:
    put("hazards", 2023, hazards({}, {"found_on": date(2023, 3, 20)}))
    cohort = brief.cohorts(view_of(put("penalties", 2023, [penalty(1, date(2023, 4, 1))])))
    assert cohort["penalised"].tolist() == [False, True]


def test_the_largest_overdue_backlog_comes_first_with_owner_and_date(put: Put) -> None:
    store = put("hazards", 2023, hazards({}, {}, {"department": "应急局"}))
    found = decisions.proposals(view_of(store, as_of=date(2023, 12, 5)))
    first = found[0].text
    assert first.startswith("建议研究：")
    assert "全县超期未整改重大隐患3条，其中城管局2条" in first
    assert "责任单位：城管局；时限：2024年1月4日前" in first


def test_no_decision_is_made_up(put: Put) -> None:
    closed = {**DONE, "verified_on": date(2023, 3, 25)}
    put("enterprises", 2023, [{**PLACE, "row": 2, "year": 2023, "sector": "gas", "regulated_enterprises": 9}])
    (found,) = decisions.proposals(view_of(put("hazards", 2023, hazards(closed))))
    assert "不足以支持提出决策建议" in found.text


def sectors_of(put: Put, found: dict[str, int], inspections: dict[str, int]) -> Store:
    """Sectors of 100 enterprises each, with so many hazards in distinct enterprises, all closed."""
    closed = {**DONE, "verified_on": date(2023, 3, 25), "level": "general", "department": "某局"}
    rows = [
        {**closed, "sector": sector, "enterprise": f"{sector}{number}"}
        for sector, count in found.items()
        for number in range(count)
    ]
    put("hazards", 2023, hazards(*rows))
    returns = [
        {**PLACE, "row": row, "month": 1, "sector": sector, "inspections": count}
        for row, (sector, count) in enumerate(inspections.items(), 2)
    ]
    put("enforcement", 2023, returns)
    listed = [
        {**PLACE, "row": row, "year": 2023, "sector": sector, "regulated_enterprises": 100}
        for row, sector in enumerate(inspections, 2)
    ]
    return put("enterprises", 2023, listed)


def test_inspections_are_shifted_only_to_a_high_yield_with_little_effort(put: Put) -> None:
    counts = {"gas": 60, "education": 60, "hazchem": 90}
    visits = {"gas": 200, "education": 200, "hazchem": 60}
    found = decisions.proposals(view_of(sectors_of(put, counts, visits)))
    (shift,) = [one for one in found if "安排到" in one.text]
    assert shift.strength is Strength.SUPPORTED
    assert vocabulary.name("sector", "hazchem") in shift.text
    assert "检查总量不变" in shift.text


def test_a_high_yield_of_what_is_inspected_most_moves_nothing(put: Put) -> None:
    counts = {"gas": 20, "education": 20, "hazchem": 99}
    visits = {"gas": 100, "education": 100, "hazchem": 200}
    found = decisions.proposals(view_of(sectors_of(put, counts, visits)))
    assert not [one for one in found if "安排到" in one.text]


def test_effort_over_a_number_of_enterprises_that_cannot_be_true_is_not_ranked(put: Put) -> None:
    """120 enterprises with hazards in a sector that lists 100: it has most inspections, and is left out."""
    counts = {"gas": 120, "education": 20, "hazchem": 20}
    visits = {"gas": 400, "education": 50, "hazchem": 300}
    found = brief.by_effort(view_of(sectors_of(put, counts, visits)))
    ranked, rest = found.text.split("；", 1)
    gas, hazchem = (vocabulary.name("sector", code) for code in ("gas", "hazchem"))
    assert hazchem in ranked
    assert gas not in ranked
    assert gas in rest
    assert "底数不可信" in rest


@pytest.mark.parametrize("as_of", [date(2023, 9, 29), date(2023, 7, 1)])
def test_plans_change_by_the_quarters_end(put: Put, as_of: date) -> None:
    assert decisions.by_plan(view_of(put("hazards", 2023, []), as_of=as_of)) == date(2023, 9, 30)


def test_at_the_quarters_last_day_the_next_one_is_meant(put: Put) -> None:
    assert decisions.by_plan(view_of(put("hazards", 2023, []), as_of=date(2023, 9, 30))) == date(2023, 12, 31)


@pytest.mark.parametrize("edition", ["internal", "leadership"])
@pytest.mark.parametrize("given", ["nothing", "document", "one_hazard", "one_sector", "returns"])
def test_whatever_is_missing_is_said(put: Put, tmp_path: Path, given: str, edition: str) -> None:
    """No exception and no NaN, whatever the county has."""
    store = Store(tmp_path)
    if given == "document":
        store = put("facts", 2023, [NO_ACCIDENT])
    if given == "one_hazard":
        store = put("hazards", 2023, hazards({"department": None}))
    if given == "one_sector":
        store = sectors_of(put, {"gas": 9}, {"gas": 20})
    if given == "returns":
        store = put("enforcement", 2023, [{**PLACE, "row": 2, "month": 1, "sector": "gas", "inspections": 4}])
    shown = shown_text(NOTEBOOK, a_book(store, baseline=(2022,)), edition)
    assert "现有数据不能说明" in shown
    assert "nan" not in shown.lower()
    assert "甲厂" not in shown


def test_the_page_draws_words_and_dots_only() -> None:
    """Leaders get no funnel, no survival curve and no control chart."""
    for module in (brief, decisions):
        source = inspect.getsource(module)
        assert not [
            name
            for name in ("funnel", "survival_steps", "control_chart", "split_log_quotient")
            if f"figures.{name}" in source
        ]
