"""Periods: what a command-line word names, and the days it covers."""

from datetime import date

import pytest

from analysis.messages import UsageError
from analysis.period import Period


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31)),
        ("2023-H1", date(2023, 1, 1), date(2023, 6, 30)),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31)),
        ("2023-Q2", date(2023, 4, 1), date(2023, 6, 30)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2023-10", date(2023, 10, 1), date(2023, 10, 31)),
    ],
)
def test_a_period_covers_its_calendar_days(word: str, first: date, last: date) -> None:
    (period,) = Period.parse(word)
    assert (period.start, period.end, str(period)) == (first, last, word)


def test_a_range_is_every_year_of_it() -> None:
    assert [str(period) for period in Period.parse("2019-2021")] == ["2019", "2020", "2021"]


@pytest.mark.parametrize(
    "word", ["", "23", "2023-13", "2023-Q5", "2023-H3", "2024-2019", "2023-6", "2023; ls", "２０２３"]
)
def test_anything_else_is_refused_as_bad_usage(word: str) -> None:
    with pytest.raises(UsageError) as refusal:
        Period.parse(word)
    assert refusal.value.exit_status == 2


def test_other_years_are_cut_on_the_same_day() -> None:
    """Year on year must compare the same stretch of both years, also from a leap day."""
    year = Period(2024)
    assert year.cutoff_in(2022, date(2024, 11, 30)) == date(2022, 11, 30)
    assert year.cutoff_in(2023, date(2024, 2, 29)) == date(2023, 2, 28)
    assert Period(2023).cutoff_in(2022, date(2024, 1, 15)) == date(2023, 1, 15)


@pytest.mark.parametrize(
    ("part", "title"),
    [
        ("", "2023年"),
        ("H2", "2023年下半年"),
        ("Q3", "2023年第三季度"),
        ("06", "2023年6月"),
        ("10", "2023年10月"),
    ],
)
def test_titles_read_as_offices_write_them(part: str, title: str) -> None:
    assert Period(2023, part).title_zh == title
