"""Funnel plots: which units differ from the whole by more than chance and the usual spread allow.

Sources: Spiegelhalter 2005 (Statistics in Medicine 24:1185); Spiegelhalter et al. 2012 (JRSS A 175:1).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from analysis.stats.inputs import FloatArray, as_counts, require_level, require_same_length
from analysis.stats.results import TestResult, merge_warnings, untested

Form = Literal["log", "sqrt"]
ALERT, ALARM = 0.95, 0.998
MIN_UNITS_FOR_SPREAD = 5


@dataclass(frozen=True)
class Funnel:
    """Units of a funnel, in the order given; units without expected events have z = 0 and verdict `none`.

    `verdict`: high / low beyond the 99.8 % limits both of exact Poisson chance and of z adjusted for the
    usual spread (the stated rule for an outlier), alert_high / alert_low beyond 95 % of both, else within.
    `phi` is the plain mean z², `tau2` the variance between units on the scale of `form`, 0 where the spread
    is what chance gives.
    """

    ratio: FloatArray
    expected: FloatArray
    z: FloatArray
    adjusted_z: FloatArray
    verdict: tuple[str, ...]
    phi: float | None
    tau2: float
    form: Form
    dispersion_test: TestResult
    n: int
    warnings: tuple[str, ...]


def exact_limits(expected: ArrayLike, *, level: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Limits of each unit's ratio observed / expected by chance alone (exact Poisson), for expected > 0."""
    events, alpha = as_counts(expected, "expected"), 1 - require_level(level)
    low = stats.gamma.ppf(alpha / 2, events) / events
    return low, stats.gamma.isf(alpha / 2, events + 1) / events


def spread_limits(
    expected: ArrayLike, tau2: float, form: Form, *, level: float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Limits of each unit's ratio with the variance between units added, on the scale of `form`."""
    events = as_counts(expected, "expected")
    half = stats.norm.isf((1 - require_level(level)) / 2) * np.sqrt(_variance(events, form) + tau2)
    if form == "log":
        return np.exp(-half), np.exp(half)
    return np.clip(1 - half, 0, None) ** 2, (1 + half) ** 2


def limit_lines(found: "Funnel", design_effect: float = 1.0, points: int = 60) -> pd.DataFrame:
    """The wider of chance and usual spread at expected counts up to the largest, to draw.

    Returns:
        Columns expected (times the design effect), low95, high95, low998, high998, ascending.
    """
    known = found.expected[found.expected > 0]
    effective = np.geomspace(max(0.3, known.min() / 2), known.max() * 1.08, points)
    lines = {"expected": effective * design_effect}
    for name, level in (("95", ALERT), ("998", ALARM)):
        chance = exact_limits(effective, level=level)
        spread = spread_limits(effective, found.tau2, found.form, level=level)
        lines[f"low{name}"] = np.minimum(chance[0], spread[0])
        lines[f"high{name}"] = np.maximum(chance[1], spread[1])
    return pd.DataFrame(lines)


def funnel(
    observed: ArrayLike, expected: ArrayLike, *, form: Form = "sqrt", winsorise: float = 0.1
) -> Funnel:
    """Find z scores, their over-dispersion and the outliers among units.

    `form` sqrt is z = 2(√O − √E), which holds at zero; log is z = √E·ln(O/E), replaced by sqrt where a unit
    has no events (`zero_count_sqrt_form`). φ and τ² come from z winsorised by `winsorise` at either end, so
    that outliers do not widen the limits meant to find them. τ² (DerSimonian–Laird) is added only where φ
    exceeds what chance gives (χ² test at 5 %) and there are at least 5 units.
    """
    counts, events = as_counts(observed, "observed"), as_counts(expected, "expected")
    require_same_length(observed=counts, expected=events)
    used, zero = events > 0, bool(((counts == 0) & (events > 0)).any())
    chosen: Form = "sqrt" if zero else form
    z, ratio = np.zeros_like(events), np.zeros_like(events)
    ratio[used], z[used] = counts[used] / events[used], z_scores(counts[used], events[used], chosen)
    trimmed = winsorised(z[used], winsorise)
    test = dispersion_test(trimmed)
    tau2 = between_variance(trimmed, events[used], chosen) if test.significant() else 0.0
    adjusted = np.zeros_like(z)
    variance = _variance(events[used], chosen)
    adjusted[used] = z[used] * np.sqrt(variance / (variance + tau2))
    warnings = _funnel_warnings(form, zero, bool((~used).any()), int(used.sum()))
    return Funnel(
        ratio,
        events,
        z,
        adjusted,
        tuple(_verdict(*unit) for unit in zip(counts, events, adjusted, strict=True)),
        float(np.mean(z[used] ** 2)) if used.any() else None,
        tau2,
        chosen,
        test,
        int(used.sum()),
        merge_warnings(warnings),
    )


def z_scores(observed: FloatArray, expected: FloatArray, form: Form) -> FloatArray:
    """Distance of each unit from the whole in standard deviations of chance; expected > 0."""
    if form == "log":
        return np.asarray(np.sqrt(expected) * np.log(observed / expected))
    return 2 * (np.sqrt(observed) - np.sqrt(expected))


def winsorised(z: FloatArray, share: float) -> FloatArray:
    """Each z, with the `share` of them at either end pulled in to the quantile there.

    Raises:
        ValueError: ``share`` does not lie in [0, 0.5).
    """
    if not 0 <= share < 0.5:
        raise ValueError(f"winsorise must lie in [0, 0.5), got {share}")
    return np.clip(z, *np.quantile(z, [share, 1 - share])) if z.size else z


def dispersion_test(z: FloatArray) -> TestResult:
    """Whether Σz² exceeds what chance gives (χ² on n − 1 degrees); the statistic is φ = mean z²."""
    method = "chi_square_dispersion"
    if z.size < MIN_UNITS_FOR_SPREAD:
        return untested(method, "few_units", n=z.size)
    p = float(stats.chi2.sf(np.sum(z**2), z.size - 1))
    return TestResult(float(np.mean(z**2)), p, z.size, method, assumptions=("poisson",))


def between_variance(z: FloatArray, expected: FloatArray, form: Form) -> float:
    """τ², the variance between units, by DerSimonian & Laird from z scores."""
    weight = 1 / _variance(expected, form)
    excess = np.sum(z**2) - (z.size - 1)
    return max(0.0, float(excess / (weight.sum() - (weight**2).sum() / weight.sum())))


def _variance(expected: FloatArray, form: Form) -> FloatArray:
    """Variance of ln(O/E), or of √(O/E), by chance."""
    return 1 / expected if form == "log" else 1 / (4 * expected)


def _verdict(count: float, expected: float, z: float) -> str:
    if expected == 0:
        return "none"
    side = "high" if count > expected else "low"
    tail = stats.poisson.sf(count - 1, expected) if side == "high" else stats.poisson.cdf(count, expected)
    unusual = min(abs(z), float(stats.norm.isf(tail)))
    if unusual > stats.norm.isf((1 - ALARM) / 2):
        return side
    return f"alert_{side}" if unusual > stats.norm.isf((1 - ALERT) / 2) else "within"


def _funnel_warnings(form: Form, zero: bool, unexposed: bool, units: int) -> tuple[str, ...]:
    codes = {
        "zero_count_sqrt_form": zero and form == "log",
        "no_expected": unexposed,
        "few_units": units < MIN_UNITS_FOR_SPREAD,
    }
    return tuple(code for code, holds in codes.items() if holds)
