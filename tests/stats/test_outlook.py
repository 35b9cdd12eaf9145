"""Outlooks: interval, score on the year held out, and what is too short to look ahead."""

import numpy as np
import pytest

from analysis.stats.outlook import backlog_outlook, rate_outlook


def test_rate_is_pooled_over_three_years_and_scored_blind() -> None:
    outlook = rate_outlook([50, 20, 22, 24, 18], [100] * 5, 100)
    assert outlook.prediction.value == pytest.approx((22 + 24 + 18) / 300)
    assert outlook.score is not None
    assert outlook.score.predicted.value == pytest.approx((20 + 22 + 24) / 300)
    assert outlook.score.actual == pytest.approx(0.18)
    assert outlook.score.naive_error == pytest.approx(0.06)


def test_years_that_vary_widen_the_interval_beyond_poisson() -> None:
    calm, wild = rate_outlook([100, 101, 99], [1] * 3, 1), rate_outlook([60, 140, 100], [1] * 3, 1)
    assert wild.prediction.low < calm.prediction.low < 100 < calm.prediction.high  # type: ignore[operator]
    assert calm.prediction.low < 100 - 1.96 * (100 * 4 / 3) ** 0.5 + 2  # type: ignore[operator]
    assert calm.prediction.high < wild.prediction.high  # type: ignore[operator]


def test_a_collapse_in_the_last_year_falls_outside_and_is_scored_so() -> None:
    score = rate_outlook([100, 102, 98, 20], [1] * 4, 1).score
    assert score is not None
    assert not score.inside


@pytest.mark.parametrize("years", [0, 1])
def test_one_year_gives_no_outlook(years: int) -> None:
    outlook = rate_outlook([5] * years, [10] * years, 10)
    assert outlook.prediction.value is None
    assert outlook.prediction.warnings == ("few_years",)
    assert outlook.score is None


def test_all_zero_has_a_zero_rate_and_an_upper_limit() -> None:
    prediction = rate_outlook([0, 0, 0], [10] * 3, 10).prediction
    assert prediction.value == 0
    assert prediction.high > 0  # type: ignore[operator]


def test_backlog_grows_by_what_is_left_open_each_month() -> None:
    outlook = backlog_outlook([10] * 24, [8] * 24, 50)
    assert outlook.prediction.value == pytest.approx(74)
    assert outlook.score is not None
    assert (outlook.score.predicted.value, outlook.score.actual) == pytest.approx((50, 50))
    assert outlook.score.naive_error == pytest.approx(24)


def test_backlog_never_falls_below_nothing() -> None:
    rng = np.random.default_rng(0)
    prediction = backlog_outlook(rng.poisson(5, 24), rng.poisson(9, 24), 10).prediction
    assert prediction.low == 0
    assert prediction.value >= 0  # type: ignore[operator]


def test_backlog_of_less_than_a_year_has_no_outlook() -> None:
    outlook = backlog_outlook([5] * 11, [4] * 11, 3)
    assert outlook.prediction.warnings == ("few_points",)
    assert backlog_outlook([5] * 12, [4] * 12, 3).score is None
