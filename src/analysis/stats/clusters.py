"""Rates and shares whose events come in clusters: one enterprise brings many hazards."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.stats.inputs import FloatArray, paired_counts
from analysis.stats.rates import poisson_limits, proportion, rate
from analysis.stats.results import Estimate

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


def proportion_design_effects(successes: ArrayLike, trials: ArrayLike, groups: ArrayLike) -> FloatArray:
    """Design effect of each group's share of successes, were it the overall share; one pair a cluster.

    Groups in the order of `np.unique`. Variance of Σ(y − r·x) over clusters against that of independent
    trials (Rao & Scott 1992), at least 1. A group of one cluster counts as one trial: its effect is its size.
    """
    hits, tried = paired_counts(successes, trials)
    labels = np.asarray(groups).astype(str)
    share = float(hits.sum() / tried.sum()) if tried.sum() > 0 else 0.0
    used = tried > 0
    return np.array([_against_share(hits[g], tried[g], share) for g in _parts(labels, used)])


def _parts(labels: NDArray[np.str_], used: NDArray[np.bool_]) -> list[NDArray[np.bool_]]:
    return [(labels == name) & used for name in np.unique(labels)]


def _against_share(hits: FloatArray, tried: FloatArray, share: float) -> float:
    total, clusters = float(tried.sum()), tried.size
    if clusters < 2:
        return max(1.0, total)
    independent = total * share * (1 - share)
    clustered = clusters / (clusters - 1) * float(((hits - share * tried) ** 2).sum())
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
    """Count events by the label of their cluster; `clusters` lists all labels, those without events too."""
    found, counts = np.unique(np.asarray(labels), return_counts=True)
    if clusters is None:
        return counts.astype(np.float64)
    lookup = dict(zip(found.tolist(), counts.tolist(), strict=True))
    return np.array([lookup.get(label, 0) for label in np.asarray(clusters).tolist()], dtype=np.float64)
