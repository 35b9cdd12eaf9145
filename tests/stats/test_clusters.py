"""Clustered events widen intervals; independent ones do not."""

import numpy as np
import pytest

from analysis.stats.clusters import (
    clustered_odds_ratio,
    clustered_proportion,
    clustered_rate,
    clustered_rate_ratio,
    events_per_cluster,
    recurrence,
    share_design_effect,
)
from analysis.stats.rates import rate


def test_design_effect_by_hand() -> None:
    """Counts 0 and 4 over two units: r = 2, residuals ±2, variance 2·8/4 = 4, Poisson 4/4 = 1."""
    assert clustered_rate([0, 4], [1, 1]).design_effect == pytest.approx(4)


def test_repeating_each_event_k_times_multiplies_the_effect_by_k() -> None:
    counts = np.array([0, 1, 3, 2, 0, 5, 1, 1, 4, 0])
    once, thrice = clustered_rate(counts, np.ones(10)), clustered_rate(3 * counts, np.ones(10))
    assert thrice.design_effect == pytest.approx(3 * once.design_effect)  # type: ignore[operator]


def test_clustered_interval_is_wider_than_the_plain_one() -> None:
    counts, exposure = np.array([0] * 45 + [12] * 5), np.ones(50)
    clustered, plain = clustered_rate(counts, exposure).estimate, rate(60, 50)
    assert clustered.low < plain.low < plain.value < plain.high < clustered.high  # type: ignore[operator]


def test_interval_is_never_narrower_than_that_of_independent_events() -> None:
    even = clustered_rate(np.full(100, 2), np.ones(100))
    assert even.design_effect == 1
    assert even.estimate.low <= rate(200, 100).low  # type: ignore[operator]


def test_one_enterprise_with_all_hazards_has_no_interval() -> None:
    result = clustered_rate([30], [10])
    assert result.estimate.value == pytest.approx(3)
    assert result.estimate.low is None
    assert "one_cluster" in result.estimate.warnings
    assert clustered_proportion([30], [40]).estimate.low is None


def test_all_rectified_counts_each_enterprise_once() -> None:
    """Wilson's lower limit of 5 of 5 is 5 / (5 + 1.96²) = 0.5655, however many hazards each has."""
    result = clustered_proportion([10, 10, 10, 10, 10], [10, 10, 10, 10, 10]).estimate
    assert result.low == pytest.approx(5 / (5 + 1.959964**2), abs=1e-6)


def test_shares_of_independent_events_have_an_effect_near_one_and_of_triples_three() -> None:
    rng = np.random.default_rng(3)
    single = np.eye(6)[rng.integers(0, 6, 4000)]
    assert share_design_effect(single) == pytest.approx(1, abs=0.01)
    assert share_design_effect(3 * single) == pytest.approx(3, abs=0.03)
    assert share_design_effect([[7, 0], [0, 0]]) == 7


def test_events_per_cluster_keeps_enterprises_without_hazards() -> None:
    assert events_per_cluster(["a", "b", "a"], clusters=["b", "c", "a"]).tolist() == [1, 0, 2]


def test_ratio_of_rates_by_hand() -> None:
    """3 of one exposure over 4 of two: 1.5; squares 5/9 + 6/16 (as a count of 2 counts four times)."""
    found = clustered_rate_ratio([1, 2], 1, [2, 1, 1], 2)
    error = (5 / 9 + 6 / 16) ** 0.5
    assert found.estimate.value == pytest.approx(1.5)
    assert found.test.statistic == pytest.approx(np.log(1.5) / error)
    assert found.estimate.low == pytest.approx(1.5 * np.exp(-1.959964 * error))


def test_ratio_of_rates_of_single_events_is_the_plain_one() -> None:
    """Clusters of one event each: the Poisson variance 1/20 + 1/40."""
    found = clustered_rate_ratio(np.ones(20), 10, np.ones(40), 40)
    assert found.test.statistic == pytest.approx(np.log(2) / (1 / 20 + 1 / 40) ** 0.5)
    assert found.test.warnings == ()


def test_odds_ratio_of_single_events_is_woolfs() -> None:
    """Each event its own cluster: variance 1/10 + 1/20 + 1/30 + 1/15 (Woolf 1955)."""
    kinds = np.repeat([1, 0, 1, 0], [10, 20, 30, 15])
    found = clustered_odds_ratio(kinds, 1 - kinds, np.repeat([1, 0], [30, 45]))
    assert found.estimate.value == pytest.approx((10 / 20) / (30 / 15))
    assert found.test.statistic == pytest.approx(np.log(0.25) / (1 / 10 + 1 / 20 + 1 / 30 + 1 / 15) ** 0.5)


def test_odds_of_one_cluster_are_marked() -> None:
    found = clustered_odds_ratio([60, 1, 0, 2], [0, 3, 4, 1], [1, 0, 0, 0])
    assert {"few_clusters", "half_added"} <= set(found.test.warnings)


def test_recurrence_of_pairs_by_hand() -> None:
    """Four events on two clusters of four: 2 of 2·1 ordered pairs each make 4; by chance 4·3/4 = 3."""
    found = recurrence([2, 2], ["a", "a"], {"a": 4}, draws=20_000)
    assert found.estimate.value == pytest.approx(4 / 3, rel=0.02)


def test_recurrence_of_random_events_is_no_finding() -> None:
    rng = np.random.default_rng(1)
    p_values = []
    for _ in range(40):
        counts = rng.multinomial(80, np.full(100, 0.01))
        found = recurrence(counts[counts > 0], np.full((counts > 0).sum(), "a"), {"a": 100}, draws=200)
        p_values.append(found.test.p_value or 0.0)
    assert np.mean(np.array(p_values) < 0.05) <= 0.2
