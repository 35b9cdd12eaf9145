"""Direction of a series: Mann–Kendall, Sen's slope, year on year; and what a series is long enough for."""

from dataclasses import dataclass
from itertools import permutations

import numpy as np
import pymannkendall
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from analysis.stats.inputs import FloatArray, as_counts, as_floats, require_level, require_same_length
from analysis.stats.results import Estimate, TestResult, unknown, untested

MIN_POINTS = 5  # with four points the smallest possible two-sided p is 0.083
MIN_YEARS_BY_SECTOR = 7
MIN_MONTHLY_MEAN = 5
EXACT_UP_TO = 50
ENUMERATED = 7  # 5,040 orders: ties are counted exactly up to here


@dataclass(frozen=True)
class Trend:
    """Sen's slope per unit of time with its interval, and the Mann–Kendall test; the statistic is S."""

    slope: Estimate
    test: TestResult


def mann_kendall(values: ArrayLike, times: ArrayLike | None = None, *, level: float = 0.95) -> Trend:
    """Monotone trend of a series in order of time (Mann 1945; Sen 1968); n = points that are not missing.

    The p is exact up to 50 points without ties and up to 7 with them, else the normal approximation
    corrected for ties. Below 5 points the code `few_points` says that no trend can be claimed.
    """
    series = as_floats(values, "values")
    when = np.arange(series.size, dtype=np.float64) if times is None else as_floats(times, "times")
    require_same_length(values=series, times=when)
    kept = np.isfinite(series)
    return Trend(sen_slope(series[kept], when[kept], level=level), _trend_test(series[kept]))


def sen_slope(values: FloatArray, times: FloatArray, *, level: float = 0.95) -> Estimate:
    """Median slope of all pairs of points, with Sen's interval; needs two different times."""
    method, n = "sen_slope", values.size
    if n < 2 or np.ptp(times) == 0:
        return unknown(method, "few_points", n=n, level=require_level(level))
    slope, _, low, high = stats.theilslopes(values, times, alpha=level)
    if n < MIN_POINTS:
        return Estimate(slope, None, None, n, method, level, ("few_points",))
    return Estimate(slope, min(low, slope), max(high, slope), n, method, level)


def _trend_test(series: FloatArray) -> TestResult:
    n, warnings = series.size, ("few_points",) if series.size < MIN_POINTS else ()
    if n < 2:
        return untested("mann_kendall", "few_points", n=n)
    score = kendall_score(series)
    method, p = _independent_p(series, score)
    return TestResult(score, p, n, method, assumptions=("independent",), warnings=warnings)


def kendall_score(series: FloatArray) -> float:
    """S: pairs that rise less pairs that fall."""
    differences = series[None, :] - series[:, None]
    return float(np.sign(differences[np.triu_indices(series.size, 1)]).sum())


def _independent_p(series: FloatArray, score: float) -> tuple[str, float]:
    tied = np.unique(series).size < series.size
    if not tied and series.size <= EXACT_UP_TO:
        p = stats.kendalltau(np.arange(series.size), series, method="exact").pvalue
        return "mann_kendall_exact", float(p)
    if series.size <= ENUMERATED:
        return "mann_kendall_exact", _enumerated_p(series, score)
    return "mann_kendall", float(pymannkendall.original_test(series).p)


def _enumerated_p(series: FloatArray, score: float) -> float:
    """Share of all orders of the values at least as far from 0 as this one."""
    orders = np.array(list(permutations(series)))
    first, second = np.triu_indices(series.size, 1)
    scores = np.sign(orders[:, second] - orders[:, first]).sum(axis=1)
    return float(np.mean(np.abs(scores) >= abs(score)))


def segments(times: ArrayLike, breaks: ArrayLike) -> NDArray[np.int_]:
    """Number of the segment each time falls in; a new one begins at each break (a changed standard)."""
    return np.searchsorted(np.sort(np.asarray(breaks)), np.asarray(times), side="right")


def yearly_trend_allowed(years: int, *, by_sector: bool) -> bool:
    """Whether a yearly trend may be tested: seven years for a sector, five for the county."""
    return years >= (MIN_YEARS_BY_SECTOR if by_sector else MIN_POINTS)


def pooled_quarters(monthly: ArrayLike) -> FloatArray:
    """Sums of three months each, from the first month on; an unfinished quarter is left out."""
    months = as_counts(monthly, "monthly")
    return np.asarray(months[: months.size // 3 * 3].reshape(-1, 3).sum(axis=1))
