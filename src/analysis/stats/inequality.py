"""Indices of unevenness weighted by exposure: Theil T and L, Gini, Lorenz, within and between, change.

With h a sector's share of events and e its share of exposure, T = Σ h·ln(h/e), L = Σ e·ln(e/h), and Gini is
twice the area between the Lorenz curve (sectors in order of h/e) and the diagonal (Theil 1967; Lorenz 1905).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import rel_entr, xlogy

from analysis.stats.inputs import FloatArray, as_counts, number, paired_counts, require_level
from analysis.stats.results import Estimate, unknown

Index = Literal["theil_t", "theil_l", "gini"]
CHUNK = 200  # rows of a bootstrap held at once when clusters are resampled


@dataclass(frozen=True)
class TheilSplit:
    """Theil T in two parts: total = between + within; `groups` gives each group's own (between, within)."""

    total: float
    between: float
    within: float
    groups: dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Lorenz:
    """Cumulated shares from (0, 0) to (1, 1); `order` lists the sectors from the lowest rate up."""

    exposure_share: FloatArray
    event_share: FloatArray
    order: tuple[int, ...]


def theil_t(h: FloatArray, e: FloatArray) -> FloatArray:
    """Theil T of shares in the last axis: 0 where events follow exposure."""
    return np.asarray(rel_entr(h, e).sum(axis=-1))


def theil_l(h: FloatArray, e: FloatArray) -> FloatArray:
    """Theil L (mean log deviation) of shares in the last axis; infinite where a sector has no events."""
    return np.asarray(rel_entr(e, h).sum(axis=-1))


def gini(h: FloatArray, e: FloatArray) -> FloatArray:
    """Gini (grouped) of shares in the last axis."""
    exposure = np.broadcast_to(e, h.shape)
    order = np.argsort(h / exposure, axis=-1, kind="stable")
    events, exposed = np.take_along_axis(h, order, -1), np.take_along_axis(exposure, order, -1)
    above = np.cumsum(events, axis=-1)
    return np.asarray(1 - (exposed * (2 * above - events)).sum(axis=-1))


INDICES: dict[Index, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "theil_t": theil_t,
    "theil_l": theil_l,
    "gini": gini,
}


def inequality(
    counts: ArrayLike,
    exposures: ArrayLike,
    index: Index = "theil_t",
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Index of unevenness of events over exposure with a bootstrap interval; n = events.

    Sectors without exposure are left out and their events named (`events_without_exposure`). The interval
    reflects the bootstrap about the estimate, since small counts look more uneven than they are (Efron &
    Tibshirani 1993, ch. 13). `clusters` (enterprises × sectors, columns as `counts`) resamples enterprises
    instead of events. One sector, no events, or an L with an empty sector have no value.
    """
    sample = _Sample.of(counts, exposures, clusters)
    refusal = sample.refusal(index)
    if refusal:
        return unknown(index, refusal, n=sample.n, level=level)
    value = float(INDICES[index](sample.shares, sample.exposure))
    drawn = sample.resampled(index, draws, np.random.default_rng(seed))
    low, high = _reflected(value, drawn, level)
    return Estimate(value, max(low, 0.0), high, sample.n, index, level, sample.warnings)


def change(
    counts_before: ArrayLike,
    exposures_before: ArrayLike,
    counts_after: ArrayLike,
    exposures_after: ArrayLike,
    index: Index = "theil_t",
    *,
    clusters_before: ArrayLike | None = None,
    clusters_after: ArrayLike | None = None,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Change of the index from one year to another, independent one (after − before); n = all events."""
    samples = (
        _Sample.of(counts_before, exposures_before, clusters_before),
        _Sample.of(counts_after, exposures_after, clusters_after),
    )
    method, n = f"{index}_change", sum(sample.n for sample in samples)
    for refusal in (sample.refusal(index) for sample in samples):
        if refusal:
            return unknown(method, refusal, n=n, level=level)
    rng = np.random.default_rng(seed)
    before, after = (float(INDICES[index](sample.shares, sample.exposure)) for sample in samples)
    drawn_before, drawn_after = (sample.resampled(index, draws, rng) for sample in samples)
    low, high = _reflected(after - before, drawn_after - drawn_before, level)
    warnings = tuple(dict.fromkeys(samples[0].warnings + samples[1].warnings))
    return Estimate(after - before, low, high, n, method, level, warnings)


def _reflected(value: float, drawn: FloatArray, level: float) -> tuple[float, float]:
    """Return the basic bootstrap interval, widened to the estimate where the bias alone would push it out."""
    tail = (1 - require_level(level)) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail])
    return min(2 * value - float(upper), value), max(2 * value - float(lower), value)


@dataclass(frozen=True)
class _Sample:
    """Events of the sectors with exposure, ready to be resampled."""

    counts: FloatArray
    exposure: FloatArray
    clusters: FloatArray | None
    warnings: tuple[str, ...]

    @classmethod
    def of(cls, counts: ArrayLike, exposures: ArrayLike, clusters: ArrayLike | None) -> "_Sample":
        events, exposed = paired_counts(counts, exposures)
        used = exposed > 0
        lost = events[~used].sum() > 0
        rows = None if clusters is None else _cluster_rows(clusters, events)[:, used]
        shares = exposed[used] / exposed.sum() if used.any() else exposed[used]
        return cls(events[used], shares, rows, ("events_without_exposure",) if lost else ())

    @property
    def n(self) -> int:
        return round(float(self.counts.sum()))

    @property
    def shares(self) -> FloatArray:
        return np.asarray(self.counts / self.counts.sum())

    def refusal(self, index: Index) -> str | None:
        if self.exposure.size == 0:
            return "no_exposure"
        if self.exposure.size == 1:
            return "one_sector"
        if self.n == 0:
            return "no_events"
        if self.clusters is not None and len(self.clusters) < 2:
            return "one_cluster"
        return "zero_counts" if index == "theil_l" and (self.counts == 0).any() else None

    def resampled(self, index: Index, draws: int, rng: np.random.Generator) -> FloatArray:
        """`draws` values of the index under resampling; draws without any event are left out."""
        counts = (
            rng.multinomial(self.n, self.shares, size=draws).astype(np.float64)
            if self.clusters is None
            else _resampled_clusters(self.clusters, draws, rng)
        )
        counts = counts[counts.sum(axis=1) > 0]
        if index == "theil_l":
            counts = np.maximum(counts, 0.5)  # a sector emptied by resampling would make L infinite
        return INDICES[index](counts / counts.sum(axis=1, keepdims=True), self.exposure)


def _cluster_rows(clusters: ArrayLike, counts: FloatArray) -> FloatArray:
    rows = np.asarray(clusters, dtype=np.float64)
    if rows.ndim != 2 or rows.shape[1] != counts.size or not np.allclose(rows.sum(axis=0), counts):
        raise ValueError("clusters: one row per cluster and one column per sector, adding up to counts")
    return rows


def _resampled_clusters(rows: FloatArray, draws: int, rng: np.random.Generator) -> FloatArray:
    m = len(rows)
    sizes = [min(CHUNK, draws - start) for start in range(0, draws, CHUNK)]
    return np.concatenate([rng.multinomial(m, np.full(m, 1 / m), size=size) @ rows for size in sizes])


def theil_split(counts: ArrayLike, exposures: ArrayLike, groups: ArrayLike) -> TheilSplit | None:
    """Theil T between and within groups (departments, townships); None without events or exposure.

    Sectors without exposure are left out. Source: Theil 1967; Shorrocks 1980.
    """
    events, exposed = paired_counts(counts, exposures)
    labels = np.asarray(groups).astype(str)
    if labels.size != events.size:
        raise ValueError(f"lengths differ: {labels.size} groups, {events.size} counts")
    used = exposed > 0
    if events[used].sum() == 0:
        return None
    h, e = events[used] / events[used].sum(), exposed[used] / exposed[used].sum()
    group = labels[used]
    parts = {str(g): _group_parts(h[group == g], e[group == g]) for g in np.unique(group)}
    between, within = (sum(part[k] for part in parts.values()) for k in (0, 1))
    return TheilSplit(float(theil_t(h, e)), between, within, parts)


def _group_parts(h: FloatArray, e: FloatArray) -> tuple[float, float]:
    """Give what one group adds between groups and within itself, from shares of the whole."""
    group_h, group_e = h.sum(), e.sum()
    between = float(rel_entr(group_h, group_e))
    within = float((rel_entr(h, e)).sum() - xlogy(group_h, group_h / group_e)) if group_h > 0 else 0.0
    return between, within


def lorenz(counts: ArrayLike, exposures: ArrayLike) -> Lorenz | None:
    """Lorenz curve of events over exposure, sectors without exposure left out; None without events."""
    events, exposed = as_counts(counts, "counts"), as_counts(exposures, "exposures")
    used = np.flatnonzero(exposed > 0)
    if used.size == 0 or events[used].sum() == 0:
        return None
    order = used[np.argsort(events[used] / exposed[used], kind="stable")]
    curves = [np.concatenate([[0.0], np.cumsum(x[order]) / x[order].sum()]) for x in (exposed, events)]
    return Lorenz(curves[0], curves[1], tuple(int(i) for i in order))


def concentration(counts: ArrayLike, share: float = 0.5) -> int | None:
    """Fewest sectors (or enterprises) that hold at least `share` of all events; None without events."""
    events = np.sort(as_counts(counts, "counts"))[::-1]
    if number(events.sum()) == 0 or events.size == 0:
        return None
    return int(np.searchsorted(np.cumsum(events), share * events.sum() - 1e-9) + 1)
