"""Count regression: planted trends and steps come back, sparse series are refused, not fitted."""

import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.signal import lfilter

from analysis.stats.regression import (
    RHOS,
    UncertainScale,
    count_trend,
    dispersion_test,
    interrupted_series,
    season_terms,
    serial_errors,
)

MONTHS = np.arange(60)


def planted(seed: int, log_rate: np.ndarray, shape: float | None = None) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mean = np.exp(log_rate)
    return rng.poisson(mean if shape is None else rng.gamma(shape, mean / shape))


def test_planted_yearly_growth_is_recovered_through_season_and_exposure() -> None:
    exposure = 50 + 20 * (MONTHS % 5)
    rate = np.log(0.5) + np.log(1.3) * MONTHS / 12 + 0.4 * np.sin(2 * np.pi * MONTHS / 12)
    model = count_trend(planted(1, rate + np.log(exposure)), exposure)
    assert model.ratios["per_year"].low <= 1.3 <= model.ratios["per_year"].high  # type: ignore[operator]
    assert model.tests["per_year"].significant()
    assert model.season_test.significant()
    assert model.family == "poisson"


def test_counts_that_grow_with_their_exposure_have_no_trend() -> None:
    exposure = np.linspace(100, 300, 60)
    ratio = count_trend(planted(7, np.log(exposure / 5)), exposure).ratios["per_year"]
    assert ratio.low <= 1 <= ratio.high  # type: ignore[operator]
    assert ratio.value == pytest.approx(1, abs=0.08)


def test_coefficient_is_that_of_statsmodels_glm() -> None:
    y = planted(2, 3 + 0.1 * MONTHS / 12)
    design = sm.add_constant(np.column_stack([MONTHS / 12, *season_terms(60, 12).values()]))
    glm = sm.GLM(y, design, family=sm.families.Poisson()).fit()
    assert count_trend(y).ratios["per_year"].value == pytest.approx(np.exp(glm.params[1]))


def test_pooled_quarters_with_their_season_are_fitted_too() -> None:
    quarters = np.arange(24)
    counts = planted(6, 4 + np.log(0.8) * quarters / 4 + 0.5 * np.cos(np.pi * quarters))
    model = count_trend(counts, season=4)
    assert model.ratios["per_year"].low <= 0.8 <= model.ratios["per_year"].high  # type: ignore[operator]
    assert model.season_test.significant()


def test_overdispersed_counts_take_the_negative_binomial_and_wider_errors() -> None:
    wild = count_trend(planted(3, np.full(60, 3.0), shape=3))
    assert wild.family == "negative_binomial"
    assert wild.dispersion.significant()
    calm = count_trend(planted(3, np.full(60, 3.0)))
    width = [np.log(m.ratios["per_year"].high / m.ratios["per_year"].low) for m in (wild, calm)]  # type: ignore[operator]
    assert width[0] > 1.5 * width[1]


def test_dispersion_statistic_by_hand() -> None:
    test, alpha = dispersion_test(np.array([0.0, 4.0, 0.0, 4.0]), np.full(4, 2.0), 1)
    assert test.statistic == pytest.approx(4 * 2 / 3)
    assert alpha == pytest.approx((4 * (4 - 2)) * 4 / (4 * 16))


def test_planted_step_at_a_campaign_is_found_and_a_smooth_series_has_none() -> None:
    stepped = planted(4, 3 + np.where(MONTHS >= 30, np.log(1.8), 0))
    step = interrupted_series(stepped, 30).ratios["step"]
    assert step.excludes(1)
    assert step.low <= 1.8 <= step.high  # type: ignore[operator]
    assert not interrupted_series(planted(5, np.full(60, 3.0)), 30).ratios["step"].excludes(1)


@pytest.mark.parametrize("start", [0, 7, 57, 60])
def test_a_step_too_near_the_ends_is_not_judged(start: int) -> None:
    model = interrupted_series([20] * 60, start)
    assert model.ratios["step"].value is None
    assert model.warnings == ("few_points",)


@pytest.mark.parametrize(
    ("counts", "code"),
    [([5] * 11, "few_points"), ([0] * 36, "no_events"), ([0] * 35 + [4], "few_events"), ([], "few_points")],
)
def test_series_that_cannot_be_fitted_say_why(counts: list[int], code: str) -> None:
    model = count_trend(counts)
    assert model.ratios["per_year"].value is None
    assert model.warnings == (code,)


def test_all_events_in_one_month_give_no_runaway_ratio() -> None:
    ratio = count_trend([0] * 23 + [100]).ratios["per_year"]
    assert ratio.value is None
    assert "separated" in ratio.warnings


def test_a_constant_series_has_no_trend_and_a_real_interval() -> None:
    ratio = count_trend([5] * 24).ratios["per_year"]
    assert ratio.value == pytest.approx(1)
    assert ratio.low < 0.8  # type: ignore[operator]
    assert ratio.high > 1.2  # type: ignore[operator]


def test_months_without_exposure_are_left_out_and_named() -> None:
    exposure = np.full(36, 10.0)
    exposure[5] = 0
    model = count_trend([20] * 5 + [0] + [20] * 30, exposure)
    assert model.n == 35
    assert model.fitted[5] == 0
    assert "points_without_exposure" in model.warnings


def test_errors_of_a_mean_are_those_of_its_autocorrelation() -> None:
    """That of the mean of an AR(1) series has (1 + ρ)/(1 − ρ) times the variance of independent draws."""
    rng = np.random.default_rng(0)
    white = rng.normal(size=600)
    red = lfilter([1], [1, -0.5], white)
    for series, rho in ((red, 0.5), (white, 0.0)):
        chances, errors = serial_errors(np.ones((600, 1)), series - series.mean())
        assert chances @ RHOS == pytest.approx(rho, abs=0.08)
        expected = np.sqrt((1 + rho) / (1 - rho) * series.var() / 600)
        assert chances @ errors[:, 0] == pytest.approx(expected, rel=0.12)


def test_an_uncertain_scale_with_one_value_is_students_t() -> None:
    error = UncertainScale(np.array([2.0, 2.0]), np.array([0.3, 0.7]), 10)
    assert error.reach(0.025) == pytest.approx(2 * 2.228, abs=0.001)  # t table, 10 degrees of freedom
    mixed = UncertainScale(np.array([1.0, 4.0]), np.array([0.5, 0.5]), 10)
    assert mixed.beyond(mixed.reach(0.025)) == pytest.approx(0.025)


def test_a_quarters_months_of_several_years_have_no_more_season_than_they_show() -> None:
    """Three months a year: a second pair of harmonics would leave the design without full rank."""
    inspections = np.where(np.arange(72) % 12 < 3, 100, 0)
    hits = np.random.default_rng(4).poisson(0.3 * inspections)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = count_trend(hits, inspections)
    assert model.ratios["per_year"].low < 1 < model.ratios["per_year"].high  # type: ignore[operator]
