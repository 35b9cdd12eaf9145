"""A document against ledger and returns: what is surely the same is compared, what may be else is not.

Texts and counts are made by hand; the expected verdicts follow from what the words say.
"""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from analysis.chapters.contradictions import contradiction_table
from analysis.reconcile import Contradiction, Records, check_against, check_returns
from analysis.sources import summaries

YEAR = 2023
DUST, MAJOR = "industry_dust_2022", "major_hazard_2023"
Row = tuple[str, str, str, int, float]
"""Indicator, sector, campaign, month, value."""

LEDGER: tuple[Row, ...] = (
    ("hazards_found", "gas", "", 2, 60),
    ("hazards_found", "industry_trade", "", 3, 100),
    ("hazards_found", "industry_trade", MAJOR, 6, 40),
    ("hazards_department_found", "gas", "", 2, 50),
    ("hazards_department_found", "industry_trade", "", 3, 90),
    ("hazards_department_found", "industry_trade", MAJOR, 6, 40),
    ("hazards_rectified", "gas", "", 2, 55),
    ("hazards_rectified", "industry_trade", "", 3, 95),
    ("hazards_rectified", "industry_trade", MAJOR, 6, 30),
    ("major_hazards_found", "industry_trade", MAJOR, 6, 40),
    ("major_hazards_found", "gas", "", 2, 10),
    ("fines", "gas", "", 2, 51200),
)
RETURNS: tuple[Row, ...] = (
    ("inspections", "gas", "", 2, 80),
    ("inspections", "gas", "", 12, 20),
    ("notices_issued", "industry_trade", "", 3, 12),
)


def frame(ledger: tuple[Row, ...] = LEDGER, returns: tuple[Row, ...] = RETURNS) -> pd.DataFrame:
    """Rows of table ``indicators``."""
    rows = [("ledger", *row) for row in ledger] + [("return", *row) for row in returns]
    table = pd.DataFrame(rows, columns=["source", "indicator", "sector", "campaign", "month", "value"])
    places = {"ledger": "2023/台账.xlsx#一季度:3-12 (10)", "return": "2023/月报.xls#02:5-5 (1)"}
    return table.assign(year=YEAR, department="应急局", evidence=table["source"].map(places))


def at(day: date) -> pd.DataFrame:
    """What was there on a day: the returns of months that were over."""
    rows = frame()
    over = day.month if day.day == calendar.monthrange(day.year, day.month)[1] else day.month - 1
    return rows[(rows["source"] == "ledger") | (rows["month"] <= over)]


def check(text: str, as_of: date = date(YEAR, 12, 31)) -> list[Contradiction]:
    return check_against(summaries.extract(text, name="2023/总结.txt", year=YEAR).facts, Records(at, as_of))


@pytest.mark.parametrize(
    "text",
    [
        "全县共排查隐患200条，已整改180条。",
        "燃气领域全年排查隐患60条，整改55条。",
        "重大事故隐患专项排查整治2023行动共排查隐患40条。",
        "全县共检查100次。",
        "全年罚款5.12万元。",
    ],
)
def test_what_the_ledger_or_the_returns_also_say_is_no_contradiction(text: str) -> None:
    assert check(text) == []


@pytest.mark.parametrize(
    ("text", "difference"),
    [
        ("全县共排查隐患212条。", 12),
        ("全年排查隐患200条，已整改176条。", -4),
        ("燃气领域全年排查隐患57条。", -3),
        ("重大事故隐患专项排查整治2023行动共排查重大事故隐患43条。", 3),
        ("全县共检查108次。", 8),
        ("全年罚款5.21万元。", 900),
    ],
)
def test_a_figure_whose_scope_is_said_must_be_that_of_ledger_or_returns(text: str, difference: int) -> None:
    (found,) = check(text)
    assert not found.warning
    assert found.difference == Decimal(difference)


def test_a_count_is_apart_by_whole_ones_in_the_report() -> None:
    (found,) = check("全县共排查隐患1212条。")
    assert list(contradiction_table([found]).frame["difference"]) == ["1,012"]


def test_both_places_and_the_difference_are_named() -> None:
    (found,) = check("概况\n全县共排查隐患212条。")
    words = found.message.text("zh")
    assert all(word in words for word in ("2023/总结.txt", "第2行", "全县共排查隐患212条", "200", "12"))
    assert "2023/台账.xlsx 一季度 第3–12行" in words


def test_all_of_a_county_under_a_campaigns_heading_may_be_either() -> None:
    assert check("重大事故隐患专项排查整治2023行动：全县共排查隐患200条。") == []
    assert check("重大事故隐患专项排查整治2023行动：全县共排查隐患40条。") == []
    (found,) = check("重大事故隐患专项排查整治2023行动：全县共排查隐患77条。")
    assert not found.warning


def test_a_campaigns_figure_given_as_the_countys_is_to_be_looked_at() -> None:
    """40 major hazards were the campaign's; the county has 50."""
    text = (
        "重大事故隐患专项排查整治2023行动共排查重大事故隐患40条。\n存在问题\n全县重大事故隐患40条，分布不均。"
    )
    (found,) = check(text)
    assert found.warning
    assert found.code == "repeats_ledger"
    assert "50" in found.message.text("zh")


def test_sectors_without_a_scope_are_one_warning() -> None:
    """燃气方面，排查隐患20条 may be of one round of checks: not wrong, and not twenty warnings."""
    text = "燃气方面，排查隐患20条，整改18条。\n工贸方面，排查隐患30条，均已整改。"
    (found,) = check(text)
    assert found.warning
    assert len(found.members) == 4


def test_more_than_all_there_is_is_wrong_whatever_it_is_of() -> None:
    (found,) = check("燃气方面，排查隐患75条。")
    assert not found.warning


def test_near_the_sectors_figure_it_is_taken_to_mean_it() -> None:
    (found,) = check("燃气方面，排查隐患56条。")
    assert found.warning
    assert not found.members


def test_an_unnamed_drive_is_not_the_county() -> None:
    assert check("春节期间全县开展大检查，共排查隐患31条。") == []


def test_rounded_figures_agree_with_what_they_round() -> None:
    assert check("全县共排查隐患近210条。") == []
    (found,) = check("全县共排查隐患240余条。")
    assert found.warning


def test_what_inspections_found_may_leave_self_reports_out() -> None:
    """140 of 150 were found by departments."""
    assert check("全县共检查100次，发现隐患180条。") == []
    (found,) = check("全县共排查隐患180条。")
    assert not found.warning


def test_a_month_that_is_not_over_may_or_may_not_be_counted() -> None:
    """On 5 December the return of December is still to come: 80 inspections, or up to 100."""
    day = date(YEAR, 12, 5)
    assert check("全县共检查80次。", day) == []
    assert check("全县共检查93次。", day) == []
    assert [one.difference for one in check("全县共检查79次。", day)] == [Decimal(-1)]


def test_a_figure_of_some_days_is_not_compared_with_whole_months() -> None:
    assert check("3月5日至3月20日，全县共排查隐患7条。") == []


def test_nothing_counted_is_compared_where_there_is_a_ledger() -> None:
    """No hazard of the ledger was reported by an enterprise itself: no row is as good as a zero."""
    (found,) = check("全县共排查隐患200条，其中企业自查上报3条。")
    assert found.difference == 3


def test_returns_and_ledger_are_compared_month_by_month() -> None:
    ledger = (
        ("hazards_department_found", "gas", "", 2, 50.0),
        ("hazards_department_found", "gas", "", 3, 4.0),
    )
    returns = (("hazards_found", "gas", "", 2, 50.0), ("hazards_found", "gas", "", 3, 13.0))
    (found,) = check_returns(frame(ledger, returns))
    assert (found.months, found.difference) == ((3,), 9)
    assert "台账.xlsx" in found.message.text("zh")
    assert "月报.xls" in found.message.text("zh")


def test_returns_that_agree_and_months_without_one_are_no_mismatch() -> None:
    ledger = (
        ("hazards_department_found", "gas", "", 2, 50.0),
        ("hazards_department_found", "gas", "", 3, 4.0),
    )
    assert check_returns(frame(ledger, (("hazards_found", "gas", "", 2, 50.0),))) == []


def test_a_penalty_list_names_departments_with_their_county() -> None:
    both = frame((("penalties_issued", "gas", "", 2, 3.0),), (("penalties_issued", "gas", "", 2, 4.0),))
    both["department"] = ["甲县应急局", "应急局"]
    assert [one.difference for one in check_returns(both, "甲县")] == [1]
