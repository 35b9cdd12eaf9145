"""Mann–Kendall: exact where it can be, guarded where the libraries fail."""

import math
from itertools import permutations

import numpy as np
import pymannkendall
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.stats.trends import (
    kendall_score,
    mann_kendall,
    pooled_quarters,
    segments,
    yearly_trend_allowed,
)


def brute_force_p(values: list[int]) -> float:
    """Two-sided p by writing out every order, pair by pair."""

    def score(order: tuple[int, ...]) -> int:
        return sum((b > a) - (b < a) for i, a in enumerate(order) for b in order[i + 1 :])

    observed = abs(score(tuple(values)))
    orders = list(permutations(values))
    return sum(abs(score(order)) >= observed for order in orders) / len(orders)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 8), min_size=2, max_size=6))
def test_p_is_exact_for_short_series_with_and_without_ties(values: list[int]) -> None:
    assert mann_kendall(values).test.p_value == pytest.approx(brute_force_p(values))


def test_ten_perfect_years_have_the_p_of_two_orders_in_all() -> None:
    assert mann_kendall(range(10)).test.p_value == pytest.approx(2 / math.factorial(10))


def test_long_series_with_ties_agree_with_pymannkendall() -> None:
    values = np.random.default_rng(0).poisson(4, 40)
    theirs, ours = pymannkendall.original_test(values), mann_kendall(values)
    assert ours.test.p_value == pytest.approx(theirs.p)
    assert ours.test.statistic == theirs.s
    assert ours.slope.value == pytest.approx(theirs.slope)


def test_no_trend_can_be_claimed_below_five_points() -> None:
    for n in range(5):
        result = mann_kendall(list(range(n)))
        assert "few_points" in result.test.warnings
        assert not result.test.significant()
        assert result.slope.low is None


@given(st.lists(st.integers(-50, 50), min_size=5, max_size=15))
def test_turning_a_series_round_turns_its_trend(values: list[int]) -> None:
    there, back = mann_kendall(values), mann_kendall([-v for v in values])
    assert there.test.p_value == pytest.approx(back.test.p_value)
    assert there.slope.value == pytest.approx(-(back.slope.value or 0), abs=1e-12)
    assert there.slope.low <= there.slope.value <= there.slope.high  # type: ignore[operator]


def test_slope_uses_the_years_given_and_leaves_out_missing_ones() -> None:
    result = mann_kendall([1, np.nan, 5, 7, 9, 11], [2018, 2019, 2020, 2021, 2022, 2023])
    assert result.slope.value == pytest.approx(2)
    assert result.test.n == 5


def test_score_by_hand() -> None:
    assert kendall_score(np.array([1.0, 3.0, 2.0, 2.0])) == 1


def test_length_of_series_decides_what_may_be_asked() -> None:
    assert not yearly_trend_allowed(6, by_sector=True)
    assert yearly_trend_allowed(7, by_sector=True)
    assert yearly_trend_allowed(5, by_sector=False)


def test_quarters_add_up_and_leave_out_the_unfinished_one() -> None:
    assert pooled_quarters([1, 2, 3, 4, 5, 6, 7]).tolist() == [6, 15]


def test_a_changed_standard_starts_a_new_segment_in_its_own_year() -> None:
    assert segments([2021, 2022, 2023, 2024], [2023]).tolist() == [0, 0, 1, 1]
