"""Clustered events widen intervals; independent ones do not."""

import numpy as np
import pytest

from analysis.stats.clusters import (
    clustered_proportion,
    clustered_rate,
    events_per_cluster,
    proportion_design_effects,
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


def test_effects_of_shares_by_hand() -> None:
    """Overall share 1/2; two enterprises of 4, all and none: 2·(2² + 2²)/(8/4) = 8; one: its size."""
    effects = proportion_design_effects([4, 0, 3], [4, 4, 6], ["a", "a", "b"])
    assert effects == pytest.approx([8, 6])


def test_independent_reports_have_an_effect_near_one() -> None:
    rng = np.random.default_rng(5)
    trials = np.full(3000, 2)
    effects = proportion_design_effects(rng.binomial(2, 0.3, 3000), trials, np.repeat(["a", "b"], 1500))
    assert effects == pytest.approx([1, 1], abs=0.1)
