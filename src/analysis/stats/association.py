"""Do events follow their exposure? χ² with residuals that say which sectors do not."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.stats.inputs import (
    FloatArray,
    number,
    paired_counts,
)
from analysis.stats.multiplicity import Correction, adjust
from analysis.stats.results import TestResult, merge_warnings, untested

MIN_EXPECTED = 5


@dataclass(frozen=True)
class Association:
    """χ² test, expected counts, and one standardised residual (with its adjusted test) per cell.

    Cells without exposure have expected 0 and an untested residual.
    """

    test: TestResult
    expected: FloatArray
    residuals: tuple[TestResult, ...]


def against_exposure(
    counts: ArrayLike,
    exposures: ArrayLike,
    *,
    design_effect: float = 1.0,
    correction: Correction = "holm",
    draws: int = 9999,
    seed: int = 0,
) -> Association:
    """Test whether events are spread over sectors as their exposure is (goodness of fit).

    With an expected count below 5 the p is Monte Carlo (`draws` multinomial tables, seeded) and the code
    `expected_below_5` is set. `design_effect` (≥ 1, see clusters) divides χ² as in Rao & Scott 1981, first
    order. Residuals are adjusted (Haberman 1973) and their tests corrected for their number.
    """
    events, exposed = paired_counts(counts, exposures)
    used, n = exposed > 0, round(float(events.sum()))
    lost = ("events_without_exposure",) if events[~used].sum() > 0 else ()
    total, method = float(events[used].sum()), "chi_square"
    if used.sum() < 2 or total == 0:
        reason = "no_events" if total == 0 and used.any() else "one_sector" if used.any() else "no_exposure"
        blank = tuple(untested("standardised_residual", reason) for _ in events)
        return Association(untested(method, reason, *lost, n=n), np.zeros_like(exposed), blank)
    share = np.where(used, exposed / exposed.sum(), 0)
    expected = total * share
    test = _fit_test(events[used], expected[used], design_effect, draws, seed)
    residuals = _fit_residuals(events, expected, share, design_effect)
    warned = replace(test, warnings=merge_warnings(test.warnings, lost))
    return Association(warned, expected, adjust(residuals, correction))


def _fit_test(
    events: FloatArray, expected: FloatArray, design_effect: float, draws: int, seed: int
) -> TestResult:
    statistic, n = float(_chi_square(events, expected)), round(float(events.sum()))
    if expected.min() >= MIN_EXPECTED:
        p = float(stats.chi2.sf(statistic / design_effect, events.size - 1))
        return TestResult(statistic, p, n, "chi_square", assumptions=("independent_events",))
    # fewer, independent events stand for the clustered ones, so that the table keeps its design effect
    effective = max(1, round(n / design_effect))
    tables = np.random.default_rng(seed).multinomial(effective, expected / expected.sum(), size=draws)
    drawn = _chi_square(tables.astype(np.float64), expected * (effective / n))
    p = _monte_carlo_p(drawn, statistic / design_effect)
    return TestResult(statistic, p, n, "chi_square_monte_carlo", warnings=("expected_below_5",))


def _chi_square(events: FloatArray, expected: FloatArray) -> FloatArray:
    return np.asarray(((events - expected) ** 2 / expected).sum(axis=-1))


def _monte_carlo_p(drawn: FloatArray, statistic: float) -> float:
    """Share of tables at least as extreme, the observed one counted (Davison & Hinkley 1997, 4.2)."""
    return float((1 + (drawn >= statistic * (1 - 1e-9)).sum()) / (1 + drawn.size))


def _fit_residuals(
    events: FloatArray, expected: FloatArray, share: FloatArray, design_effect: float
) -> tuple[TestResult, ...]:
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (events - expected) / np.sqrt(expected * (1 - share) * design_effect)
    return tuple(_residual(value, count) for value, count in zip(z, events, strict=True))


def _residual(z: float, count: float) -> TestResult:
    if number(z) is None:
        return untested("standardised_residual", "no_exposure", n=round(float(count)))
    p = float(2 * stats.norm.sf(abs(z)))
    return TestResult(float(z), p, round(float(count)), "standardised_residual")
