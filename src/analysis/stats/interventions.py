"""What a campaign can show: change points, regression to the mean, before and after, inside and outside."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import ruptures
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.stats.inputs import FloatArray, paired_counts, require_level, require_same_length
from analysis.stats.rates import rate_ratio
from analysis.stats.results import Comparison, Estimate, TestResult, unknown, untested
from analysis.stats.shrinkage import posterior_rates

MIN_SEGMENT = 6


@dataclass(frozen=True)
class ChangePoints:
    """First points of the new levels, mean count (or rate) of each; `warnings` say why none was sought."""

    starts: tuple[int, ...]
    levels: tuple[float, ...]
    n: int
    method: str
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class RegressionToMean:
    """What the chosen units would have shown without any intervention, beside what they did show.

    `expected_after` carries a prediction interval; `ratio` is observed over expected after;
    `naive_fall` and `expected_fall` are relative falls of the rate (0.2 = 20 % down), observed and expected.
    """

    observed_after: int
    expected_after: Estimate
    ratio: Estimate
    naive_fall: float | None
    expected_fall: float | None


def change_points(
    counts: ArrayLike, exposures: ArrayLike | None = None, *, min_segment: int = MIN_SEGMENT
) -> ChangePoints:
    """Points where the level of a series of counts, or of its rate, changed: PELT, penalty 3·ln n.

    On 2√(count + 3/8), whose variance is 1 for a Poisson count (Anscombe 1948), less that of the count to be
    expected from the exposure; scaled by the variation between neighbours where that is more. Killick et al.
    2012. Points without exposure are left out. Two levels need twice `min_segment` points.
    """
    events, exposed = paired_counts(counts, np.ones(np.shape(counts)) if exposures is None else exposures)
    used = np.flatnonzero(exposed > 0)
    y, x = events[used], exposed[used]
    method, n = "pelt_anscombe", y.size
    if n < 2 * min_segment or y.sum() == 0:
        reason = "few_points" if n < 2 * min_segment else "no_events"
        return ChangePoints((), (), n, method, (reason,))
    expected = x * (y.sum() / x.sum())
    root = 2 * (np.sqrt(y + 3 / 8) - np.sqrt(expected + 3 / 8))
    spread = max(1.0, float(np.median(np.abs(np.diff(root))) / (2**0.5 * 0.6745)))
    search = ruptures.Pelt(model="l2", min_size=min_segment, jump=1).fit((root / spread).reshape(-1, 1))
    breaks = [int(b) for b in search.predict(pen=3 * np.log(n))[:-1]]
    parts = zip(np.split(y, breaks), np.split(x, breaks), strict=True)
    levels = tuple(float(part.sum() / base.sum()) for part, base in parts)
    return ChangePoints(tuple(int(used[b]) for b in breaks), levels, n, method, ())


def regression_to_mean(
    counts_before: ArrayLike,
    exposures_before: ArrayLike,
    chosen: ArrayLike,
    counts_after: ArrayLike,
    exposures_after: ArrayLike,
    *,
    level: float = 0.95,
    draws: int = 4000,
    seed: int = 0,
) -> RegressionToMean:
    """Compare the chosen units' counts after with those expected from shrunken rates before.

    Units picked for a high count fall without any help (Galton); their shrunken rates, moved by the change
    of the units not chosen, say how far (Hauer 1997, ch. 11). Without units not chosen, or without events
    among all units, nothing is expected (`no_comparison`, `no_events`).
    """
    y0, e0 = paired_counts(counts_before, exposures_before)
    y1, e1 = paired_counts(counts_after, exposures_after)
    picked = np.asarray(chosen, dtype=bool)
    require_same_length(before=y0, after=y1, chosen=picked)
    seen = (e0 > 0) & (e1 > 0)
    inside, outside = picked & seen, ~picked & seen
    observed = round(float(y1[inside].sum()))
    reason = _no_expectation(y0[seen], y1[outside], inside, outside)
    if reason:
        blank = unknown("regression_to_mean", reason, n=observed, level=level)
        return RegressionToMean(observed, blank, blank, None, None)
    rng = np.random.default_rng(seed)
    theta = posterior_rates(y0[seen], e0[seen], draws, rng)
    drawn = _expected_draws(theta, inside[seen], e1[seen], float(y1[outside].sum()), rng)
    return _regression_result(
        drawn,
        rng,
        float(y0[inside].sum()),
        float(e0[inside].sum()),
        observed=observed,
        exposed_after=float(e1[inside].sum()),
        level=level,
    )


def _no_expectation(
    before: FloatArray, after_outside: FloatArray, inside: NDArray[np.bool_], outside: NDArray[np.bool_]
) -> str | None:
    if not inside.any():
        return "no_exposure"
    if not outside.any() or after_outside.sum() == 0:
        return "no_comparison"
    return "no_events" if before.sum() == 0 else None


def _expected_draws(
    theta: FloatArray,
    inside: NDArray[np.bool_],
    exposed: FloatArray,
    after_outside: float,
    rng: np.random.Generator,
) -> FloatArray:
    """Draws of the expected count of the chosen units: their rates moved as those not chosen moved."""
    drift = rng.gamma(after_outside, size=len(theta)) / (theta[:, ~inside] @ exposed[~inside])
    return np.asarray((theta[:, inside] @ exposed[inside]) * drift)


def _regression_result(
    drawn: FloatArray,
    rng: np.random.Generator,
    before: float,
    exposed: float,
    *,
    observed: int,
    exposed_after: float,
    level: float,
) -> RegressionToMean:
    method, tails = "regression_to_mean", [(1 - require_level(level)) / 2, (1 + level) / 2]
    expected = float(drawn.mean())
    low, high = np.quantile(rng.poisson(drawn), tails)
    ratio_low, ratio_high = np.quantile(rng.gamma(observed + 0.5, size=drawn.size) / drawn, tails)
    rate_before = before / exposed
    fall = [
        1 - count / exposed_after / rate_before if rate_before else None for count in (observed, expected)
    ]
    return RegressionToMean(
        observed,
        Estimate(expected, low, high, round(before), f"{method}_prediction", level),
        Estimate(observed / expected, ratio_low, ratio_high, observed, method, level),
        fall[0],
        fall[1],
    )


def before_after(
    before: tuple[float, float],
    after: tuple[float, float],
    comparison_before: tuple[float, float] | None = None,
    comparison_after: tuple[float, float] | None = None,
    *,
    shares: bool = False,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> Comparison:
    """Ratio of rate ratios, after over before against the comparison; each pair is (count, exposure).

    Difference in differences on the log scale; Wald with 0.5 added where a count is 0 (`half_added`), its
    variance times `dispersion`. `shares`: an exposure counts once at most (inspections that find something),
    so that counts are binomial and vary less than Poisson's. Without a comparison the value is the plain rate
    ratio and `no_comparison` says that it is a change, not an effect.
    """
    if comparison_before is None or comparison_after is None:
        plain = rate_ratio(*after, *before, dispersion=dispersion, level=level)
        return Comparison(plain.estimate.warned("no_comparison"), plain.test)
    pairs = (after, before, comparison_before, comparison_after)
    counts, exposed = paired_counts([pair[0] for pair in pairs], [pair[1] for pair in pairs])
    method, n = "ratio_of_rate_ratios", round(float(counts.sum()))
    if (exposed == 0).any():
        return _incomparable(method, "no_exposure", n, level)
    padded = counts + 0.5 * bool((counts == 0).any())
    rates = np.log(padded / exposed)
    value = float(rates[0] - rates[1] + rates[2] - rates[3])
    variances = 1 / padded - (1 / exposed if shares else 0)
    error = float(np.sqrt(dispersion * np.clip(variances, 0, None).sum()))
    warnings = ("half_added",) if (counts == 0).any() else ()
    return _log_comparison(value, error, n, method, level=level, warnings=warnings)


def share_dispersion(parts: Sequence[tuple[ArrayLike, ArrayLike]]) -> float:
    """How much points vary beyond binomial chance around the share of their part, at least 1.

    Pearson's χ² over its degrees of freedom, pooled; each part has hits and trials of its points.
    """
    squares, points, groups = 0.0, 0, 0
    for hits, trials in parts:
        y, n = paired_counts(hits, trials)
        share = float(y.sum() / n.sum()) if n.sum() > 0 else 0.0
        if 0 < share < 1:
            used = n > 0
            squares += float(((y - n * share)[used] ** 2 / (n[used] * share * (1 - share))).sum())
            points, groups = points + int(used.sum()), groups + 1
    return max(1.0, squares / (points - groups)) if points > groups else 1.0


def stratified_rate_ratio(
    counts: ArrayLike,
    exposures: ArrayLike,
    other_counts: ArrayLike,
    other_exposures: ArrayLike,
    *,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> Comparison:
    """Rate inside over outside a campaign within the same sectors (Mantel–Haenszel), one entry a sector.

    Sectors seen on one side alone say nothing and are left out; with none left there is no comparison.
    Variance after Greenland & Robins 1985; n = events of both sides.
    """
    a, m = paired_counts(counts, exposures)
    b, k = paired_counts(other_counts, other_exposures)
    require_same_length(counts=a, other_counts=b)
    both = (m > 0) & (k > 0)
    a, m, b, k = a[both], m[both], b[both], k[both]
    method, n = "mantel_haenszel_rate_ratio", round(float(a.sum() + b.sum()))
    if a.size == 0:
        return _incomparable(method, "no_comparison", n, level)
    if n == 0:
        return _incomparable(method, "no_events", n, level)
    top, bottom = float((a * k / (m + k)).sum()), float((b * m / (m + k)).sum())
    if top == 0 or bottom == 0:
        sums = (float(x.sum()) for x in (a, m, b, k))
        return rate_ratio(*sums, dispersion=dispersion, level=level)
    variance = float(((a + b) * m * k / (m + k) ** 2).sum()) / (top * bottom)
    return _log_comparison(
        float(np.log(top / bottom)), (dispersion * variance) ** 0.5, n, method, level=level
    )


def _log_comparison(
    value: float, error: float, n: int, method: str, *, level: float, warnings: tuple[str, ...] = ()
) -> Comparison:
    """Ratio, Wald interval and test from a log ratio and its standard error."""
    half = stats.norm.isf((1 - require_level(level)) / 2) * error
    low, middle, high = (float(np.exp(x)) for x in (value - half, value, value + half))
    p = float(2 * stats.norm.sf(abs(value) / error))
    test = TestResult(value / error, p, n, "wald_log", None, ("independent",), warnings)
    return Comparison(Estimate(middle, low, high, n, method, level, warnings), test)


def _incomparable(method: str, reason: str, n: int, level: float) -> Comparison:
    return Comparison(unknown(method, reason, n=n, level=level), untested(method, reason, n=n))
