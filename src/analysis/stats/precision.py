"""Is enforcement where the hazards are (精准执法), and how are its fines spread."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.stats.inequality import tilted_shares
from analysis.stats.inputs import FloatArray, as_counts, paired_counts, require_level, require_same_length
from analysis.stats.results import Estimate, unknown


@dataclass(frozen=True)
class Spread:
    """Median with its exact interval, the quartiles, the mean, and the largest value's share of the sum."""

    median: Estimate
    lower_quartile: float | None
    upper_quartile: float | None
    mean: float | None
    largest_share: float | None


def overlap(
    hazards: ArrayLike, enforcement: ArrayLike, *, level: float = 0.95, draws: int = 500, seed: int = 0
) -> Estimate:
    """Share of enforcement that lies where the hazards lie: Σ min of the two shares, 1 = the same places.

    One less Hoover's index of dissimilarity (Duncan & Duncan 1955). Small counts overlap less than their
    rates do, so the interval is a test turned round, as in `inequality`. n = hazards and acts together.
    """
    h, f = as_counts(hazards, "hazards"), as_counts(enforcement, "enforcement")
    require_same_length(hazards=h, enforcement=f)
    method, n = "overlap", round(float(h.sum() + f.sum()))
    if h.sum() == 0 or f.sum() == 0:
        return unknown(method, "no_events", n=n, level=level)
    if h.size < 2:
        return unknown(method, "one_sector", n=n, level=level)
    value = float(np.minimum(h / h.sum(), f / f.sum()).sum())
    low, high = _overlap_limits(h, f, value, level, draws=draws, rng=np.random.default_rng(seed))
    return Estimate(value, min(low, value), max(high, value), n, method, level)


def _overlap_limits(
    h: FloatArray, f: FloatArray, value: float, level: float, *, draws: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Least and greatest overlap, along the tilts of the hazards' shares, that could have given `value`."""
    base = (h + 0.5) / (h + 0.5).sum()
    found, acts = (max(1, round(float(x.sum()))) for x in (h, f))
    tilted = tilted_shares(f, base, min(found, acts))
    truth = np.minimum(base, tilted).sum(axis=1)
    size = (len(tilted), draws)
    drawn_f = rng.multinomial(acts, tilted[:, None, :], size=size) / acts
    drawn_h = rng.multinomial(found, base, size=size) / found
    tail = (1 - require_level(level)) / 2
    limits = np.quantile(np.minimum(drawn_h, drawn_f).sum(axis=2), [tail, 1 - tail], axis=1)
    lower, upper = np.minimum.accumulate(limits, axis=1)[:, ::-1]
    return float(np.interp(value, upper, truth[::-1])), float(np.interp(value, lower, truth[::-1]))


def concentration_index(
    enforcement: ArrayLike,
    exposures: ArrayLike,
    hazards: ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> Estimate:
    """Concentration of enforcement on sectors by their hazard rate, from −1 to 1 (Kakwani et al. 1997).

    Sectors stand in order of hazards per exposure; above 0, enforcement per exposure is heavier where
    hazards are more frequent, 0 means it is blind to them. Bootstrap of the enforcement acts, the order
    taken as known; n = enforcement acts in sectors with exposure.
    """
    f, e = paired_counts(enforcement, exposures)
    h = as_counts(hazards, "hazards")
    require_same_length(enforcement=f, hazards=h)
    used = e > 0
    f, e, h = f[used], e[used], h[used]
    method, n = "concentration_index", round(float(f.sum()))
    reason = _no_concentration(f, h)
    if reason:
        return unknown(method, reason, n=n, level=level)
    place = _fractional_rank(h / e, e / e.sum())
    rng = np.random.default_rng(seed)
    value, drawn = _concentration(f / f.sum(), place), _resampled_shares(f, draws, rng)
    bounds = (-1.0, 1.0)
    return _basic(float(value), _concentration(drawn, place), bounds, n=n, method=method, level=level)


def _no_concentration(enforcement: FloatArray, hazards: FloatArray) -> str | None:
    if enforcement.size == 0:
        return "no_exposure"
    if enforcement.size == 1:
        return "one_sector"
    return "no_events" if enforcement.sum() == 0 or hazards.sum() == 0 else None


def _fractional_rank(rate: FloatArray, share: FloatArray) -> FloatArray:
    """Mid-point of each sector in the exposure, ordered by rate; equal rates share one place."""
    below = np.array([share[rate < r].sum() for r in rate])
    level = np.array([share[rate == r].sum() for r in rate])
    return np.asarray(below + level / 2)


def _concentration(shares: FloatArray, place: FloatArray) -> FloatArray:
    """Twice the covariance of enforcement with the place in the order: 2·Σ f·place − 1."""
    return np.asarray(2 * (shares @ place) - 1)


def _resampled_shares(counts: FloatArray, draws: int, rng: np.random.Generator) -> FloatArray:
    total = round(float(counts.sum()))
    return np.asarray(rng.multinomial(total, counts / counts.sum(), size=draws) / total)


def _basic(
    value: float, drawn: FloatArray, bounds: tuple[float, float], *, n: int, method: str, level: float
) -> Estimate:
    tail = (1 - require_level(level)) / 2
    lower, upper = np.quantile(drawn, [tail, 1 - tail])
    low, high = np.clip([2 * value - upper, 2 * value - lower], *bounds)
    return Estimate(value, min(low, value), max(high, value), n, method, level)


def spread(values: ArrayLike, *, level: float = 0.95) -> Spread:
    """Median and spread of amounts such as fines; n = values.

    The interval of the median is that of order statistics (exact, Conover 1999): below 6 values there is
    none at 95 % (`few_values`).
    """
    amounts = np.sort(as_counts(values, "values"))
    method, n = "order_statistics", amounts.size
    if n == 0:
        return Spread(unknown(method, "no_values", level=level), None, None, None, None)
    depth = int(stats.binom.ppf((1 - require_level(level)) / 2, n, 0.5))
    exact = depth > 0
    low, high = (amounts[depth - 1], amounts[n - depth]) if exact else (None, None)
    median = Estimate(np.median(amounts), low, high, n, method, level, () if exact else ("few_values",))
    quarters = np.quantile(amounts, [0.25, 0.75])
    total = float(amounts.sum())
    return Spread(
        median,
        float(quarters[0]),
        float(quarters[1]),
        total / n,
        float(amounts[-1]) / total if total else None,
    )
