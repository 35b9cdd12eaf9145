"""Report 3: counted by hand on a few rows, and plain statements where there is nothing to count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from analysis.chapters import backlog, open_hazards, rectification, rectification_pace
from analysis.chapters.rectification import Rectification
from analysis.report.edition import Edition
from analysis.report.findings import Strength
from analysis.report.tables import mask
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text

Put = Callable[..., Store]
HAZARD = {
    **PLACE,
    "township": "甲",
    "enterprise": "甲厂",
    "sector": "gas",
    "level": "general",
    "source": "department",
    "department": "城管局",
    "status": "open",
    "description": "软管老化",
    "found_on": date(2023, 3, 1),
    "due_on": date(2023, 3, 31),
}
IN_TIME = {"status": "verified", "rectified_on": date(2023, 3, 21), "verified_on": date(2023, 3, 31)}
LATE = {"status": "rectified", "rectified_on": date(2023, 4, 30)}
EXTENDED = {**LATE, "extended_on": date(2023, 3, 25), "extended_due_on": date(2023, 5, 31)}
UNDATED = {"status": "rectified"}
OPEN = {"due_on": date(2023, 11, 21)}
MAJOR = {"level": "major", "enterprise": "乙厂", "due_on": date(2023, 9, 22)}


def hazards(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    return [{**HAZARD, "hazard_id": f"H{row}", "row": row, **change} for row, change in enumerate(changes, 2)]


def view_of(put: Put, *changes: dict[str, Any]) -> Rectification:
    return Rectification(a_book(put("hazards", 2023, hazards(*changes))))


@pytest.fixture
def mixed(put: Put) -> Rectification:
    return view_of(put, IN_TIME, LATE, EXTENDED, UNDATED, OPEN, MAJOR)


def values(view: Rectification) -> dict[str, float]:
    return {headline.key: headline.value for headline in rectification.headlines(view)}


def test_both_rates_and_the_on_time_rate_by_hand(mixed: Rectification) -> None:
    """4 of 6 rectified (one undated), 1 verified; due and dated: 5, of which in time with the extension 2."""
    assert values(mixed) == pytest.approx(
        {
            "hazards_found": 6,
            "hazards_pending": 2,
            "hazards_overdue": 2,
            "rectification_rate": 4 / 6,
            "closure_rate": 1 / 6,
            "on_time_rate": 2 / 5,
        }
    )


def test_the_original_deadline_knows_no_extension(mixed: Rectification) -> None:
    """Against the original deadline only the first row was in time: 1 of the same 5."""
    assert rectification.on_time(mixed.events, original=True).estimate.value == pytest.approx(1 / 5)


def test_an_undated_rectification_counts_in_the_rate_and_in_no_time(mixed: Rectification) -> None:
    assert rectification.curve(mixed.events).n == 5
    assert any("1条没有整改日期" in finding.text for finding in rectification.answer(mixed))
    row = rectification_pace.group_table(mixed, "department").frame.iloc[0]
    assert (row["undated"], row["rectified"]) == (1, pytest.approx(4 / 6))


def test_time_is_censored_at_the_cutoff(put: Put) -> None:
    """Looked at on 30 March, what was rectified in April is open, 29 days old."""
    store = put("hazards", 2023, hazards(IN_TIME, LATE))
    view = Rectification(a_book(store, as_of=date(2023, 3, 30)))
    found = rectification.curve(view.events)
    assert (found.events, found.last_day) == (1, 29)


def test_overdue_is_counted_by_age_from_the_deadline_in_force(mixed: Rectification) -> None:
    """40 days past 21 November and 100 days past 22 September at the year's end."""
    assert open_hazards.overdue_days(mixed).tolist() == [100, 40]
    row = open_hazards.age_table(mixed).frame.iloc[0]
    assert [row[f"{band}天"] for band in ("1–30", "31–90", "91–180")] == [0, 1, 1]


def test_leadership_sees_names_of_overdue_major_hazards_only_and_the_public_none(
    mixed: Rectification,
) -> None:
    table = open_hazards.overdue_list(mixed)
    assert mask(table, Edition.LEADERSHIP).frame["enterprise"].tolist() == ["乙厂", "（不列名企业）"]
    assert mask(table, Edition.PUBLIC).withheld
    for edition in ("leadership", "public"):
        assert "软管老化" not in shown_text("3_rectification", mixed.book, edition)
    assert "乙厂" not in shown_text("3_rectification", mixed.book, "public")


def test_a_listed_hazard_is_in_the_list_before_it_is_overdue(put: Put) -> None:
    listed = {"level": "major", "due_on": date(2024, 2, 1), "listed_on": date(2023, 6, 1)}
    taken_off = {**listed, "delisted_on": date(2023, 12, 1)}
    table = open_hazards.overdue_list(view_of(put, listed, taken_off))
    assert table.frame["hazard_id"].tolist() == ["H2"]


def many(department: str, days: float, count: int, rng: np.random.Generator) -> list[dict[str, Any]]:
    """Hazards of as many enterprises, rectified after exponential days."""
    rows = []
    for number in range(count):
        found = date(2023, 1, 1) + timedelta(int(rng.integers(240)))
        done = found + timedelta(int(rng.exponential(days)))
        rows.append(
            {
                "department": department,
                "enterprise": f"{department}{number}",
                "found_on": found,
                "due_on": found + timedelta(15),
                "status": "rectified",
                "rectified_on": done,
            }
        )
    return rows


def slow_departments(view: Rectification) -> list[str]:
    return [f.text[:3] for f in rectification.slow(view) if f.strength is Strength.SUPPORTED]


def test_a_department_four_times_slower_is_named_and_no_other(put: Put) -> None:
    rng = np.random.default_rng(7)
    rows = [row for name in ("甲部门", "乙部门", "丙部门") for row in many(name, 10, 80, rng)]
    view = view_of(put, *rows, *many("慢部门", 40, 80, rng))
    assert slow_departments(view) == ["慢部门"]


def test_departments_of_the_same_pace_are_not_told_apart(put: Put) -> None:
    rng = np.random.default_rng(8)
    view = view_of(put, *(row for name in ("甲部门", "乙部门", "丙部门") for row in many(name, 10, 60, rng)))
    assert slow_departments(view) == []
    assert "不等于各部门快慢相同" in next(iter(rectification.slow(view))).text


def test_many_hazards_of_one_enterprise_do_not_make_a_department_slow(put: Put) -> None:
    """One enterprise that rectifies its sixty hazards late, all on one day, is one observation."""
    rng = np.random.default_rng(9)
    late = {**many("慢部门", 10, 1, rng)[0], "rectified_on": date(2023, 12, 20)}
    rows = [row for name in ("甲部门", "乙部门") for row in many(name, 10, 60, rng)]
    assert slow_departments(view_of(put, *rows, *([late] * 60))) == []


def test_a_department_is_not_fast_or_slow_by_what_is_put_right_on_the_spot(put: Put) -> None:
    """Half of the others' hazards need no time; those that do take as long as the one department's."""
    rng = np.random.default_rng(10)
    rows = [row for name in ("甲部门", "乙部门", "慢部门") for row in many(name, 10, 60, rng)]
    at_once = [
        {**row, "enterprise": f"当场{number}", "due_on": row["found_on"], "rectified_on": row["found_on"]}
        for number, row in enumerate(rows[:120])
    ]
    assert slow_departments(view_of(put, *rows, *at_once)) == []


EDGES: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "nothing rectified": [{}, {"sector": "fire"}],
    "all on the day": [
        {"status": "verified", "rectified_on": date(2023, 3, 1), "verified_on": date(2023, 3, 1)}
    ]
    * 8,
    "one row": [IN_TIME],
    "no deadline": [{"due_on": None}, {**IN_TIME, "due_on": None}],
    "no department": [{**IN_TIME, "department": None}, {"department": None}],
    "undated only": [UNDATED] * 3,
    "verified without a day": [{"status": "verified"}, {**LATE, "status": "verified"}],
    "one enterprise": [IN_TIME, LATE, OPEN] * 5,
}


@pytest.mark.parametrize("edition", ["internal", "leadership", "public"])
@pytest.mark.parametrize("edge", EDGES)
def test_edges_give_an_answer_or_a_plain_statement(put: Put, edge: str, edition: str) -> None:
    """No exception and no NaN in a report, whatever the ledger lacks."""
    store = put("hazards", 2023, hazards(*EDGES[edge]))
    text = shown_text("3_rectification", a_book(store), edition)
    assert text
    assert not {"nan", "NaN", "NaT", "None"} & set(text.replace("（", " ").split())


def test_a_year_without_a_ledger_says_what_it_needs(put: Put) -> None:
    store = put("enforcement", 2023, [])
    text = shown_text("3_rectification", a_book(store), "internal")
    assert "需要逐条记录发现、到期和整改日期的隐患台账" in text


def test_last_year_is_compared_at_the_same_day(put: Put) -> None:
    """What was rectified after 30 June of last year is open in last year's column on 30 June."""
    last = {"found_on": date(2022, 3, 1), "due_on": date(2022, 4, 1), "status": "rectified"}
    put(
        "hazards",
        2022,
        hazards({**last, "rectified_on": date(2022, 8, 1)}, {**last, "rectified_on": date(2022, 5, 1)}),
    )
    store = put("hazards", 2023, hazards(IN_TIME))
    view = Rectification(a_book(store, as_of=date(2023, 6, 30), baseline=(2022,)))
    rates = {h.key: (h.value, h.last) for h in rectification.headlines(view)}
    assert rates["rectification_rate"] == (1.0, 0.5)


def test_expected_clearance_follows_the_years_own_pace(put: Put) -> None:
    """Four done after 10, 20, 30 and 40 days, one open for 15.

    By hand: S(15) = 4/5; three are at risk on day 20, two on day 30, so S(20) = 8/15 and S(30) = 4/15. Of
    what is open for 15 days, 2/3 is open 5 days on and 1/3 is 15 days on: half is done by then.
    """
    as_of = date(2023, 12, 31)
    done = [
        {"enterprise": f"e{days}", "status": "rectified", "rectified_on": date(2023, 3, 1) + timedelta(days)}
        for days in (10, 20, 30, 40)
    ]
    waiting = {"found_on": as_of - timedelta(15), "due_on": as_of}
    view = view_of(put, *done, waiting)
    row = open_hazards.clearance_table(view).frame.iloc[0]
    assert row["open"] == 1
    assert row["half"] == "2024年1月15日"
    assert row["open_30"] == pytest.approx(0.0)


def test_what_is_open_is_projected_by_group_and_only_there(put: Put) -> None:
    view = view_of(put, IN_TIME, {**OPEN, "source": "self_reported", "department": "应急局"})
    *_, table = open_hazards.tables(view)
    assert table.frame["group"].tolist() == ["企业自查", "应急局", "城镇燃气"]  # type: ignore[union-attr]
    assert table.frame["open"].tolist() == [1, 1, 1]  # type: ignore[union-attr]


def test_the_backlog_adds_up_over_the_years_by_hand(put: Put) -> None:
    """2022: three found, one done; 2023: one found and done, one of 2022's done; the undated left out."""
    last = {"found_on": date(2022, 3, 1)}
    put(
        "hazards",
        2022,
        hazards(
            {**IN_TIME, **last, "rectified_on": date(2022, 4, 1)},
            {**LATE, **last},
            last,
            {**UNDATED, **last},
        ),
    )
    view = backlog.Backlog(a_book(put("hazards", 2023, hazards(IN_TIME)), baseline=(2022,)))
    frame = backlog.year_table(view).frame
    assert frame[["found", "closed", "open"]].to_numpy().tolist() == [[3, 1, 2], [1, 2, 1]]
    assert view.undated == 1


def test_a_gap_in_the_years_ends_the_backlog(put: Put) -> None:
    put("hazards", 2020, hazards({"found_on": date(2020, 3, 1)}))
    view = backlog.Backlog(a_book(put("hazards", 2023, hazards(IN_TIME)), baseline=(2020,)))
    assert view.years == [2023]


def test_frames_are_not_shared_between_calls(mixed: Rectification) -> None:
    """The book's hazards stay as they were read: no column is added to them."""
    before = list(mixed.book.hazards.columns)
    rectification_pace.group_table(mixed, "sector")
    open_hazards.overdue_list(mixed)
    assert list(mixed.book.hazards.columns) == before
