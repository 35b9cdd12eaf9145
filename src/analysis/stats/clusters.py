"""Rates and shares whose events come in clusters: one enterprise brings many hazards."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.stats.inputs import FloatArray, paired_counts
from analysis.stats.rates import poisson_limits, proportion, rate
from analysis.stats.results import Comparison, Estimate, TestResult, unknown, untested

FEW_CLUSTERS = 20
FEW_EFFECTIVE = (
    10  # below, the variance of skewed clusters is itself too uncertain: coverage 84–92 % in simulation
)


@dataclass(frozen=True)
class ClusteredEstimate:
    """An estimate whose interval allows for clusters, and what the clustering costs.

    `design_effect` is the variance over that of independent events, never taken below 1; None where one
    cluster alone gives no measure of it (the estimate then has no interval).
    """

    estimate: Estimate
    design_effect: float | None
    clusters: int


def clustered_rate(
    counts: ArrayLike, exposures: ArrayLike, *, per: float = 1.0, level: float = 0.95
) -> ClusteredEstimate:
    """Events per exposure from one count and exposure per cluster (clusters without events included).

    The variance of the ratio is linearised over clusters (Cochran 1977, 6.4, with the small-sample factor);
    the Poisson interval is that of the count divided by the design effect, so it holds at few events too.
    n = events.
    """
    events, exposed = paired_counts(counts, exposures)
    total, exposure, clusters = float(events.sum()), float(exposed.sum()), int((exposed > 0).sum())
    plain = rate(total, exposure, per=per, level=level)
    method = "linearised_effective_count"
    if not plain.known or total == 0:
        return ClusteredEstimate(replace(plain, method=method), None, clusters)
    effect = _design_effect(events, exposed, poisson_variance=total / exposure**2)
    if effect is None:
        return ClusteredEstimate(_without_interval(plain, method), None, clusters)
    stretch = _small_sample_stretch(clusters, level) * effect
    low, high = (limit * stretch for limit in poisson_limits(total / stretch, level=level))
    estimate = replace(plain, low=low * per / exposure, high=high * per / exposure, method=method)
    few = ("few_effective_events",) if total / effect < FEW_EFFECTIVE else ()
    return ClusteredEstimate(estimate.warned(*_few(clusters), *few), effect, clusters)


def clustered_proportion(
    successes: ArrayLike, trials: ArrayLike, *, level: float = 0.95
) -> ClusteredEstimate:
    """Share of trials that succeed, from one pair per cluster: Wilson on the effective number of trials.

    Source: Dean & Pagano 2015 (Journal of Survey Statistics and Methodology 3:484). Where all clusters agree
    (all or nothing rectified) each cluster counts as one trial. n = trials.
    """
    hits, tried = paired_counts(successes, trials)
    share, clusters = proportion(hits.sum(), tried.sum(), level=level), int((tried > 0).sum())
    method = "wilson_effective_trials"
    if share.value is None or share.low is None:
        return ClusteredEstimate(replace(share, method=method), None, clusters)
    total = float(tried.sum())
    effect = _design_effect(hits, tried, poisson_variance=share.value * (1 - share.value) / total)
    if effect is None and clusters < 2:
        return ClusteredEstimate(_without_interval(share, method), None, clusters)
    stretch = _small_sample_stretch(clusters, level)
    effective = clusters if effect is None else total / (effect * stretch)
    interval = proportion(share.value * effective, effective, level=level)
    estimate = replace(share, low=interval.low, high=interval.high, method=method)
    return ClusteredEstimate(estimate.warned(*_few(clusters)), effect, clusters)


def share_design_effect(events: ArrayLike) -> float:
    """Design effect of the sectors' shares of all events, from a table of clusters × sectors.

    Sum of the linearised variances of the shares over those of independent events (first-order Rao & Scott
    1981), at least 1. Where one enterprise has all events, they count as one: the effect is their number.

    Raises:
        ValueError: ``events`` is no table of counts.
    """
    rows = np.asarray(events, dtype=np.float64)
    if rows.ndim != 2 or (rows < 0).any():
        raise ValueError("events: a table of counts, one row per cluster and one column per sector, expected")
    rows = rows[rows.sum(axis=1) > 0]
    m, n = len(rows), float(rows.sum())
    if m < 2:
        return max(1.0, n)
    share = rows.sum(axis=0) / n
    residual = rows - rows.sum(axis=1, keepdims=True) * share
    clustered = m / (m - 1) * float((residual**2).sum()) / n**2
    independent = float((share * (1 - share)).sum()) / n
    return max(1.0, clustered / independent) if independent > 0 else 1.0


def _design_effect(events: FloatArray, exposed: FloatArray, *, poisson_variance: float) -> float | None:
    """Linearised variance of Σy/Σx over that of independent events; None without variation to judge by."""
    used = exposed > 0
    y, x = events[used], exposed[used]
    if y.size < 2 or poisson_variance <= 0:
        return None
    residual = y - x * (y.sum() / x.sum())
    variance = y.size / (y.size - 1) * float(residual @ residual) / float(x.sum()) ** 2
    return max(1.0, variance / poisson_variance)


def _small_sample_stretch(clusters: int, level: float) -> float:
    """Square of Student's over the normal quantile: few clusters know their own variance badly."""
    tail = (1 - level) / 2
    return float((stats.t.isf(tail, clusters - 1) / stats.norm.isf(tail)) ** 2) if clusters > 1 else 1.0


def _without_interval(estimate: Estimate, method: str) -> Estimate:
    return replace(estimate, low=None, high=None, method=method).warned("one_cluster")


def _few(clusters: int) -> tuple[str, ...]:
    return ("few_clusters",) if clusters < FEW_CLUSTERS else ()


def events_per_cluster(labels: ArrayLike, *, clusters: ArrayLike | None = None) -> FloatArray:
    """Count the events of each cluster by their labels, in the order of the labels.

    `clusters` lists all labels, those without events too; its order is then that of the counts.
    """
    found, counts = np.unique(np.asarray(labels), return_counts=True)
    if clusters is None:
        return counts.astype(np.float64)
    lookup = dict(zip(found.tolist(), counts.tolist(), strict=True))
    return np.array([lookup.get(label, 0) for label in np.asarray(clusters).tolist()], dtype=np.float64)


def clustered_rate_ratio(
    counts: ArrayLike, exposure: float, others: ArrayLike, other_exposure: float, *, level: float = 0.95
) -> Comparison:
    """Rate of one group over that of another from the counts of each cluster; only the exposures' sums.

    Clusters arrive at random and bring unequal numbers of events (compound Poisson), so the variance of a
    count is the sum of squares; Wald on the log ratio. n = events of both; `few_effective_events` where
    either side has the weight of fewer than ten. Clusters without events need not be given.
    """
    own, rest = (np.asarray(side, dtype=np.float64) for side in (counts, others))
    method, n = "clustered_rate_ratio", round(float(own.sum() + rest.sum()))
    if min(exposure, other_exposure) <= 0 or min(own.sum(), rest.sum()) <= 0:
        reason = "no_exposure" if min(exposure, other_exposure) <= 0 else "no_events"
        return Comparison(unknown(method, reason, n=n, level=level), untested(method, reason, n=n))
    error = float(sum((side**2).sum() / side.sum() ** 2 for side in (own, rest)) ** 0.5)
    value = float(np.log(own.sum() / exposure) - np.log(rest.sum() / other_exposure))
    effective = min(float(side.sum() ** 2 / (side**2).sum()) for side in (own, rest))
    few = ("few_effective_events",) if effective < FEW_EFFECTIVE else ()
    return _wald(value, error, n, method, level=level, warnings=few)


def clustered_odds_ratio(
    first: ArrayLike, second: ArrayLike, inside: ArrayLike, *, level: float = 0.95
) -> Comparison:
    """Odds of the first kind of event against the second inside a group over those outside it.

    One entry a cluster: events of either kind, and whether it belongs to the group. The variance of the log
    odds of each side is linearised over its clusters, which arrive at random; Wald, with 0.5 added to each
    count where one is 0 (`half_added`). `few_clusters` where either side has fewer than five. n = events.
    """
    a, b, within = (np.asarray(x, dtype=np.float64) for x in (first, second, inside))
    method, n = "clustered_odds_ratio", round(float(a.sum() + b.sum()))
    sides = [(a[within == side], b[within == side]) for side in (1, 0)]
    sizes = [int(((x + y) > 0).sum()) for x, y in sides]
    if min(sizes) == 0 or min(a.sum(), b.sum()) == 0:
        return Comparison(unknown(method, "no_events", n=n, level=level), untested(method, "no_events", n=n))
    added = 0.5 * any(part.sum() == 0 for side in sides for part in side)
    odds, variances = zip(*(_log_odds(x, y, added) for x, y in sides), strict=True)
    codes = (("few_clusters",) if min(sizes) < 5 else ()) + (("half_added",) if added else ())
    return _wald(odds[0] - odds[1], sum(variances) ** 0.5, n, method, level=level, warnings=codes)


def _log_odds(first: FloatArray, second: FloatArray, added: float) -> tuple[float, float]:
    """Log of the ratio of two sums over clusters, and its linearised variance."""
    a, b = float(first.sum()) + added, float(second.sum()) + added
    variance = float(((first / a - second / b) ** 2).sum()) + added / a**2 + added / b**2
    return float(np.log(a / b)), variance


def recurrence(
    counts: ArrayLike, groups: ArrayLike, sizes: Mapping[str, int], *, draws: int = 400, seed: int = 0
) -> Comparison:
    """How often two events of a group share a cluster, over how often they would by chance.

    Observed pairs of events in one cluster over those to be expected if each group's events fell on its
    clusters at random: 1 without proneness, 1 + φ with rates that vary by a squared coefficient of φ.

    Args:
        counts: Events of each cluster that has any.
        groups: The group of each cluster.
        sizes: Clusters of each group, those without events too; never taken below those with events.
        draws: Random allocations (seeded), of which mean and spread make the test.
        seed: Of the draws.

    Returns:
        The ratio with the interval of chance moved to it, and the test; n = clusters with two events or more.
    """
    events, labels = np.asarray(counts, dtype=np.float64), np.asarray(groups).astype(str)
    n, method = int((events >= 2).sum()), "random_allocation"
    rng, drawn = np.random.default_rng(seed), np.zeros(draws)
    for group in np.unique(labels):
        inside = events[labels == group]
        size = max(sizes.get(str(group), 0), inside.size)
        allocated = rng.multinomial(int(inside.sum()), np.full(size, 1 / size), draws)
        drawn += (allocated * (allocated - 1)).sum(axis=1)
    mean, spread = (float(drawn.mean()), float(drawn.std())) if events.size else (0.0, 0.0)
    if spread == 0:
        return Comparison(unknown(method, "no_events", n=n), untested(method, "no_events", n=n))
    excess = float((events * (events - 1)).sum()) - mean
    value, half = 1 + excess / mean, float(stats.norm.isf(0.025)) * spread / mean
    test = TestResult(excess / spread, float(2 * stats.norm.sf(abs(excess) / spread)), n, method)
    return Comparison(Estimate(value, max(0.0, value - half), value + half, n, method), test)


def _wald(
    value: float, error: float, n: int, method: str, *, level: float, warnings: tuple[str, ...] = ()
) -> Comparison:
    """Ratio, interval and test from a log ratio and its standard error."""
    half = stats.norm.isf((1 - level) / 2) * error
    low, middle, high = (float(x) for x in np.exp([value - half, value, value + half]))
    test = TestResult(
        value / error, float(2 * stats.norm.sf(abs(value) / error)), n, "wald_log", warnings=warnings
    )
    return Comparison(Estimate(middle, low, high, n, method, level, warnings), test)
