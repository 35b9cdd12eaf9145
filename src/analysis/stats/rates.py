"""Rates and proportions with intervals that hold at small counts, and their ratios."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from analysis.stats.inputs import FloatArray, paired_counts, require_level
from analysis.stats.results import Comparison, Estimate, TestResult, unknown, untested

CountMethod = Literal["auto", "exact", "byar", "score"]
BYAR_FROM = 10  # Public Health England's convention: exact below ten events, Byar from ten up


def rate(
    count: float,
    exposure: float = 1.0,
    *,
    per: float = 1.0,
    level: float = 0.95,
    method: CountMethod = "auto",
) -> Estimate:
    """Events per `per` units of exposure with a Poisson interval; n = events. A bare count has exposure 1.

    exact: Garwood 1936; byar: Breslow & Day 1987; score: Rao. `auto` is exact below 10 events, else Byar.
    Without exposure there is no rate (`no_exposure`).

    Raises:
        ValueError: A count or an exposure is negative or not finite, or the level is no share.
    """
    _require_count(count, exposure)
    chosen = _chosen_method(count, method)
    if exposure == 0:
        return unknown(chosen, "no_exposure", n=round(count), level=level)
    low, high = poisson_limits(count, level=level, method=chosen)
    warnings = ("no_events",) if count == 0 else ()
    estimate = Estimate(count, low, high, round(count), chosen, level, warnings)
    return estimate.scaled(per / exposure)


def rates(
    counts: ArrayLike,
    exposures: ArrayLike,
    *,
    per: float = 1.0,
    level: float = 0.95,
    method: CountMethod = "auto",
) -> tuple[Estimate, ...]:
    """Apply `rate` to each pair."""
    pairs = zip(*paired_counts(counts, exposures), strict=True)
    return tuple(rate(c, e, per=per, level=level, method=method) for c, e in pairs)


def poisson_limits(count: float, *, level: float = 0.95, method: CountMethod = "auto") -> tuple[float, float]:
    """Limits of a Poisson mean; `count` may be an effective (fractional) count."""
    alpha = 1 - require_level(level)
    chosen = _chosen_method(count, method)
    if chosen == "byar":
        return _byar(count, alpha)
    low, high = confint_poisson(count, 1.0, method="exact-c" if chosen == "exact" else "score", alpha=alpha)
    return float(low), float(high)


def _byar(count: float, alpha: float) -> tuple[float, float]:
    """Byar's approximation of the exact limits (Breslow & Day 1987, eq. 2.13)."""
    z, above = float(stats.norm.isf(alpha / 2)), count + 1
    low = count * (1 - 1 / (9 * count) - z / (3 * count**0.5)) ** 3 if count > 0 else 0.0
    return low, above * (1 - 1 / (9 * above) + z / (3 * above**0.5)) ** 3


def _chosen_method(count: float, method: CountMethod) -> CountMethod:
    return method if method != "auto" else "exact" if count < BYAR_FROM else "byar"


def proportion(successes: float, trials: float, *, level: float = 0.95) -> Estimate:
    """Share with its interval (Wilson 1927); n = trials.

    More successes than trials (coverage above 100 %) is shown without an interval: `above_one`.

    Raises:
        ValueError: A number is negative or not finite, or the level is no share.
    """
    _require_count(successes, trials)
    alpha = 1 - require_level(level)
    if trials == 0:
        return unknown("wilson", "no_exposure", level=level)
    if successes > trials:
        return Estimate(successes / trials, None, None, round(trials), "wilson", level, ("above_one",))
    low, high = proportion_confint(successes, trials, alpha=alpha, method="wilson")
    share = successes / trials
    return Estimate(share, min(float(low), share), max(float(high), share), round(trials), "wilson", level)


def rate_ratio(
    count: float,
    exposure: float,
    reference_count: float,
    reference_exposure: float,
    *,
    dispersion: float = 1.0,
    level: float = 0.95,
) -> Comparison:
    """Ratio of two Poisson rates, exact given the sum of the counts; n = both counts.

    The interval is Clopper–Pearson's of the share, the p doubles the smaller tail, so both always agree.
    Counts are divided by `dispersion` (≥ 1, a design effect) before either. Where the reference has no
    events the ratio has no value, but a lower limit and a p. Source: Przyborowski & Wilenski 1940.

    Raises:
        ValueError: ``dispersion`` is below 1, or a count or exposure is negative.
    """
    _require_count(count, exposure)
    _require_count(reference_count, reference_exposure)
    if dispersion < 1:
        raise ValueError(f"dispersion must be at least 1, got {dispersion}")
    total, method = round(count + reference_count), "exact_conditional"
    if exposure == 0 or reference_exposure == 0 or total == 0:
        reason = "no_events" if total == 0 else "no_exposure"
        return Comparison(unknown(method, reason, n=total, level=level), untested(method, reason, n=total))
    odds = exposure / reference_exposure
    a, b = count / dispersion, reference_count / dispersion
    low, high = _conditional_limits(a, b, odds, 1 - require_level(level))
    value = None if reference_count == 0 else (count / reference_count) / odds
    warnings = ("reference_zero",) if reference_count == 0 else ("no_events",) if count == 0 else ()
    test = TestResult(
        value, _conditional_p(a, b, odds / (1 + odds)), total, method, assumptions=("poisson", "independent")
    )
    return Comparison(Estimate(value, low, high, total, method, level, warnings), test)


def _conditional_limits(a: float, b: float, odds: float, alpha: float) -> tuple[float, float | None]:
    """Clopper–Pearson limits of a/(a+b), turned into limits of the rate ratio."""
    low = float(stats.beta.ppf(alpha / 2, a, b + 1)) if a > 0 else 0.0
    high = float(stats.beta.isf(alpha / 2, a + 1, b)) if b > 0 else 1.0
    return low / (1 - low) / odds, high / (1 - high) / odds if high < 1 else None


def _conditional_p(a: float, b: float, share: float) -> float:
    """Twice the smaller binomial tail, written with the beta function so that counts may be effective."""
    at_most = float(stats.beta.sf(share, a + 1, b)) if b > 0 else 1.0
    at_least = float(stats.beta.cdf(share, a, b + 1)) if a > 0 else 1.0
    return min(1.0, 2 * min(at_most, at_least))


def expected_counts(counts: ArrayLike, exposures: ArrayLike) -> FloatArray:
    """Give the counts to be expected if every unit had the overall rate (indirect standardisation)."""
    observed, exposed = paired_counts(counts, exposures)
    return exposed * (observed.sum() / exposed.sum()) if exposed.sum() > 0 else np.zeros_like(exposed)


def standardised_ratio(observed: float, expected: float, *, level: float = 0.95) -> Estimate:
    """Observed over expected events (as in an SMR), the expected taken as known; n = observed."""
    estimate = rate(observed, expected, level=level)
    return estimate if estimate.known else unknown(estimate.method, "no_expected", n=estimate.n, level=level)


def _require_count(count: float, exposure: float) -> None:
    if not (np.isfinite(count) and np.isfinite(exposure) and count >= 0 and exposure >= 0):
        raise ValueError(f"counts and exposures must be non-negative numbers, got {count} / {exposure}")
