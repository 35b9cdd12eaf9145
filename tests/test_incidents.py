"""Grades and delays of incidents at their boundaries, as State Council order no. 493 draws them."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import incidents

ORDER = ["ordinary", "larger", "major", "especially_major"]


@pytest.mark.parametrize(
    ("deaths", "injuries", "loss", "expected"),
    [
        (0, 0, 0, "ordinary"),
        (2, 9, 9_999_999.99, "ordinary"),
        (3, 0, 0, "larger"),
        (0, 10, 0, "larger"),
        (0, 0, 10_000_000, "larger"),
        (9, 49, 49_999_999.99, "larger"),
        (10, 0, 0, "major"),
        (0, 50, 0, "major"),
        (0, 0, 50_000_000, "major"),
        (29, 99, 99_999_999.99, "major"),
        (30, 0, 0, "especially_major"),
        (0, 100, 0, "especially_major"),
        (0, 0, 100_000_000, "especially_major"),
        (2, 0, 10_000_000, "larger"),
    ],
)
def test_grades_at_their_boundaries(deaths: int, injuries: int, loss: float, expected: str) -> None:
    """Article 3; 以上 includes the number, 以下 does not (article 44)."""
    assert incidents.grade(deaths, injuries, Decimal(str(loss))) == expected


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200_000_000))
def test_more_harm_never_lowers_the_grade(deaths: int, injuries: int, loss: int) -> None:
    here = ORDER.index(incidents.grade(deaths, injuries, loss))
    for more in ((deaths + 1, injuries, loss), (deaths, injuries + 1, loss), (deaths, injuries, loss + 1)):
        assert ORDER.index(incidents.grade(*more)) >= here


@pytest.mark.parametrize(
    ("occurred", "reported", "expected"),
    [
        ("2023-05-06 10:00", "2023-05-06 10:59", False),
        ("2023-05-06 10:00", "2023-05-06 11:00", False),
        ("2023-05-06 10:00", "2023-05-06 11:01", True),
        ("2023-05-06 23:30", "2023-05-07 00:29", False),
        ("2023-05-06 10:00", None, False),
        ("2023-05-06", "2023-05-08", False),
    ],
)
def test_the_hour_of_the_report(occurred: str, reported: str | None, expected: bool) -> None:
    """Article 9: within one hour; days without a time of day cannot be judged."""
    rows = pd.DataFrame(
        {"occurred_at": pd.to_datetime([occurred]), "reported_at": pd.to_datetime([reported])}
    )
    assert incidents.late(rows).tolist() == [expected]


def test_what_is_missing_counts_as_none() -> None:
    rows = pd.DataFrame(
        {"deaths": [1, 3], "serious_injuries": [None, None], "direct_loss": [None, Decimal(5)]}
    )
    assert incidents.graded(rows).tolist() == ["ordinary", "larger"]
