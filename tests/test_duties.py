"""Duties of a year: when they were due, which were missed, and who has not signed; counted by hand."""

from __future__ import annotations

from datetime import date

import pytest

from analysis import duties

FIRST, LAST = date(2023, 1, 1), date(2023, 12, 31)


def labels(per_year: int) -> list[str]:
    return [part.label for part in duties.intervals(2023, per_year)]


def test_a_year_is_parted_into_whole_months() -> None:
    assert labels(1) == ["1–12月"]
    assert labels(2) == ["1–6月", "7–12月"]
    assert labels(4) == ["1–3月", "4–6月", "7–9月", "10–12月"]
    assert labels(5) == ["1–2月", "3–4月", "5–7月", "8–9月", "10–12月"]
    assert labels(12) == labels(52) == [f"{month}月" for month in range(1, 13)]


def test_every_day_of_a_year_lies_in_one_part() -> None:
    for per_year in (1, 2, 3, 4, 5, 7, 12):
        parts = duties.intervals(2024, per_year)
        assert sum((part.end - part.start).days + 1 for part in parts) == 366


@pytest.mark.parametrize(
    ("as_of", "due", "missed"),
    [
        (date(2023, 6, 29), 1, []),
        (date(2023, 6, 30), 2, ["4–6月"]),
        (date(2023, 12, 30), 3, ["4–6月"]),
        (LAST, 4, ["4–6月", "10–12月"]),
    ],
)
def test_only_what_is_over_can_be_missed(as_of: date, due: int, missed: list[str]) -> None:
    held = [date(2023, 3, 31), date(2023, 7, 1)]
    found = duties.cadence(held, 4, FIRST, LAST, as_of)
    assert (len(found.due), [part.label for part in found.missed]) == (due, missed)


def test_the_longest_pause_counts_both_ends() -> None:
    """1 January to 31 March 89 days, to 1 July 92, to 31 December 183."""
    held = [date(2023, 3, 31), date(2023, 7, 1)]
    assert duties.cadence(held, 4, FIRST, LAST, LAST).longest_pause == 183
    assert duties.cadence(held, 4, FIRST, LAST, date(2023, 7, 2)).longest_pause == 92
    assert duties.cadence([], 4, FIRST, LAST, LAST).longest_pause == 364


def test_a_period_asks_only_for_its_own_parts() -> None:
    half = duties.cadence([date(2023, 2, 1)], 4, FIRST, date(2023, 6, 30), LAST)
    assert [part.label for part in half.missed] == ["4–6月"]
    assert duties.cadence([], 0, FIRST, LAST, LAST).due == ()


def test_a_signer_may_be_written_with_the_county() -> None:
    names = ["应急管理局", "公安局", "甲镇"]
    assert duties.without_letter(names, ["示例县应急管理局", "甲镇", ""]) == ("公安局",)
