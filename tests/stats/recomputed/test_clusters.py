"""Clustered rates, shares and ratios, computed again in plain Python from the formulas they cite."""

from math import log, sqrt

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
from tests.stats.recomputed.formulas import normal, poisson, student, wald, wilson

COUNTS, EXPOSURES = [0, 9, 1, 14, 2, 0, 6, 3], [2, 5, 3, 8, 4, 0, 1, 6]


def linearised(y: list[float], x: list[float]) -> float:
    """Variance of Σy/Σx over clusters with the small-sample factor (Cochran 1977, 6.4)."""
    pairs = [(b, a) for b, a in zip(y, x, strict=True) if a > 0]
    m, r, whole = len(pairs), sum(b for b, _ in pairs) / sum(a for _, a in pairs), sum(a for _, a in pairs)
    return m / (m - 1) * sum((b - r * a) ** 2 for b, a in pairs) / whole**2


@pytest.mark.parametrize(("level", "per", "times"), [(0.95, 1, 1), (0.9, 100, 3)])
def test_clustered_rate(level: float, per: float, times: int) -> None:
    """At two levels and in two units; repeating every event changes the effect, not its weight."""
    counts = [times * y for y in COUNTS]
    total, exposure = sum(counts), sum(EXPOSURES)
    effect = linearised(counts, EXPOSURES) / (total / exposure**2)
    stretch = effect * (student(level, 6) / normal(level)) ** 2
    low, high = (limit * stretch * per / exposure for limit in poisson(total / stretch, level))
    found = clustered_rate(counts, EXPOSURES, per=per, level=level)
    assert effect > 1
    assert found.design_effect == pytest.approx(effect)
    assert found.clusters == 7
    estimate = found.estimate
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((total * per / exposure, low, high))
    assert (estimate.n, estimate.level, estimate.method) == (total, level, "linearised_effective_count")
    assert estimate.warnings == ("few_clusters",)


def test_many_clusters_of_single_events_have_no_warning() -> None:
    found = clustered_rate([1, 2, 1, 0, 2] * 5, [1] * 25)
    assert found.clusters == 25
    assert found.design_effect == 1
    assert found.estimate.warnings == ()
    assert clustered_rate([1] * 20, [1] * 20).estimate.warnings == ()
    assert clustered_rate([1] * 19, [1] * 19).estimate.warnings == ("few_clusters",)


@pytest.mark.parametrize(("each", "few"), [(1, ()), (0.99, ("few_effective_events",))])
def test_fewer_than_ten_effective_events_are_marked(each: float, few: tuple[str, ...]) -> None:
    """Ten events on as many of thirty clusters, each of its own: an effect of one at most."""
    counts = [each] * 10 + [0] * 20
    found = clustered_rate(counts, [1] * 30)
    assert found.design_effect == 1
    assert found.estimate.warnings == few


@pytest.mark.parametrize(
    ("counts", "exposures", "reason", "clusters"),
    [([0, 0], [1, 2], "no_events", 2), ([0, 0], [0, 0], "no_exposure", 0), ([4], [2], "one_cluster", 1)],
)
def test_rates_without_a_measure_of_clustering(
    counts: list[int], exposures: list[int], reason: str, clusters: int
) -> None:
    found = clustered_rate(counts, exposures)
    assert found.design_effect is None
    assert found.clusters == clusters
    assert reason in found.estimate.warnings
    assert found.estimate.method == "linearised_effective_count"
    assert found.estimate.low is None or reason == "no_events"


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_clustered_proportion(level: float) -> None:
    hits, trials = [1, 9, 0, 4, 3], [4, 9, 5, 5, 6]
    share = sum(hits) / sum(trials)
    effect = linearised(hits, trials) / (share * (1 - share) / sum(trials))
    effective = sum(trials) / effect / (student(level, 4) / normal(level)) ** 2
    found = clustered_proportion(hits, trials, level=level)
    assert effect > 1
    assert found.design_effect == pytest.approx(effect)
    expected = (share, *wilson(share * effective, effective, level))
    assert (found.estimate.value, found.estimate.low, found.estimate.high) == pytest.approx(expected)
    assert (found.clusters, found.estimate.n, found.estimate.level) == (5, 29, level)
    assert (found.estimate.method, found.estimate.warnings) == ("wilson_effective_trials", ("few_clusters",))


def test_shares_that_cannot_have_an_interval() -> None:
    assert clustered_proportion([], []).estimate.warnings == ("no_exposure",)
    above = clustered_proportion([5, 6], [3, 4])
    assert (above.estimate.value, above.estimate.low) == (pytest.approx(11 / 7), None)
    assert above.design_effect is None
    assert above.clusters == 2
    one = clustered_proportion([3, 0], [4, 0])
    assert (one.clusters, one.estimate.low, one.estimate.warnings) == (1, None, ("one_cluster",))
    none = clustered_proportion([0, 0, 0], [4, 7, 1]).estimate
    assert (none.low, none.high) == pytest.approx(wilson(0, 3))


def test_design_effect_of_shares() -> None:
    rows = [[3, 0, 1], [0, 2, 0], [5, 1, 1], [0, 0, 0], [1, 4, 0]]
    table = [row for row in rows if sum(row)]
    n = sum(map(sum, table))
    share = [sum(column) / n for column in zip(*table, strict=True)]
    squares = sum((x - sum(row) * s) ** 2 for row in table for x, s in zip(row, share, strict=True))
    effect = 4 / 3 * squares / n**2 / (sum(s * (1 - s) for s in share) / n)
    assert effect > 1
    assert share_design_effect(rows) == pytest.approx(effect)
    assert share_design_effect([[2, 0], [3, 0]]) == 1, "one sector alone: nothing varies"
    assert share_design_effect([[0, 0]]) == 1
    assert share_design_effect([[1, 0], [0, 1], [1, 0], [0, 1]]) == pytest.approx(4 / 3)


@pytest.mark.parametrize("rows", [[1, 2], [[1, -1], [2, 2]]])
def test_design_effect_of_no_table_of_counts_is_refused(rows: list[object]) -> None:
    with pytest.raises(ValueError, match="events"):
        share_design_effect(rows)  # type: ignore[arg-type]


def test_events_per_cluster_in_the_order_of_labels() -> None:
    assert events_per_cluster(["b", "a", "b", "b"]).tolist() == [1, 3]


@pytest.mark.parametrize("level", [0.95, 0.9])
def test_ratio_of_clustered_rates(level: float) -> None:
    own, rest = [5, 1, 2, 1, 3], [2, 2, 1, 4, 1, 1, 1]
    squares = [sum(x * x for x in side) / sum(side) ** 2 for side in (own, rest)]
    ratio = sum(own) / 7 / (sum(rest) / 30)
    low, high, z, p = wald(ratio, sqrt(sum(squares)), level)
    found = clustered_rate_ratio(own, 7, rest, 30, level=level)
    estimate = found.estimate
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((ratio, low, high))
    assert (found.test.statistic, found.test.p_value) == pytest.approx((z, p))
    assert (estimate.n, estimate.level, estimate.method) == (24, level, "clustered_rate_ratio")
    assert estimate.warnings == found.test.warnings == ("few_effective_events",)
    assert found.test.method == "wald_log"


def test_ten_effective_events_on_either_side_are_enough() -> None:
    assert clustered_rate_ratio([1] * 10, 5, [1] * 10, 5).test.warnings == ()
    assert clustered_rate_ratio([1] * 30, 5, [1] * 9, 5).test.warnings == ("few_effective_events",)


@pytest.mark.parametrize(
    ("own", "exposure", "rest", "other", "reason"),
    [
        ([1], 0, [2], 3, "no_exposure"),
        ([1], 3, [2], 0, "no_exposure"),
        ([0], 3, [2], 3, "no_events"),
        ([2], 3, [], 3, "no_events"),
        ([], 0.0, [], 3, "no_exposure"),
    ],
)
def test_ratios_that_cannot_be_formed(
    own: list[int], exposure: float, rest: list[int], other: float, reason: str
) -> None:
    found = clustered_rate_ratio(own, exposure, rest, other)
    assert found.estimate.value is None
    assert found.estimate.warnings == found.test.warnings == (reason,)
    assert found.estimate.n == found.test.n == sum(own) + sum(rest)


@pytest.mark.parametrize("level", [0.95, 0.8])
def test_clustered_odds_ratio(level: float) -> None:
    first, second = [4, 1, 0, 2, 3, 1, 0, 6, 2, 1], [1, 2, 3, 0, 1, 2, 5, 1, 1, 4]
    inside = [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]
    logs, variance = [], 0.0
    for group in (1, 0):
        pairs = [(a, b) for a, b, g in zip(first, second, inside, strict=True) if g == group]
        a, b = sum(x for x, _ in pairs), sum(y for _, y in pairs)
        logs.append(log(a / b))
        variance += sum((x / a - y / b) ** 2 for x, y in pairs)
    ratio = np.exp(logs[0] - logs[1])
    low, high, z, p = wald(ratio, sqrt(variance), level)
    found = clustered_odds_ratio(first, second, inside, level=level)
    estimate = found.estimate
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((ratio, low, high))
    assert (found.test.statistic, found.test.p_value, found.test.n) == pytest.approx((z, p, 40))
    assert (estimate.n, estimate.level, estimate.warnings) == (40, level, ())


def test_half_an_event_is_added_where_one_count_is_zero() -> None:
    """Inside 3 to 0, outside 2 to 4: each count and its variance with a half (Haldane 1956)."""
    found = clustered_odds_ratio([1, 2, 1, 1, 0], [0, 0, 1, 0, 3], [1, 1, 0, 0, 0])
    inside = (1 / 3.5) ** 2 + (2 / 3.5) ** 2 + 0.5 / 3.5**2 + 0.5 / 0.5**2
    shares = [(1, 1), (1, 0), (0, 3)]
    outside = sum((a / 2.5 - b / 4.5) ** 2 for a, b in shares) + 0.5 / 2.5**2 + 0.5 / 4.5**2
    value = log(3.5 / 0.5) - log(2.5 / 4.5)
    assert found.test.statistic == pytest.approx(value / sqrt(inside + outside))
    assert found.test.warnings == ("few_clusters", "half_added")


@pytest.mark.parametrize("side", [0, 1])
def test_odds_of_an_empty_side_are_unknown(side: int) -> None:
    found = clustered_odds_ratio([1, 2], [1, 1], [side, side])
    assert (found.estimate.value, found.estimate.warnings) == (None, ("no_events",))
    assert found.test.n == found.estimate.n == 5
    assert clustered_odds_ratio([1, 2], [0, 0], [0, 1]).test.warnings == ("no_events",)


def test_recurrence_over_two_groups() -> None:
    """Pairs by chance: Σ k(k−1)/m. Their spread for k events on m clusters: 2·k(k−1)/m·(1 − 1/m)."""
    counts, groups, sizes = [3, 1, 2, 4, 1], ["a", "a", "b", "b", "b"], {"a": 10, "b": 12}
    mean = 4 * 3 / 10 + 7 * 6 / 12
    spread = sqrt(2 * 4 * 3 / 10 * (1 - 1 / 10) + 2 * 7 * 6 / 12 * (1 - 1 / 12))
    pairs = 3 * 2 + 2 * 1 + 4 * 3
    found = recurrence(counts, groups, sizes, draws=40_000)
    value, half = pairs / mean, normal(0.95) * spread / mean
    assert found.estimate.value == pytest.approx(value, rel=0.01)
    assert found.estimate.high == pytest.approx(value + half, rel=0.01)
    assert found.estimate.low == pytest.approx(value - half, rel=0.02)
    assert found.test.statistic == pytest.approx((pairs - mean) / spread, rel=0.02)
    assert found.test.p_value == pytest.approx(wald(np.exp(found.test.statistic or 0), 1)[3])
    assert found.test.n == found.estimate.n == 3


def test_recurrence_never_takes_a_group_for_smaller_than_it_is() -> None:
    """Two events on two clusters, one said to exist: 2·1/2 pairs by chance, and none observed."""
    found = recurrence([1, 1], ["a", "a"], {"a": 1}, draws=20_000)
    assert found.estimate.value == pytest.approx(0, abs=1e-9)
    assert found.estimate.low == 0
    assert found.estimate.high == pytest.approx(normal(0.95), rel=0.02)
    assert recurrence([1], ["a"], {"a": 3}).test.warnings == ("no_events",)
    assert recurrence([], [], {}).estimate.value is None


def test_recurrence_rests_on_the_clusters_with_two_events_or_more() -> None:
    found = recurrence([3, 1, 1, 1, 2], ["a"] * 5, {"a": 30})
    assert found.estimate.n == found.test.n == 2
