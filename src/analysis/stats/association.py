"""Do events follow their exposure? χ² with residuals that say which sectors do not."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.stats.inputs import (
    FloatArray,
    as_floats,
    number,
    paired_counts,
    require_level,
    require_same_length,
)
from analysis.stats.multiplicity import Correction, adjust
from analysis.stats.results import Estimate, TestResult, merge_warnings, unknown, untested

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


def contingency(
    table: ArrayLike,
    *,
    design_effect: ArrayLike = 1.0,
    correction: Correction = "fdr_bh",
    draws: int = 9999,
    seed: int = 0,
) -> Association:
    """Test whether rows and columns of a table of counts are independent; residuals row by row.

    Empty rows and columns are left out of the test. Monte Carlo (margins fixed, Patefield 1981) where an
    expected count is below 5. `design_effect` (≥ 1, see clusters; one, or one a row) divides the squares of
    the residuals, and its mean over the events χ² as in Rao & Scott 1981, first order; the simulated tables
    keep the margins as they are, so theirs is compared with the divided χ².
    """
    cells = np.asarray(table, dtype=np.float64)
    if cells.ndim != 2 or (cells < 0).any() or not np.isfinite(cells).all():
        raise ValueError("table: two dimensions of non-negative counts expected")
    kept = np.ix_(cells.sum(axis=1) > 0, cells.sum(axis=0) > 0)
    full, n = cells[kept], round(float(cells.sum()))
    if min(full.shape, default=0) < 2:
        blank = tuple(untested("standardised_residual", "one_category") for _ in cells.ravel())
        return Association(untested("chi_square", "one_category", n=n), np.zeros_like(cells), blank)
    expected = np.zeros_like(cells)
    expected[kept] = stats.contingency.expected_freq(full)
    effects = np.broadcast_to(np.asarray(design_effect, dtype=np.float64), cells.shape[:1])
    mean_effect = float(np.average(effects, weights=cells.sum(axis=1)))
    test = _independence_test(full, expected[kept], mean_effect, draws, seed)
    residuals = _table_residuals(cells, expected, n, effects[:, None])
    return Association(test, expected, adjust(residuals, correction))


def _independence_test(
    full: FloatArray, expected: FloatArray, design_effect: float, draws: int, seed: int
) -> TestResult:
    statistic, n = float(((full - expected) ** 2 / expected).sum()), round(float(full.sum()))
    if expected.min() >= MIN_EXPECTED:
        p = float(stats.chi2.sf(statistic / design_effect, (full.shape[0] - 1) * (full.shape[1] - 1)))
        return TestResult(statistic, p, n, "chi_square", assumptions=("independent_events",))
    rows, columns = (full.sum(axis=axis).astype(int) for axis in (1, 0))
    tables = stats.random_table(rows, columns).rvs(draws, random_state=np.random.default_rng(seed))
    p = _monte_carlo_p(((tables - expected) ** 2 / expected).sum(axis=(1, 2)), statistic / design_effect)
    return TestResult(statistic, p, n, "chi_square_monte_carlo", warnings=("expected_below_5",))


def _table_residuals(
    cells: FloatArray, expected: FloatArray, n: int, design_effect: FloatArray
) -> tuple[TestResult, ...]:
    rows, columns = cells.sum(axis=1, keepdims=True) / n, cells.sum(axis=0, keepdims=True) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (cells - expected) / np.sqrt(expected * (1 - rows) * (1 - columns) * design_effect)
    return tuple(_residual(value, count) for value, count in zip(z.ravel(), cells.ravel(), strict=True))


def rank_correlation(x: ArrayLike, y: ArrayLike, *, level: float = 0.95) -> Estimate:
    """Spearman's rank correlation with the interval of Bonett & Wright 2000; n = pairs.

    Fewer than four pairs, or one side without any difference, have none (``few_points``).
    """
    one, other = as_floats(x, "x"), as_floats(y, "y")
    require_same_length(x=one, y=other)
    n, method = len(one), "spearman"
    if n < 4 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return unknown(method, "few_points", n=n, level=level)
    value = float(stats.spearmanr(one, other).statistic)
    if abs(value) > 1 - 1e-12:
        return Estimate(value, None, None, n, method, level)
    half = float(stats.norm.isf((1 - require_level(level)) / 2)) * ((1 + value**2 / 2) / (n - 3)) ** 0.5
    low, high = np.tanh(np.arctanh(value) + np.array([-half, half]))
    return Estimate(value, float(low), float(high), n, method, level)
