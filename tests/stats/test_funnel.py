"""Funnel: outliers are found, chance and the usual spread are not called outliers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.stats.funnel import exact_limits, funnel, spread_limits, winsorised


def test_one_far_unit_among_ordinary_ones_is_the_only_outlier() -> None:
    result = funnel([102, 95, 99, 108, 97, 101, 98, 180], [100] * 8)
    assert result.verdict[-1] == "high"
    assert not {"high", "low"} & set(result.verdict[:-1])


def test_units_that_all_vary_widely_get_wider_limits_instead_of_many_outliers() -> None:
    observed = [130, 70, 140, 60, 125, 75, 135, 65, 128, 72]
    result = funnel(observed, [100] * 10)
    assert result.tau2 > 0
    assert set(result.verdict) == {"within"}
    assert (np.abs(result.adjusted_z) < np.abs(result.z)).all()


def test_tau2_by_hand_with_equal_weights() -> None:
    """Equal E = 100, sqrt form: τ² = (Σz² − (n − 1)) / ((n − 1)·4E)."""
    observed = np.array([130, 70, 140, 60, 125, 75])
    result = funnel(observed, [100] * 6, winsorise=0)
    z = 2 * (np.sqrt(observed) - 10)
    assert result.tau2 == pytest.approx((np.sum(z**2) - 5) / (5 * 400))


def test_holds_at_zero_and_says_when_it_changes_form() -> None:
    result = funnel([0, 10, 12, 9, 8], [9, 9, 9, 9, 9], form="log")
    assert result.form == "sqrt"
    assert result.z[0] == pytest.approx(-6)
    assert "zero_count_sqrt_form" in result.warnings


def test_small_expected_counts_are_not_outliers_by_a_normal_approximation_alone() -> None:
    """Two of nine expected: z = −3.2, but the exact chance of so few is 0.6 %, not 0.1 %."""
    result = funnel([2, 9, 9, 10, 8, 9], [9] * 6)
    assert result.z[0] < -3.09
    assert result.verdict[0] == "alert_low"


@given(st.lists(st.integers(1, 300), min_size=1, max_size=12))
def test_wider_level_gives_wider_limits_about_one(expected: list[int]) -> None:
    for limits in (exact_limits, lambda e, level: spread_limits(e, 0.01, "sqrt", level=level)):
        low, high = limits(expected, level=0.95)
        lower, higher = limits(expected, level=0.998)
        assert (lower <= low).all()
        assert (low <= 1).all()
        assert (high >= 1).all()
        assert (high <= higher).all()


def test_winsorising_pulls_in_the_ends_only() -> None:
    z = np.arange(11.0)
    assert winsorised(z, 0.1).tolist() == [1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]


def test_units_without_expected_events_are_left_out_and_few_units_have_no_spread() -> None:
    result = funnel([3, 0], [5, 0])
    assert result.verdict == ("within", "none")
    assert {"no_expected", "few_units"} <= set(result.warnings)
    assert funnel([], []).phi is None
