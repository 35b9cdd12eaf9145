"""Campaigns: no effect is claimed from the worst getting better by themselves."""

import numpy as np
import pytest

from analysis.stats.interventions import (
    before_after,
    change_points,
    regression_to_mean,
    share_dispersion,
    stratified_rate_ratio,
)
from analysis.stats.rates import rate_ratio


def test_planted_change_of_level_is_found_where_it_is() -> None:
    rng = np.random.default_rng(1)
    counts = np.concatenate([rng.poisson(10, 20), rng.poisson(25, 20)])
    result = change_points(counts)
    assert len(result.starts) == 1
    assert abs(result.starts[0] - 20) <= 1
    assert result.levels[0] < result.levels[1]


def test_level_series_have_no_change_point() -> None:
    found = [len(change_points(np.random.default_rng(i).poisson(12, 48)).starts) for i in range(60)]
    assert sum(n > 0 for n in found) <= 6


def test_short_or_empty_series_are_not_searched() -> None:
    assert change_points([5] * 11).warnings == ("few_points",)
    assert change_points([0] * 40).warnings == ("no_events",)


def test_the_worst_units_are_expected_to_fall_by_themselves() -> None:
    rng = np.random.default_rng(2)
    truth = 10 * rng.gamma(4, 1 / 4, 60)
    before, after = rng.poisson(truth), rng.poisson(truth)
    chosen = before >= np.sort(before)[-6]
    result = regression_to_mean(before, np.ones(60), chosen, after, np.ones(60))
    assert result.expected_fall is not None
    assert result.expected_fall > 0.05
    assert not result.ratio.excludes(1)


def test_a_real_fall_beyond_the_expected_one_shows() -> None:
    rng = np.random.default_rng(3)
    truth = 20 * rng.gamma(8, 1 / 8, 60)
    chosen = np.arange(60) < 10
    before, after = rng.poisson(truth), rng.poisson(np.where(chosen, truth / 3, truth))
    result = regression_to_mean(before, np.ones(60), chosen, after, np.ones(60))
    assert result.ratio.high < 0.6  # type: ignore[operator]


def test_a_fall_that_all_units_share_is_no_effect() -> None:
    rng = np.random.default_rng(4)
    truth = 40 * rng.gamma(16, 1 / 16, 60)
    before, after = rng.poisson(truth), rng.poisson(truth / 2)
    result = regression_to_mean(before, np.ones(60), np.arange(60) < 10, after, np.ones(60))
    assert result.naive_fall == pytest.approx(0.5, abs=0.1)
    assert not result.ratio.excludes(1)


def test_without_units_not_chosen_nothing_is_expected() -> None:
    result = regression_to_mean([5, 4], [1, 1], [True, True], [2, 1], [1, 1])
    assert result.ratio.warnings == ("no_comparison",)
    assert result.observed_after == 3


def test_ratio_of_ratios_by_hand() -> None:
    """Halved inside, down by a quarter outside: 0.5 / 0.75."""
    result = before_after((100, 10), (50, 10), (80, 10), (60, 10))
    error = (1 / 100 + 1 / 50 + 1 / 80 + 1 / 60) ** 0.5
    assert result.estimate.value == pytest.approx(2 / 3)
    assert result.estimate.high == pytest.approx(2 / 3 * np.exp(1.959964 * error), rel=1e-6)


def test_shares_vary_as_binomial_counts() -> None:
    """Half of 200 against a quarter of 200: each variance is 1/hits less 1/trials."""
    result = before_after((100, 200), (50, 200), (100, 200), (100, 200), shares=True)
    error = (3 * (1 / 100 - 1 / 200) + 1 / 50 - 1 / 200) ** 0.5
    assert result.test.statistic == pytest.approx(np.log(0.5) / error)


def test_dispersion_of_shares_by_hand() -> None:
    """Half of 10 expected, 8 and 2 found: (9 + 9) / 2.5 over one degree; alike or empty parts add none."""
    assert share_dispersion([([8, 2], [10, 10])]) == pytest.approx(7.2)
    assert share_dispersion([([5, 5], [10, 10]), ([0, 0], [4, 4])]) == 1.0


def test_before_and_after_without_comparison_is_a_change_not_an_effect() -> None:
    result = before_after((100, 10), (50, 10))
    assert "no_comparison" in result.estimate.warnings
    assert result.estimate.value == pytest.approx(0.5)


def test_zero_counts_get_half_and_say_so() -> None:
    result = before_after((5, 10), (0, 10), (8, 10), (8, 10))
    assert result.estimate.warnings == ("half_added",)
    assert result.estimate.value == pytest.approx(0.5 / 5.5)


def test_stratified_ratio_of_one_sector_is_its_rate_ratio() -> None:
    one = stratified_rate_ratio([30], [10], [40], [20]).estimate
    assert one.value == pytest.approx(rate_ratio(30, 10, 40, 20).estimate.value)


def test_stratified_ratio_undoes_a_campaign_aimed_at_bad_sectors() -> None:
    """Within each sector inside and outside are alike; pooled, the campaign looks three times better."""
    inside, outside = ([90, 1], [90, 10]), ([10, 9], [10, 90])
    assert rate_ratio(91, 100, 19, 100).estimate.value > 3  # type: ignore[operator]
    assert stratified_rate_ratio(*inside, *outside).estimate.value == pytest.approx(1)


def test_sectors_on_one_side_alone_give_no_comparison() -> None:
    result = stratified_rate_ratio([5, 0], [10, 0], [0, 7], [0, 10])
    assert result.estimate.warnings == ("no_comparison",)


def test_a_zero_side_keeps_the_dispersion() -> None:
    """0 of 100 against 30 of 100, five hazards an enterprise: the evidence of 6 events, not of 30."""
    found = stratified_rate_ratio([0], [100], [30], [100], dispersion=5)
    assert found.test.p_value == pytest.approx(2 * 0.5**6)


def test_a_rate_that_stays_has_no_change_point_however_the_exposure_moves() -> None:
    """Twice the inspections from point 20 on: the counts double, the rate does not."""
    rng = np.random.default_rng(8)
    exposures = np.repeat([60, 120], 20)
    steady = rng.poisson(0.3 * exposures)
    assert change_points(steady, exposures).starts == ()
    assert change_points(steady).starts != ()


def test_a_change_of_rate_is_placed_past_points_without_exposure() -> None:
    exposures = np.repeat([0, 100, 100], [4, 15, 15])
    counts = np.repeat([0, 20, 45], [4, 15, 15])
    found = change_points(counts, exposures)
    assert found.starts == (19,)
    assert found.levels == pytest.approx((0.2, 0.45))
