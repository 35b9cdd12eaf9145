"""One year ahead: the main rates and the open backlog, with prediction intervals scored on the last year.

The backlog's months are resampled in blocks taken round the end of the series (circular block bootstrap,
Politis & Romano 1992).
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike
from scipy import stats

from analysis.stats.inputs import FloatArray, as_counts, paired_counts, require_level, require_same_length
from analysis.stats.results import Estimate, unknown

YEAR = 12
YEARS_USED = 3
BLOCK = 3  # months resampled together, so that a busy quarter stays one


@dataclass(frozen=True)
class Score:
    """How the same method, blind to the last year, did on it; `naive_error` repeats the year before."""

    predicted: Estimate
    actual: float
    inside: bool
    error: float
    naive_error: float

    def scaled(self, factor: float) -> "Score":
        """Give the same score in another unit (`factor` > 0)."""
        return replace(
            self,
            predicted=self.predicted.scaled(factor),
            actual=self.actual * factor,
            error=self.error * factor,
            naive_error=self.naive_error * factor,
        )


@dataclass(frozen=True)
class Outlook:
    """Prediction for the year ahead (its interval is for the observation) and its score, None if untried."""

    prediction: Estimate
    score: Score | None

    def scaled(self, factor: float) -> "Outlook":
        """Give the same outlook in another unit (`factor` > 0)."""
        return Outlook(self.prediction.scaled(factor), self.score and self.score.scaled(factor))


def rate_outlook(
    counts: ArrayLike, exposures: ArrayLike, next_exposure: float, *, level: float = 0.95
) -> Outlook:
    """Next year's rate from yearly counts, in order of time: pooled rate of the last three years.

    Negative-binomial interval: Poisson noise, the rate's own uncertainty, and the variation between all
    years given (Pearson dispersion, at least 1). Assumes no trend; at least two years with exposure.
    n = years used.
    """
    events, exposed = paired_counts(counts, exposures)
    used = exposed > 0
    y, x = events[used], exposed[used]
    prediction = _predict_rate(y, x, next_exposure, level)
    if y.size < 3:
        return Outlook(prediction, None)
    blind = _predict_rate(y[:-1], x[:-1], float(x[-1]), level)
    return Outlook(prediction, _score(blind, float(y[-1] / x[-1]), float(y[-2] / x[-2])))


def _predict_rate(y: FloatArray, x: FloatArray, next_exposure: float, level: float) -> Estimate:
    method = "pooled_rate_prediction"
    spread = _spread_between_years(y, x, level)
    y, x = y[-YEARS_USED:], x[-YEARS_USED:]
    if y.size < 2 or next_exposure <= 0:
        reason = "few_years" if y.size < 2 else "no_exposure"
        return unknown(method, reason, n=y.size, level=level)
    centre = float(y.sum() / x.sum())
    tail = (1 - require_level(level)) / 2
    shape, odds = (y.sum() + 0.5) / spread, next_exposure / x.sum()
    low, high = (stats.nbinom.ppf(q, shape, 1 / (1 + odds)) * spread for q in (tail, 1 - tail))
    low, high = min(low / next_exposure, centre), max(high / next_exposure, centre)
    return Estimate(centre, low, high, y.size, method, level, () if y.size >= YEARS_USED else ("few_years",))


def _spread_between_years(y: FloatArray, x: FloatArray, level: float) -> float:
    """Pearson dispersion over all years (at least 1), stretched as Student's t for being known so badly."""
    if y.size < 2 or y.sum() == 0:
        return 1.0
    expected, freedom = x * (y.sum() / x.sum()), y.size - 1
    tail = (1 - require_level(level)) / 2
    stretch = float((stats.t.isf(tail, freedom) / stats.norm.isf(tail)) ** 2)
    return max(1.0, stretch * float(((y - expected) ** 2 / expected).sum()) / freedom)


def backlog_outlook(
    found: ArrayLike,
    closed: ArrayLike,
    open_now: float,
    *,
    level: float = 0.95,
    draws: int = 4000,
    seed: int = 0,
) -> Outlook:
    """Number open a year from now, from monthly counts found and closed (in order) and what is open now.

    Past months' net changes, resampled in blocks of three, are added up from today's backlog, never below
    zero; a second resample carries the uncertainty of their mean. Assumes the months to come resemble the
    last two years. n = months used; at least 12.
    """
    inflow, outflow = as_counts(found, "found"), as_counts(closed, "closed")
    require_same_length(found=inflow, closed=outflow)
    net = inflow - outflow
    predict = partial(_predict_backlog, level=level, draws=draws, seed=seed)
    prediction = predict(net, open_now)
    if net.size < 2 * YEAR:
        return Outlook(prediction, None)
    start = open_now - float(net[-YEAR:].sum())
    return Outlook(prediction, _score(predict(net[:-YEAR], max(0.0, start)), open_now, start))


def _predict_backlog(net: FloatArray, start: float, *, level: float, draws: int, seed: int) -> Estimate:
    method, past = "block_bootstrap_backlog", net[-2 * YEAR :]
    if past.size < YEAR:
        return unknown(method, "few_points", n=past.size, level=level)
    rng = np.random.default_rng(seed)
    tail = (1 - require_level(level)) / 2
    past = past.mean() + _short_series_stretch(past.size, tail) * (past - past.mean())
    mean_error = _resampled_months(past, past.size // BLOCK, draws, rng).mean(axis=1) - past.mean()
    months = _resampled_months(past, YEAR // BLOCK, draws, rng) + mean_error[:, None]
    level_now = np.full(draws, float(start))
    for month in months.T:
        level_now = np.maximum(0.0, level_now + month)
    low, high = np.quantile(level_now, [tail, 1 - tail])
    return Estimate(float(np.median(level_now)), low, high, past.size, method, level)


def _short_series_stretch(n: int, tail: float) -> float:
    """Make up for what blocks of a short series miss of its variance, and for not knowing that variance."""
    student = float(stats.t.isf(tail, n - 1) / stats.norm.isf(tail))
    return float(student * (n / (n - BLOCK)) ** 0.5)


def _resampled_months(past: FloatArray, blocks: int, draws: int, rng: np.random.Generator) -> FloatArray:
    """Months (draws × 3·blocks) made of blocks from the past, taken round its end (circular)."""
    first = rng.integers(0, past.size, size=(draws, blocks))
    return np.asarray(past[(first[:, :, None] + np.arange(BLOCK)) % past.size].reshape(draws, -1))


def _score(predicted: Estimate, actual: float, before: float) -> Score | None:
    if predicted.value is None or predicted.low is None or predicted.high is None:
        return None
    inside = predicted.low <= actual <= predicted.high
    return Score(predicted, actual, inside, abs(predicted.value - actual), abs(before - actual))
