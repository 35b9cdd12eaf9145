"""Days with their time, as offices write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from analysis.sources.days import read_moment

EXPECTED = datetime(2023, 5, 6, 14, 30)


@pytest.mark.parametrize(
    "cell",
    [
        "2023-05-06 14:30",
        "2023-5-6 14:30",
        "2023/5/6 14:30:00",
        "2023-05-06T14:30",
        "2023年5月6日14时30分",
        "2023年5月6日 14时30分",
        "2023年5月6日14:30",
        "2023年5月6日下午2时30分",
        "２０２３年５月６日１４时３０分",
        "2023.5.6 14:30",
        datetime(2023, 5, 6, 14, 30, 12),
        45052 + 14.5 / 24,
    ],
)
def test_one_moment_in_many_forms(cell: object) -> None:
    assert read_moment(cell) == EXPECTED


def test_hours_without_minutes_and_days_without_hours() -> None:
    assert read_moment("2023年5月6日14时") == datetime(2023, 5, 6, 14)
    assert read_moment("2023年5月6日") == datetime(2023, 5, 6)
    assert read_moment("20230506") == datetime(2023, 5, 6)


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("2023-02-30 10:00", "date_impossible"),
        ("2023-05-06 25:00", "date_impossible"),
        ("2023-05-06 10:75", "date_impossible"),
        ("5月6日14时", "date_incomplete"),
        ("昨天下午", "date_unreadable"),
        (True, "date_unreadable"),
        ("1899-05-06 10:00", "date_out_of_range"),
    ],
)
def test_what_is_no_moment_is_told(cell: object, problem: str) -> None:
    assert read_moment(cell) == problem
