"""Report 8: gaps are named, nothing is said to be missing where nothing is, a document alone is enough."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from analysis.book import Book
from analysis.chapters import responsibility_stated
from analysis.chapters.responsibility import Responsibility, answer
from analysis.chapters.responsibility_support import Support, year_table
from analysis.chapters.responsibility_support import answer as support_answer
from analysis.report.findings import Strength
from analysis.store import Store
from tests.chapters.notebook_cells import PLACE, a_book, shown_text

LINE = {name: value for name, value in PLACE.items() if name != "part"}
TOWNS, OFFICES = ("甲镇", "乙镇"), ("应急管理局", "公安局")
EVERY = {
    "party_committee": (2, 8),
    "government_meeting": (2, 5, 8, 11),
    "committee_meeting": (1, 4, 7, 10),
    "site_inspection": (3, 6, 9, 12),
    "officer_training": (3,),
}
"""Months in which each duty is kept, as the settings require."""

Put = Callable[..., Store]


def activity(kind: str, month: int, **more: Any) -> dict[str, Any]:
    return {**LINE, "row": 2, "held_on": date(2023, month, 5), "kind": kind, **more}


def a_year(without: tuple[str, ...] = (), skip: tuple[str, int] = ("", 0)) -> list[dict[str, Any]]:
    """A year in which every duty is kept and everybody has signed, but for those named."""
    letters = [
        activity("responsibility_letter", 3, **{column: name})
        for column, names in (("township", TOWNS), ("department", OFFICES))
        for name in names
        if name not in without
    ]
    duties = [activity(k, month) for k, months in EVERY.items() for month in months if (k, month) != skip]
    return [*letters, *duties, activity("publicity", 6, title="咨询日", participants=900, days=3)]


def a_county(put: Put, activities: list[dict[str, Any]]) -> Book:
    put("activities", 2023, activities)
    put(
        "enforcement",
        2023,
        [
            {
                **LINE,
                "row": 1,
                "month": 3,
                "sector": s,
                "department": d,
                "inspections": 10,
                "guidance_visits": g,
            }
            for s, d, g in (("gas", OFFICES[0], 6), ("commerce", OFFICES[1], 2))
        ],
    )
    places = [("gas", TOWNS[0], 100), ("commerce", TOWNS[1], 50)]
    return a_book(
        put(
            "enterprises",
            2023,
            [
                {**LINE, "row": 1, "year": 2023, "sector": s, "township": t, "regulated_enterprises": e}
                for s, t, e in places
            ],
        )
    )


def said(book: Book) -> str:
    return " ".join(found.text for found in answer(Responsibility(book)))


def test_a_year_with_every_duty_kept_names_nobody(put: Put) -> None:
    text = said(a_county(put, a_year()))
    assert "到期的各期均有记录" in text
    assert "2个乡镇中2个有签订责任书的记录。" in text
    assert "2个部门中2个有签订责任书的记录。" in text
    assert "核实" not in text


def test_a_township_without_a_letter_and_a_skipped_quarter_are_named(put: Put) -> None:
    text = said(a_county(put, a_year(("乙镇",), ("government_meeting", 5))))
    assert "没有记录的是乙镇" in text
    assert "政府会议应开展的4期中，4–6月没有记录，最长间隔181天" in text, "5 February to 5 August"


def test_letters_of_townships_alone_say_nothing_of_departments(put: Put) -> None:
    """No department signed in any row: the office may keep those letters elsewhere."""
    text = said(a_county(put, a_year(OFFICES)))
    assert "不能说明部门签订责任书的覆盖面" in text


def test_guidance_per_enterprise_and_the_reach_of_publicity(put: Put) -> None:
    """8 visits to 150 enterprises: 5.33 per 100, exact limits 2.30 to 10.51 (Garwood: 3.454 to 15.763)."""
    support = Support(a_county(put, a_year()))
    row = year_table(support).frame.iloc[0]
    shown = [round(row[n], 2) for n in ("per_enterprise", "per_enterprise_low", "per_enterprise_high")]
    assert shown == [5.33, 2.30, 10.51]
    text = " ".join(found.text for found in support_answer(support))
    assert "记录宣传活动1次，共3天，参加900人次，发放资料0份，平均每天300人次" in text
    assert "本年指导帮扶8次，每百家监管企业5.3次（95%区间2.3–10.5）" in text


def test_relations_are_descriptions(put: Put) -> None:
    for found in support_answer(Support(a_county(put, a_year()))):
        assert found.strength is not Strength.SUPPORTED


@pytest.mark.parametrize("edition", ["internal", "leadership"])
def test_a_year_with_a_document_alone_shows_its_figures(put: Put, edition: str) -> None:
    fact = {"document": "2023/总结.txt", "line": 1, "start": 0, "end": 9, "sector": "all", "measure": "level"}
    days = {"period_start": date(2023, 1, 1), "period_end": date(2023, 12, 31)}
    more = {**fact, **days, "qualifier": "exact", "quote": "先后14次研究"}
    store = put(
        "facts",
        2023,
        [
            {**more, "indicator": "meetings_held", "value": 14, "unit": "次"},
            {**more, "indicator": "display_boards", "value": 80, "unit": "块"},
            {**more, "indicator": "hazards_found", "value": 135, "unit": "条"},
        ],
    )
    text = shown_text("8_responsibility", a_book(store), edition)
    assert "不能说明会议、检查和责任书是否按要求落实" in text
    assert "14" in text
    assert "展板" in text
    assert "135" not in text
    assert ("先后14次研究" in text) == (edition == "internal")


def test_the_published_summary_stands_in_the_report(put: Put, shared: Any) -> None:
    """Meeting and publicity figures of the gold summary, counted in it by hand."""
    from analysis import stated

    rows, _ = stated.read_document(shared / "gold" / "summary-2023.txt", "2023/总结.txt", 2023)
    book = a_book(put("facts", 2023, rows))
    (table,) = responsibility_stated.figures(book)
    shown = set(zip(table.frame["indicator"], table.frame["stated"], strict=True))
    assert shown >= {
        ("meetings_held", 14),
        ("inspection_groups", 5),
        ("consultation_desks", 20),
        ("display_boards", 80),
        ("banners", 20),
        ("materials_distributed", 15_000),
        ("people_consulted", 1500),
        ("people_educated", 3000),
    }
